/** Values that every stack in production has to be given, for tests that are about something else. */
export const productionValues = {
  grafanaUrl: "https://grafana.monitoring.test",
  otlpHttpUrl: "https://otlp.monitoring.test",
  otlpGrpcUrl: "https://otlp-grpc.monitoring.test",
  grafanaDatabaseKey: "generated",
} as const;
