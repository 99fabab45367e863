/** The ports that the stack's Services listen on. */
export const ports = {
  otlpGrpc: 4317,
  otlpHttp: 4318,
  /** The collector's own metrics, in Prometheus' text format. */
  collectorMetrics: 8888,
  /** The collector's `health_check` extension. */
  collectorHealth: 13133,
  /** The collector's own stages for accepted events, accepted spans and merged data; on loopback. */
  collectorAccepted: 14318,
  collectorAcceptedSpans: 14322,
  collectorMerged: 14319,
  /** The copies for a distributed store; on loopback, for itself. */
  collectorRemote: 14320,
  /** The collector's own stage between its queue and Prometheus; on loopback. */
  collectorOutgoing: 14321,
  prometheus: 9090,
  loki: 3100,
  tempo: 3200,
  grafana: 3000,
} as const;
