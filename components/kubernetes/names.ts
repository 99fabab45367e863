import * as pulumi from "@pulumi/pulumi";

import type { Place } from "./labels";
import { ports } from "./ports";

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

/** URLs of the stores inside the cluster; others are told before the Services exist. */
export function storeUrls({ namePrefix, namespace }: Place) {
  const names = serviceNames(namePrefix);
  const url = (name: string, port: number) => pulumi.interpolate`http://${name}.${namespace}.svc:${port}`;
  // Every request looks the name up. The namespace's own domain comes first: two queries, where other forms take six.
  const fromWithin = (name: string, port: number, path = "") => `http://${name}:${port}${path}`;
  return {
    prometheus: url(names.prometheus, ports.prometheus),
    loki: url(names.loki, ports.loki),
    tempo: url(names.tempo, ports.tempo),
    /** Of Prometheus' remote-write receiver, for pods of the stack's own namespace. */
    remoteWrite: fromWithin(names.prometheusWrite, ports.prometheus, "/api/v1/write"),
    /**
     * Base URLs of the OTLP receivers, for pods of the stack's own namespace. Exporters append `/v1/metrics`, `/v1/logs`
     * and `/v1/traces`.
     */
    otlp: {
      prometheus: fromWithin(names.prometheusWrite, ports.prometheus, "/api/v1/otlp"),
      loki: fromWithin(names.loki, ports.loki, "/otlp"),
      tempo: fromWithin(names.tempo, ports.otlpHttp),
    },
  };
}

/** The fixed name of the job that reads the provider's bill, e.g. `prod-bill`. */
export function billName(prefix: string): string {
  return `${prefix}-bill`;
}

/** The fixed name of the job that mails the month's report, e.g. `prod-report`. */
export function reportName(prefix: string): string {
  return `${prefix}-report`;
}

/** The fixed name of a store's backups, e.g. `prod-prometheus-backup`: of the CronJob and of the volume. */
export function backupName(prefix: string, store: "prometheus" | "loki" | "grafana"): string {
  return `${serviceNames(prefix)[store]}-backup`;
}
