import type { EventStoreArgs } from "../components/stores/event-store";
import type { PrometheusArgs } from "../components/prometheus/prometheus";
import type { Place } from "../components/kubernetes/labels";
import { serviceNames } from "../components/kubernetes/names";
import { ports } from "../components/kubernetes/ports";
import { checkedDayEnd, longestLateness } from "../dashboards/rollups/levels";
import { recordingRules } from "../dashboards/rollups/rules";
import { day, formatDuration } from "../units";
import { type Bill, billLateness } from "./bill";
import type { Collection } from "./collection";
import { type Exposure, servingTlsSecret } from "./exposure";
import { type General, storeArgs } from "./general";
import type { Grafana } from "./grafana";
import * as value from "./values";

export const title = "Prometheus, Loki and Tempo";

const storeResources = value.resources({ cpuRequest: "250m", cpuLimit: "2", memory: "2Gi" });

export const schema = {
  prometheus: value.group({
    storage: value.quantity
      .prefault("50Gi")
      .describe("Prometheus' volume; blocks may fill four fifths of it, then the oldest go"),
    retention: value.duration.prefault("400d").describe("How long Prometheus keeps samples, raw and rolled up"),
    outOfOrderWindow: value.duration
      .prefault("30h")
      .describe(
        "How late a sample may reach Prometheus and still be counted, in roll-ups too; `collector.clockBehindTolerance` plus the longest outage to survive without loss",
      ),
    adminApi: value.bool
      .prefault("false")
      .describe(
        "Whether Prometheus' admin API is on, by which `npm run demo -- --remove` deletes; anyone who reaches Prometheus could, and whoever may look in Grafana, so that production refuses it",
      ),
    resources: value.resources({ cpuRequest: "500m", cpuLimit: "2", memory: "4Gi" }),
  }),
  loki: value.group({
    enabled: value.bool
      .prefault("true")
      .describe("Whether Loki is deployed with the collector, and events are kept one by one"),
    storage: value.quantity
      .prefault("50Gi")
      .describe("Loki's volume; Loki deletes by age only, so that it must hold `loki.retention`"),
    retention: value.duration.prefault("90d").describe("How long Loki keeps events; at least 24h"),
    resources: storeResources,
  }),
  tempo: value.group({
    enabled: value.bool.prefault("true").describe("Whether Tempo is deployed with the collector, and traces are kept"),
    storage: value.quantity
      .prefault("50Gi")
      .describe("Tempo's volume; Tempo deletes by age only, so that it must hold `tempo.retention`"),
    retention: value.duration.prefault("30d").describe("How long Tempo keeps traces"),
    resources: storeResources,
  }),
};

export type Storage = value.ValuesOf<typeof schema>;

/** Stores that may be left out. */
export const eventStores = ["loki", "tempo"] as const;
type EventStore = (typeof eventStores)[number];

/** Loki refuses to start with less. */
const shortestLokiRetention = day;

/** A store must keep data for longer than data may be late, and Prometheus what its roll-ups read. */
export function contradictions({ collector, prometheus, ...stores }: Storage & Collection): string[] {
  const { outOfOrderWindow: lateness, retention } = prometheus;
  const problems: string[] = [];
  if (lateness <= collector.clockBehindTolerance) {
    problems.push(
      "prometheus.outOfOrderWindow: found no more than collector.clockBehindTolerance; expected that plus the longest outage to survive",
    );
  }
  if (lateness > longestLateness) {
    problems.push(
      `prometheus.outOfOrderWindow: found more than ${formatDuration(longestLateness)}; expected at most that, the last pass of the roll-ups`,
    );
  }
  // The standing check compares a whole day, and reads a day before it.
  const read = checkedDayEnd(lateness) + 2 * day;
  if (lateness >= retention) {
    problems.push("prometheus.outOfOrderWindow: found no less than prometheus.retention; expected less");
  } else if (retention < read) {
    problems.push(
      `prometheus.retention: found less than ${formatDuration(read)}; with this prometheus.outOfOrderWindow ` +
        "expected at least that, or roll-ups are not checked",
    );
  }
  for (const store of eventStores.filter((name) => stores[name].enabled)) {
    if (stores[store].retention <= lateness) {
      problems.push(`${store}.retention: found no more than prometheus.outOfOrderWindow; expected more`);
    }
  }
  if (stores.loki.enabled && stores.loki.retention < shortestLokiRetention) {
    problems.push("loki.retention: found less than 24h; expected at least that");
  }
  return problems;
}

/** The API that deletes. */
export function productionRefusals({ prometheus }: Storage): string[] {
  return prometheus.adminApi
    ? [
        'prometheus.adminApi: found "true"; in production expected "false", whoever may look in Grafana could delete series',
      ]
    : [];
}

/** True if a store is deployed: never without the collector, which fills it. */
export function isDeployed(config: General & Storage, store: EventStore): boolean {
  return config.collection === "in-cluster" && config[store].enabled;
}

/** Prometheus, which scrapes what is deployed with it. */
export function prometheusArgs(
  config: General & Grafana & Exposure & Collection & Storage & Bill,
): Omit<PrometheusArgs, keyof Place | "remote"> {
  const { retention, outOfOrderWindow: promisedLateness, ...prometheus } = config.prometheus;
  const names = serviceNames(config.namePrefix);
  const inNamespace = (name: string) => `${name}.${config.namespace}.svc`;
  const target = (job: EventStore | "grafana") => ({ job, dnsName: inNamespace(names[job]), port: ports[job] });
  return {
    ...prometheus,
    ...storeArgs(config, "prometheus"),
    retention: formatDuration(retention),
    outOfOrderTimeWindow: formatDuration(Math.max(promisedLateness, billLateness(config))),
    aheadSeconds: promisedLateness - config.collector.clockBehindTolerance,
    scrapeTargets: [
      { job: "otel-collector", dnsName: inNamespace(names.collectorReplicas), port: ports.collectorMetrics },
      ...eventStores.filter((store) => isDeployed(config, store)).map(target),
      ...(config.grafana.deployment === "in-cluster"
        ? [{ ...target("grafana"), tls: servingTlsSecret(config) !== undefined }]
        : []),
    ],
    recordingRules: recordingRules({ promisedLateness, retentionSeconds: retention }),
  };
}

/** Loki or Tempo; undefined where it is left out. */
export function eventStoreArgs(
  config: General & Storage,
  store: EventStore,
): Omit<EventStoreArgs, keyof Place> | undefined {
  return isDeployed(config, store)
    ? { ...storeArgs(config, store), ...config[store], promisedLateness: config.prometheus.outOfOrderWindow }
    : undefined;
}
