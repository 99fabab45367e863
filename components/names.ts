/**
 * The fixed names of a stack's Services, and of the workloads and volumes behind them. Fixed, because URLs, volumes and
 * people refer to them.
 *
 * @param prefix the stack's own part, e.g. `dev` for `dev-prometheus`
 */
export function serviceNames(prefix: string) {
  return {
    collector: `${prefix}-otel-collector`,
    /** Resolves to every replica. */
    collectorReplicas: `${prefix}-otel-collector-replicas`,
    prometheus: `${prefix}-prometheus`,
    grafana: `${prefix}-grafana`,
  } as const;
}
