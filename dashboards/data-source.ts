/** The Prometheus data source, declared once through the provider and referred to by every panel. */
export const prometheusDataSource = {
  uid: "claude-code-monitoring-prometheus",
  name: "Claude Code Prometheus",
  /** Clients export once a minute: shorter steps only make gaps. */
  minimumStep: "1m",
} as const;

/** How panels and variables refer to it. */
export const prometheusReference = { type: "prometheus", uid: prometheusDataSource.uid } as const;
