/** Configuration of a stack whose dashboards are in a Grafana outside the cluster. */
export const externalGrafana = {
  grafana: "external",
  grafanaUrl: "https://grafana.monitoring.test",
  grafanaAuth: "glsa_token",
  readerNamespaces: "monitoring",
} as const;

/** Configuration of a stack that only declares dashboards, for metrics that somebody else collects. */
export const dashboardsOnly = { ...externalGrafana, collection: "none", grafanaDataSourceUid: "theirs" } as const;
