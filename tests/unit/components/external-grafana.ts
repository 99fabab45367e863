/** Configuration of a stack whose dashboards are in a Grafana outside the cluster. */
export const externalGrafana = {
  "grafana.deployment": "external",
  grafanaUrl: "https://grafana.monitoring.test",
  "grafana.auth": "glsa_token",
  "network.readerNamespaces": ["monitoring"],
} as const;

/** Configuration of a stack that only declares dashboards, for metrics that somebody else collects. */
export const dashboardsOnly = {
  ...externalGrafana,
  collection: "none",
  "grafana.prometheusDataSourceUid": "theirs",
} as const;
