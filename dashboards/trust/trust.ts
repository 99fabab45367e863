import { backupStoreLabel } from "../../telemetry/backup-metrics";
import { type DashboardModel, dashboardModel } from "../kit/dashboard";
import type { PanelGroup } from "../kit/layout";
import type { DashboardOptions } from "../options";
import { thresholds } from "../kit/defaults";
import { PanelFactory } from "../kit/panels";
import { growth, markedCost, queueUsed, secondsSinceBackup, secondsSinceGrowth } from "../queries/trust";
import { selfMetrics } from "../../telemetry/self-metrics";
import { sourceFor } from "../sources";
import { labels } from "../../telemetry/labels";
import { units } from "../kit/units";
import { reconciliation } from "./reconciliation";
import { rollupsGroup } from "./rollups";
import { day } from "../../units";

/** The dashboard about the monitoring itself. */
export const trustUid = "claude-code-trust";

const { backup, collector, prometheus } = selfMetrics;
/** Counters are scraped every 15 seconds. */
const shortest = "1m";

/** Arrival, storage and consistency of the clients' data. */
export function trustDashboard(options: DashboardOptions): DashboardModel {
  const { title, description } = options.text.trust;
  const groups = [
    arrival(options),
    queue(options),
    storage(options),
    rollupsGroup(options),
    reconciliation(options),
    stores(options),
  ];
  return dashboardModel(
    { uid: trustUid, title, description, from: "now-24h", refresh: "1m", groups, filters: false },
    options,
  );
}

function arrival(options: DashboardOptions): PanelGroup {
  const words = options.text.trust.arrival;
  const panels = new PanelFactory(options);
  const { columns } = words.marked;
  return {
    title: words.row,
    firstId: 100,
    lines: [
      {
        height: 4,
        panels: [
          panels.stats(words.lastData, units.seconds, [
            { expr: secondsSinceGrowth(collector.acceptedPoints), legend: words.lastData.metrics },
            { expr: secondsSinceGrowth(collector.acceptedEvents), legend: words.lastData.events },
            { expr: secondsSinceGrowth(collector.acceptedSpans), legend: words.lastData.traces },
          ]),
          thresholds(panels.stat(words.refused, units.count, growth(collector.refusedPoints, "$__range")), { bad: 1 }),
        ],
      },
      {
        height: 8,
        panels: [
          panels.series(
            words.received,
            units.count,
            [
              { expr: growth(collector.acceptedPoints, "$__interval"), legend: words.received.metrics },
              { expr: growth(collector.acceptedEvents, "$__interval"), legend: words.received.events },
              { expr: growth(collector.acceptedSpans, "$__interval"), legend: words.received.traces },
            ],
            shortest,
          ),
          panels.table(words.marked, {
            keys: {
              [labels.user]: columns.user,
              [labels.clock]: columns.clock,
              [labels.temporality]: columns.temporality,
            },
            columns: [{ title: columns.cost, unit: units.usd, expr: markedCost("7d", sourceFor(7 * day, options)) }],
          }),
        ],
      },
    ],
  };
}

function queue(options: DashboardOptions): PanelGroup {
  const words = options.text.trust.queue;
  const panels = new PanelFactory(options);
  const used = queueUsed(collector.queueSize, collector.queueCapacity);
  return {
    title: words.row,
    firstId: 200,
    lines: [
      {
        height: 8,
        panels: [
          panels.series(words.size, units.share, [{ expr: used, legend: words.size.title }], shortest).max(1),
          panels.series(
            words.failed,
            units.count,
            [{ expr: growth(collector.failedPoints, "$__interval"), legend: words.failed.title }],
            shortest,
          ),
        ],
      },
    ],
  };
}

function storage(options: DashboardOptions): PanelGroup {
  const words = options.text.trust.storage;
  const panels = new PanelFactory(options);
  const refused = panels.stats(words.refusedSamples, units.count, [
    { expr: growth(prometheus.tooOldSamples, "$__range"), legend: words.refusedSamples.tooOld },
    { expr: growth(prometheus.outOfBoundSamples, "$__range"), legend: words.refusedSamples.outOfBounds },
    { expr: growth(prometheus.refusedRequests, "$__range"), legend: words.refusedSamples.requests },
    { expr: growth(prometheus.failedWrites, "$__range"), legend: words.refusedSamples.failedWrites },
  ]);
  return {
    title: words.row,
    firstId: 300,
    lines: [
      { height: 4, panels: [thresholds(refused, { bad: 1 })] },
      {
        height: 8,
        panels: [
          panels.series(
            words.late,
            units.count,
            [{ expr: growth(prometheus.lateSamples, "$__interval"), legend: words.late.title }],
            shortest,
          ),
          panels.series(
            words.series,
            units.count,
            [{ expr: `sum(${prometheus.headSeries})`, legend: words.series.title }],
            shortest,
          ),
        ],
      },
      {
        height: 4,
        panels: [
          panels.stats(words.backups, units.seconds, [
            { expr: secondsSinceBackup(backup.completed), legend: `{{${backupStoreLabel}}}` },
          ]),
        ],
      },
    ],
  };
}

function stores(options: DashboardOptions): PanelGroup {
  const words = options.text.trust.stores;
  const panels = new PanelFactory(options);
  const of = (text: typeof words.refused, events: string, spans: string) =>
    thresholds(
      panels.stats(text, units.count, [
        { expr: growth(events, "$__range"), legend: text.events },
        { expr: growth(spans, "$__range"), legend: text.spans },
      ]),
      { bad: 1 },
    );
  return {
    title: words.row,
    firstId: 600,
    lines: [
      {
        height: 4,
        panels: [
          of(words.refused, collector.refusedEvents, collector.refusedSpans),
          of(words.failed, collector.failedEvents, collector.failedSpans),
        ],
      },
    ],
  };
}
