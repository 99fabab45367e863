import { grown, queueUsed } from "../queries/trust";
import { backupStoreLabel } from "../../telemetry/backup-metrics";
import { damagedQueuesLabel } from "../../telemetry/queue-report";
import { selfMetrics } from "../../telemetry/self-metrics";
import { day } from "../../units";
import { type Alert, alert, type AlertArgs, type AlertContext, alertPanels } from "./alert";
import type { EventStore } from "./options";

const { backup, collector, prometheus } = selfMetrics;
/** Longest expected restart. */
const restart = "5m";
/** Window of what must never happen. */
const recently = "15m";

/** Alerts of the collectors' and Prometheus' own health; none where this stack does not deploy them. */
export function healthAlerts(context: AlertContext): Alert[] {
  const { collection } = context.alertOptions;
  if (collection === undefined) {
    return [];
  }
  return [
    ...down(collection.collectors, context),
    ...storesDown(collection.stores ?? [], context),
    ...backupsMissing(collection.backups, context),
    ...queue(context),
    ...damagedQueues(context),
    ...losses(context),
  ].map((args) => alert(args, context));
}

function down(collectors: number, { options }: AlertContext): AlertArgs[] {
  const { collectorMissing, collectorsDown, prometheusDown } = options.text.alerts.health;
  // A collector that is not ready is no target: it is missing, and not zero.
  const reachable = `(sum(up{job="otel-collector"}) or vector(0))`;
  const shared = { topic: "health", above: 0, for: restart, panel: alertPanels.received } as const;
  const some: AlertArgs = {
    ...shared,
    uid: "claude-health-collector-missing",
    words: collectorMissing,
    severity: "warning",
    expr: `${collectors} - ${reachable}`,
    runbook: "collector-down.md",
  };
  return [
    ...(collectors > 1 ? [some] : []),
    {
      ...shared,
      uid: "claude-health-collectors-down",
      words: collectorsDown,
      severity: "critical",
      expr: `1 - clamp_max(${reachable}, 1)`,
      silenceIsAlarming: true,
      runbook: "collector-down.md",
    },
    {
      ...shared,
      uid: "claude-health-prometheus-down",
      words: prometheusDown,
      severity: "critical",
      expr: `1 - (min(up{job="prometheus"}) or vector(0))`,
      silenceIsAlarming: true,
      failureIsAlarming: true,
      runbook: "prometheus-down.md",
      panel: alertPanels.series,
    },
  ];
}

function storesDown(stores: readonly EventStore[], { options }: AlertContext): AlertArgs[] {
  const { lokiDown, tempoDown } = options.text.alerts.health;
  const words = { loki: lokiDown, tempo: tempoDown };
  return stores.map((store) => ({
    uid: `claude-health-${store}-down`,
    words: words[store],
    severity: "warning",
    topic: "health",
    // One that is not ready is no target: it is missing, and not zero.
    expr: `1 - (min(up{job="${store}"}) or vector(0))`,
    above: 0,
    for: restart,
    runbook: "event-stores.md",
    panel: alertPanels.failedEvents,
  }));
}

function backupsMissing(
  backups: NonNullable<AlertContext["alertOptions"]["collection"]>["backups"],
  { options }: AlertContext,
): AlertArgs[] {
  if (backups === undefined || backups.stores.length === 0) {
    return [];
  }
  const maxAge = `${backups.maxAgeSeconds}s`;
  const missing = backups.stores.map(
    (store) => `absent_over_time(${backup.completed}{${backupStoreLabel}="${store}"}[${maxAge}])`,
  );
  return [
    {
      uid: "claude-health-backup-missing",
      words: options.text.alerts.health.backupMissing,
      severity: "warning",
      topic: "health",
      // A stack that is younger could not have any.
      expr: `(${missing.join(" or ")}) and on () group(present_over_time(up{job="prometheus"}[1h] offset ${maxAge}))`,
      above: 0,
      runbook: "backup-and-restore.md",
      panel: alertPanels.backups,
    },
  ];
}

function queue({ options }: AlertContext): AlertArgs[] {
  const { queueFilling, queueFull } = options.text.alerts.health;
  const shared = {
    topic: "health",
    expr: queueUsed(collector.queueSize, collector.queueCapacity),
    for: restart,
    runbook: "queue-filling.md",
    panel: alertPanels.queue,
  } as const;
  return [
    { ...shared, uid: "claude-health-queue-filling", words: queueFilling, severity: "warning", above: 0.5 },
    { ...shared, uid: "claude-health-queue-full", words: queueFull, severity: "critical", above: 0.8 },
  ];
}

function damagedQueues({ options }: AlertContext): AlertArgs[] {
  const by = `by (instance, ${damagedQueuesLabel})`;
  return [
    {
      uid: "claude-loss-queues-damaged",
      words: options.text.alerts.loss.queuesDamaged,
      severity: "warning",
      topic: "loss",
      // The report is of the collector's start, and stays until the next one.
      expr: `group ${by} (${collector.damagedQueues}) and on (instance) ${collector.uptime} < ${day}`,
      above: 0,
      runbook: "damaged-queues.md",
      panel: alertPanels.queue,
    },
  ];
}

function losses({ options }: AlertContext): AlertArgs[] {
  const { collectorRefuses, sendsFailed, samplesRefused, eventsRefused, eventsFailed } = options.text.alerts.loss;
  const shared = { topic: "loss", above: 0, runbook: "refused-data.md" } as const;
  const refused = [prometheus.tooOldSamples, prometheus.outOfBoundSamples, prometheus.refusedRequests];
  // Told apart by a label, so that they add up whatever labels they share.
  const together = (counters: readonly string[]) => {
    const named = counters.map(
      (counter, index) => `label_replace(${grown(counter, recently)}, "of", "${index}", "", "")`,
    );
    return `sum(${named.join(" or ")})`;
  };
  return [
    {
      ...shared,
      uid: "claude-loss-collector-refuses",
      words: collectorRefuses,
      severity: "critical",
      expr: `sum(${grown(collector.refusedPoints, recently)})`,
      panel: alertPanels.refusedByCollectors,
    },
    {
      ...shared,
      uid: "claude-loss-sends-failed",
      words: sendsFailed,
      severity: "critical",
      expr: `sum(${grown(collector.failedPoints, recently)})`,
      panel: alertPanels.failedSends,
    },
    {
      ...shared,
      uid: "claude-loss-samples-refused",
      words: samplesRefused,
      severity: "warning",
      expr: together(refused),
      panel: alertPanels.refusedByPrometheus,
    },
    {
      ...shared,
      uid: "claude-loss-events-refused",
      words: eventsRefused,
      severity: "warning",
      expr: together([collector.refusedEvents, collector.refusedSpans]),
      panel: alertPanels.refusedEvents,
    },
    {
      ...shared,
      uid: "claude-loss-events-failed",
      words: eventsFailed,
      severity: "warning",
      expr: together([collector.failedEvents, collector.failedSpans]),
      panel: alertPanels.failedEvents,
    },
  ];
}
