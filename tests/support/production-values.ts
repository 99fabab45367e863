/** Values that every stack in production has to be given, by path, for tests that are about something else. */
export const productionValues = {
  grafanaUrl: "https://grafana.monitoring.test",
  otlpHttpUrl: "https://otlp.monitoring.test",
  otlpGrpcUrl: "https://otlp-grpc.monitoring.test",
  "grafana.databaseKey": "generated",
} as const;
