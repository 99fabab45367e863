/** The ports that the stack's Services listen on. */
export const ports = {
  otlpGrpc: 4317,
  otlpHttp: 4318,
  /** The collector's own metrics, in Prometheus' text format. */
  collectorMetrics: 8888,
  /** The collector's `health_check` extension. */
  collectorHealth: 13133,
  /** What a collector has accepted, and what it has merged; on loopback, for itself. */
  collectorAccepted: 14318,
  collectorMerged: 14319,
  /** The copies for a distributed store; on loopback, for itself. */
  collectorRemote: 14320,
  /** What leaves a queue for Prometheus; on loopback, for itself. */
  collectorOutgoing: 14321,
  prometheus: 9090,
  loki: 3100,
  tempo: 3200,
  grafana: 3000,
} as const;
