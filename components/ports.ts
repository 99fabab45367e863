/** The ports that the stack's Services listen on. */
export const ports = {
  otlpGrpc: 4317,
  otlpHttp: 4318,
  /** The collector's own metrics, in Prometheus' text format. */
  collectorMetrics: 8888,
  /** The collector's `health_check` extension. */
  collectorHealth: 13133,
  prometheus: 9090,
  grafana: 3000,
} as const;
