import { day } from "../../units";
import { monitoringTopics } from "../alerts/topics";
import { type DashboardModel, dashboardModel } from "../kit/dashboard";
import { thresholds } from "../kit/defaults";
import { line, type PanelGroup, panelGroup } from "../kit/layout";
import { column, legendOf, PanelFactory } from "../kit/panels";
import { units } from "../kit/units";
import type { DashboardOptions } from "../options";
import { range } from "../queries/amount";
import {
  differingRollups,
  evaluatedShare,
  growth,
  growthOfAll,
  lateCost,
  markedCost,
  otherAgents,
  queueUsed,
  rollupDifferences,
  secondsSinceBackup,
  secondsSinceGrowth,
} from "../queries/trust";
import { lostCost } from "../queries/reconciliation";
import { rollupNames } from "../rollups/levels";
import { sourceFor } from "../sources";
import { backupStoreLabel } from "../../telemetry/backup-metrics";
import { labels } from "../../telemetry/labels";
import { selfMetrics } from "../../telemetry/self-metrics";
import { reconciliation } from "./reconciliation";

/** The dashboard about the monitoring itself. */
export const trustUid = "claude-code-trust";

const { backup, collector, prometheus } = selfMetrics;
/** Counters are scraped every 15 seconds. */
const shortest = "1m";
/** Nothing of the kind should happen. */
const never = { bad: 1 };

/** Arrival, storage and consistency of the clients' data. */
export function trustDashboard(options: DashboardOptions): DashboardModel {
  const groups = [verdict, arrival, queue, storage, rollups, reconciliation, stores].map((group) => group(options));
  return dashboardModel({ uid: trustUid, words: options.text.trust, from: "now-24h", groups }, options);
}

/** Growth of a counter within the range shown. */
function grownInRange(counter: string, legend: string) {
  return { expr: growth(counter, range), legend };
}

/** Growth of a counter in each interval. */
function grownPerInterval(counter: string, legend: string) {
  return { expr: growth(counter, "$__interval"), legend };
}

/** The group that answers "is everything accounted for, and if not, what is wrong since when?". */
function verdict(options: DashboardOptions): PanelGroup {
  const words = options.text.trust.verdict;
  const { missing } = words;
  const panels = new PanelFactory(options);
  const { refusedPoints, refusedEvents, refusedSpans, failedPoints, failedEvents, failedSpans } = collector;
  const { tooOldSamples, outOfBoundSamples, refusedRequests, failedWrites } = prometheus;
  const stages: [string, string][] = [
    [missing.accepted, growthOfAll([refusedPoints, refusedEvents, refusedSpans], range, collector.queueCapacity)],
    [missing.sent, growthOfAll([failedPoints, failedEvents, failedSpans], range, collector.queueCapacity)],
    [
      missing.stored,
      growthOfAll([tooOldSamples, outOfBoundSamples, refusedRequests, failedWrites], range, prometheus.headSeries),
    ],
    [missing.ledgers, lostCost({ intervalSeconds: options.metricsIntervalSeconds })],
    [missing.rollups, differingRollups()],
  ];
  const verdicts = stages.map(([legend, expr]) => ({ expr, legend }));
  return panelGroup(words.row, 700, [
    line(4, [panels.verdict(missing, verdicts)]),
    line(6, [panels.alertList(words.alerts, monitoringTopics)]),
  ]);
}

function arrival(options: DashboardOptions): PanelGroup {
  const words = options.text.trust.arrival;
  const panels = new PanelFactory(options);
  const { lastData, received, marked } = words;
  const since = (counter: string, legend: string) => ({ expr: secondsSinceGrowth(counter), legend });
  const markedKeys = {
    [labels.user]: marked.columns.user,
    [labels.clock]: marked.columns.clock,
    [labels.temporality]: marked.columns.temporality,
  };
  const otherKeys = {
    [labels.agentProduct]: words.others.columns.product,
    [labels.signalName]: words.others.columns.signal,
  };
  return panelGroup(words.row, 100, [
    line(4, [
      panels.stats(lastData, units.seconds, [
        since(collector.acceptedPoints, lastData.metrics),
        since(collector.acceptedEvents, lastData.events),
        since(collector.acceptedSpans, lastData.traces),
      ]),
      thresholds(panels.stat(words.refused, units.count, growth(collector.refusedPoints, range)), never),
    ]),
    line(8, [
      panels.series(
        received,
        units.count,
        [
          grownPerInterval(collector.acceptedPoints, received.metrics),
          grownPerInterval(collector.acceptedEvents, received.events),
          grownPerInterval(collector.acceptedSpans, received.traces),
        ],
        shortest,
      ),
      panels.table(marked, markedKeys, [
        column(marked.columns.cost, units.usd, markedCost("7d", sourceFor(7 * day, options))),
      ]),
    ]),
    line(6, [
      panels.table(words.others, otherKeys, [column(words.others.columns.count, units.count, otherAgents(range))]),
    ]),
  ]);
}

function queue(options: DashboardOptions): PanelGroup {
  const words = options.text.trust.queue;
  const panels = new PanelFactory(options);
  const used = { expr: queueUsed(collector.queueSize, collector.queueCapacity), legend: words.size.title };
  const failed = grownPerInterval(collector.failedPoints, words.failed.title);
  return panelGroup(words.row, 200, [
    line(8, [
      panels.series(words.size, units.share, [used], shortest),
      panels.series(words.failed, units.count, [failed], shortest),
    ]),
  ]);
}

function storage(options: DashboardOptions): PanelGroup {
  const words = options.text.trust.storage;
  const panels = new PanelFactory(options);
  const { refusedSamples } = words;
  const refused = panels.stats(refusedSamples, units.count, [
    grownInRange(prometheus.tooOldSamples, refusedSamples.tooOld),
    grownInRange(prometheus.outOfBoundSamples, refusedSamples.outOfBounds),
    grownInRange(prometheus.refusedRequests, refusedSamples.requests),
    grownInRange(prometheus.failedWrites, refusedSamples.failedWrites),
  ]);
  const late = grownPerInterval(prometheus.lateSamples, words.late.title);
  const series = { expr: `sum(${prometheus.headSeries})`, legend: words.series.title };
  const backups = { expr: secondsSinceBackup(backup.completed), legend: legendOf(backupStoreLabel) };
  return panelGroup(words.row, 300, [
    line(4, [thresholds(refused, never)]),
    line(8, [
      panels.series(words.late, units.count, [late], shortest),
      panels.series(words.series, units.count, [series], shortest),
    ]),
    line(4, [
      options.backups === false
        ? panels.hint(words.backups, words.backups.off)
        : panels.stats(words.backups, units.seconds, [backups]),
    ]),
  ]);
}

/** The group that answers "do long ranges add up to what was stored?". */
function rollups(options: DashboardOptions): PanelGroup {
  const words = options.text.trust.rollups;
  const panels = new PanelFactory(options);
  const { columns } = words.difference;
  const keys = {
    [rollupNames.signal]: columns.signal,
    [rollupNames.scope]: columns.scope,
    [rollupNames.step]: columns.step,
  };
  return panelGroup(words.row, 400, [
    line(4, [
      panels.stat(words.late, units.usd, lateCost(range)),
      panels.stat(words.evaluated, units.share, evaluatedShare()),
      thresholds(panels.stat(words.differing, units.count, differingRollups()), never),
    ]),
    line(7, [panels.table(words.difference, keys, [column(columns.difference, units.count, rollupDifferences())])]),
  ]);
}

function stores(options: DashboardOptions): PanelGroup {
  const words = options.text.trust.stores;
  const panels = new PanelFactory(options);
  const lost = (text: typeof words.refused, events: string, spans: string) => {
    const counters = [grownInRange(events, text.events), grownInRange(spans, text.spans)];
    return thresholds(panels.stats(text, units.count, counters), never);
  };
  return panelGroup(words.row, 600, [
    line(4, [
      lost(words.refused, collector.refusedEvents, collector.refusedSpans),
      lost(words.failed, collector.failedEvents, collector.failedSpans),
    ]),
  ]);
}
