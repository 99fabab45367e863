import { metrics } from "../../telemetry/client-metrics";
import { ledgerMetrics } from "../../telemetry/event-metrics";
import type { Expectation, TargetExpectation } from "./expectation";
import { grouped, mapped, type Point, single, sums } from "./point";
import { type View } from "./view";
import { minuteMs } from "../../units";

const eventCost = ledgerMetrics.cost.prometheus;

/** Sessions are read from raw series, whatever the range. */
function shown(view: View, metric: string): Point[] {
  return view.kind === "range" ? view.last(metric, view.lengthMs, "raw") : view.bar(metric, view.lengthMs, "raw");
}

function sumOf(metric: string, by: readonly string[] = []): Expectation {
  return (view) => sums(shown(view, metric), by);
}

const requests: Expectation = (view) => {
  const { length } = shown(view, eventCost);
  return single(length === 0 ? undefined : length);
};

/** At every minute, the newest request of each series that is at most five minutes old. */
const duration: Expectation = (view) => {
  const known = view.between(eventCost, view.atMs - view.lengthMs - 5 * minuteMs, view.atMs);
  const series = [...grouped(known, Object.keys(known[0]?.labels ?? {})).values()];
  const seen: number[] = [];
  const first = view.atMs - view.lengthMs;
  for (let at = Math.floor(view.atMs / minuteMs) * minuteMs; at > first; at -= minuteMs) {
    for (const points of series) {
      const times = points.map(({ timeMs }) => timeMs).filter((time) => time <= at && time > at - 5 * minuteMs);
      seen.push(...(times.length === 0 ? [] : [Math.max(...times)]));
    }
  }
  return single(seen.length === 0 ? undefined : (Math.max(...seen) - Math.min(...seen)) / 1000);
};

/** Of each series, the newest sample of the interval. */
const context: Expectation = (view) => {
  const sent = shown(view, ledgerMetrics.tokens.prometheus).filter(({ labels }) => labels["type"] !== "output");
  const series = grouped(sent, Object.keys(sent[0]?.labels ?? {}));
  const newest = mapped(series, (points) =>
    points.reduce((latest, point) => (point.timeMs > latest.timeMs ? point : latest)),
  );
  return sums([...newest.values()], ["query_source", "model"]);
};

/** What the panels about a single session should show. */
export const sessionExpectations: Readonly<Record<string, TargetExpectation>> = {
  "Cost of the session/A": { right: sumOf(metrics.cost.prometheus) },
  "Requests answered/A": { right: requests, wrong: (expr) => expr.replace("count_over_time", "sum_over_time") },
  "First to last request/A": {
    right: duration,
    // The common mistake: with a window for the last request, and none for the first.
    wrong: (expr) => expr.replace("min_over_time", "max_over_time"),
  },
  "Tokens by type/A": { right: sumOf(metrics.tokens.prometheus, ["type"]) },
  "Cost by model used/A": { right: sumOf(metrics.cost.prometheus, ["model"]) },
  "Cost by source over time/A": { right: sumOf(eventCost, ["query_source"]) },
  "Context of each request/A": {
    right: context,
    wrong: (expr) => expr.replace("last_over_time", "sum_over_time").replace('type!="output"', 'type!=""'),
  },
};
