import { metrics } from "../../telemetry/client-metrics";
import { countMetrics } from "../../telemetry/event-metrics";
import { bookedAt, instants, lagOf } from "./booking";
import { backups, increase, valuesAt } from "./counters";
import type { Expectation, TargetExpectation } from "./expectation";
import { lostUsd, reconciliationExpectations } from "./expect-reconciliation";
import { groupKey, type Groups, type Point, single, sums } from "./point";
import { dayMs, hourMs, minuteMs } from "../../units";

/** The common mistake for running totals: to read them as they are. */
const asAmounts = (expr: string) => expr.replaceAll(/increase\(([^[]*)\[[^\]]*\]\)/g, "($1)");

function growth(prefix: string): TargetExpectation {
  return { right: (view) => single(increase(prefix, view.atMs, view.lengthMs)), wrong: asAmounts };
}

function growthOfAll(prefixes: readonly string[]): TargetExpectation {
  const sum: Expectation = (view) =>
    single(prefixes.reduce((all, prefix) => all + (increase(prefix, view.atMs, view.lengthMs) ?? 0), 0));
  return { right: sum, wrong: asAmounts };
}

const refusedRequests = ["write", "otlp/v1/metrics"].map(
  (path) => `prometheus_http_requests_total{handler="/api/v1/${path}",code="4`,
);

const differing: TargetExpectation = {
  right: () => single(difference().size - 2),
  wrong: (expr) => expr.replaceAll("1e-6", "-1"),
};

/** Seconds from the last whole minute in whose two minutes it grew. */
function sinceGrowth(prefix: string): TargetExpectation {
  const right: Expectation = (view) => {
    for (let at = Math.floor(view.atMs / minuteMs) * minuteMs; at > view.atMs - dayMs; at -= minuteMs) {
      if ((increase(prefix, at, 2 * minuteMs) ?? 0) > 0) {
        return single((view.atMs - at) / 1000);
      }
    }
    return single(undefined);
  };
  // The common mistake: the time of the newest sample, which a scrape writes whether anything came or not.
  return {
    right,
    wrong: (expr) => expr.replace(/timestamp\(.*> 0\)/, `timestamp(${prefix}${prefix.includes("{") ? "}" : ""})`),
  };
}

const queueUsed: Expectation = (view) => {
  const sizes = valuesAt("otelcol_exporter_queue_size", view.atMs);
  const capacities = valuesAt("otelcol_exporter_queue_capacity", view.atMs);
  const shares = sizes.map((size, index) => size / (capacities[index] ?? 0));
  return single(shares.length === 0 ? undefined : Math.max(...shares));
};

const headSeries: Expectation = (view) => single(valuesAt("prometheus_tsdb_head_series", view.atMs)[0]);

const sinceBackup: Expectation = (view) =>
  new Map(
    Object.entries(backups).flatMap(([store, times]) => {
      const newest = times.filter((timeMs) => timeMs <= view.atMs).at(-1);
      return newest === undefined ? [] : [[groupKey({ store }), (view.atMs - newest) / 1000] as const];
    }),
  );

const marked: Expectation = (view) =>
  sums(
    view
      .last(metrics.cost.prometheus, 7 * dayMs, "5m")
      .filter(
        ({ labels }) =>
          labels["claude_monitoring_clock"] !== undefined || labels["claude_monitoring_temporality"] !== undefined,
      ),
    ["user", "claude_monitoring_clock", "claude_monitoring_temporality"],
  );

const difference = (): Groups =>
  new Map([
    [groupKey({ signal: "cost", scope: "device", rollup_step: "5m" }), 0],
    [groupKey({ signal: "cost", scope: "team", rollup_step: "1h" }), -0.5],
    [groupKey({ signal: "tokens", scope: "user", rollup_step: "1h" }), 0],
  ]);

/** Windows that the first pass has booked. */
const evaluated: Expectation = (view) => {
  const inTime = instants("5m", 2).filter((instant) => instant > view.atMs - dayMs && lagOf(instant) === 0);
  return single(inTime.length / 288);
};

/** USD that late passes have booked, at their own time. */
const bookedLate: Expectation = (view) =>
  sums(
    view
      .between(metrics.cost.prometheus, view.atMs - view.lengthMs, view.atMs, "5m")
      .filter(({ timeMs }) => bookedAt(timeMs, "5m") - timeMs > 2 * hourMs),
  );

/**
 * What the panels about the monitoring itself should show.
 *
 * @param latePoints are in no roll-up
 */
export function trustExpectations(latePoints: readonly Point[]): Readonly<Record<string, TargetExpectation>> {
  return {
    ...reconciliationExpectations(latePoints),
    "Missing within the range/A": growthOfAll([
      'otelcol_receiver_refused_metric_points{receiver="otlp"',
      'otelcol_receiver_refused_log_records{receiver="otlp"',
      'otelcol_receiver_refused_spans{receiver="otlp"',
    ]),
    "Missing within the range/B": growthOfAll([
      "otelcol_exporter_send_failed_metric_points",
      "otelcol_exporter_send_failed_log_records",
      "otelcol_exporter_send_failed_spans",
    ]),
    "Missing within the range/C": growthOfAll([
      "prometheus_tsdb_too_old_samples_total",
      "prometheus_tsdb_out_of_bound_samples_total",
      ...refusedRequests,
      "prometheus_tsdb_wal_writes_failed_total",
    ]),
    "Missing within the range/D": lostUsd(latePoints),
    "Missing within the range/E": differing,
    "Events and spans refused by the collectors/A": growth('otelcol_receiver_refused_log_records{receiver="otlp"'),
    "Events and spans refused by the collectors/B": growth('otelcol_receiver_refused_spans{receiver="otlp"'),
    "Events and spans lost on the way/A": growth("otelcol_exporter_send_failed_log_records"),
    "Events and spans lost on the way/B": growth("otelcol_exporter_send_failed_spans"),
    "Since the last data/A": sinceGrowth('otelcol_receiver_accepted_metric_points{receiver="otlp"'),
    "Since the last data/B": sinceGrowth('otelcol_receiver_accepted_log_records{receiver="otlp"'),
    "Since the last data/C": sinceGrowth('otelcol_receiver_accepted_spans{receiver="otlp"'),
    "Refused by the collectors/A": growth('otelcol_receiver_refused_metric_points{receiver="otlp"'),
    "Received by the collectors/A": growth('otelcol_receiver_accepted_metric_points{receiver="otlp"'),
    "Received by the collectors/B": growth('otelcol_receiver_accepted_log_records{receiver="otlp"'),
    "Received by the collectors/C": growth('otelcol_receiver_accepted_spans{receiver="otlp"'),
    "Telemetry of other agents/A": {
      right: (view) =>
        sums(view.between(countMetrics.otherAgents.prometheus, view.atMs - view.lengthMs, view.atMs), [
          "agent_product",
          "signal_name",
        ]),
      // The common mistake: to add up what arrived as if it were a running total.
      wrong: (expr) => expr.replace("sum_over_time", "last_over_time"),
    },
    "Clients with a wrong clock or cumulative counters/A": { right: marked },
    "Sending queue/A": { right: queueUsed, wrong: (expr) => expr.replace("max(", "avg(") },
    "Failed sends/A": growth("otelcol_exporter_send_failed_metric_points"),
    "Samples refused by Prometheus/A": growth("prometheus_tsdb_too_old_samples_total"),
    "Samples refused by Prometheus/B": growth("prometheus_tsdb_out_of_bound_samples_total"),
    "Samples refused by Prometheus/C": growthOfAll(refusedRequests),
    "Samples refused by Prometheus/D": growth("prometheus_tsdb_wal_writes_failed_total"),
    "Late samples/A": growth("prometheus_tsdb_head_out_of_order_samples_appended_total"),
    "Series in memory/A": { right: headSeries, wrong: (expr) => expr.replace("sum(", "count(") },
    "Since the last backup/A": {
      right: sinceBackup,
      wrong: (expr) => expr.replace("max_over_time", "timestamp").replace("[30d]", ""),
    },
    "Booked late/A": { right: bookedLate },
    "Windows evaluated/A": { right: evaluated, wrong: (expr) => expr.replace("288", "96") },
    "Roll-ups that differ/A": differing,
    "Differences of roll-ups/A": {
      right: () => new Map([...difference()].filter(([, value]) => value !== 0)),
      wrong: (expr) => expr.replaceAll("last_over_time", "sum_over_time"),
    },
  };
}
