import * as pulumi from "@pulumi/pulumi";

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
    /** Leads to Prometheus only while it has room to store what it is sent. */
    prometheusWrite: `${prefix}-prometheus-write`,
    loki: `${prefix}-loki`,
    tempo: `${prefix}-tempo`,
    grafana: `${prefix}-grafana`,
    /** Secret with the certificate that cert-manager issues. */
    tlsSecret: `${prefix}-tls`,
  } as const;
}

/** URL of a Service inside the cluster; others are told before the Service exists. */
export function serviceUrl(name: string, namespace: pulumi.Input<string>, port: number): pulumi.Output<string> {
  return pulumi.interpolate`http://${name}.${namespace}.svc:${port}`;
}

/** The fixed name of a store's backups, e.g. `prod-prometheus-backup`: of the CronJob and of the volume. */
export function backupName(prefix: string, store: "prometheus" | "loki" | "grafana"): string {
  return `${serviceNames(prefix)[store]}-backup`;
}
