import { metrics } from "../../telemetry/client-metrics";
import { ledgerMetrics } from "../../telemetry/event-metrics";
import type { Point } from "./point";
import { day, hour, minute } from "./view";
import { historyEnd } from "./world";

const second = 1000;

/** USD by how long before the end of the history, in milliseconds. */
type Amounts = readonly (readonly [ago: number, usd: number])[];

function session(id: string, exports: Amounts, requests: Amounts, marks: Readonly<Record<string, string>> = {}) {
  const labels = {
    // The one has more by metrics, the other by events.
    user: id.endsWith("export") ? "rob@example.com" : "rae@example.com",
    team: "core",
    location: "berlin",
    device: "laptop",
    session_id: id,
    model: "claude-sonnet-4-5",
    query_source: "main",
  };
  const points = (metric: string, amounts: Amounts, more: Readonly<Record<string, string>>): Point[] =>
    amounts.map(([ago, value]) => ({ metric, labels: { ...labels, ...more }, timeMs: historyEnd - ago, value }));
  return [...points(metrics.cost.prometheus, exports, marks), ...points(ledgerMetrics.cost.prometheus, requests, {})];
}

/** Requests ten minutes apart, each exported forty seconds later: from one time ago to another. */
function running(id: string, from: number, to: number): Point[] {
  const requests = Array.from(
    { length: Math.ceil((from - to) / (10 * minute)) },
    (_, index) => from - index * 10 * minute,
  );
  return session(
    id,
    requests.flatMap((ago) => (ago > 40 * second ? [[ago - 40 * second, 0.5] as const] : [])),
    requests.map((ago) => [ago, 0.5] as const),
  );
}

/** Sessions of the last day whose ledgers differ in every way, and some that run over its edges and do not. */
export const disagreements: readonly Point[] = [
  // The window that is compared ends seven minutes ago: between a request and its export.
  ...running("runs", 57 * minute + 20 * second, 0),
  ...running("ran-on", day + 37 * minute + 20 * second, 20 * hour),
  ...session("whole", [[hour, 2]], [[hour + 30 * second, 2]]),
  ...session(
    "lacks-event",
    [
      [3 * hour, 1],
      [3 * hour - 5 * minute, 0.25],
    ],
    [[3 * hour + 20 * second, 1]],
  ),
  ...session(
    "lacks-export",
    [
      [3 * hour, 1],
      [2 * hour, 1],
    ],
    [
      [3 * hour + 20 * second, 1],
      [2.5 * hour, 0.125],
      [2 * hour + 20 * second, 1],
    ],
  ),
  ...session(
    "killed",
    [[4 * hour, 1]],
    [
      [4 * hour + 20 * second, 1],
      [2 * hour, 0.5],
      [2 * hour - 10 * second, 0.25],
    ],
  ),
  ...session("killed-at-once", [], [[6 * hour, 0.75]]),
  ...session(
    "stopped",
    [[9 * hour, 1]],
    [9 * hour + 20 * second, 8 * hour, 7 * hour].map((ago) => [ago, 1] as const),
  ),
  ...session("switched-off", [[5 * hour, 3]], []),
  ...session("ahead", [[5 * hour, 4]], [[5 * hour, 1]], { claude_monitoring_clock: "ahead" }),
  ...session("cumulative", [[5 * hour, 4]], [[5 * hour, 1]], { claude_monitoring_temporality: "cumulative" }),
];
