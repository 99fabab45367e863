import { metrics } from "../../telemetry/client-metrics";
import { ledgerMetrics } from "../../telemetry/event-metrics";
import type { Point } from "./point";
import { historyEnd } from "./world";
import { dayMs, hourMs, minuteMs, secondMs } from "../../units";

/** USD by how long before the end of the history, in milliseconds. */
type Amounts = readonly (readonly [ago: number, usd: number])[];

function labelsOf(id: string) {
  return {
    // The one has more by metrics, the other by events.
    user: id.endsWith("export") ? "rob@example.com" : "rae@example.com",
    team: "core",
    location: "berlin",
    device: "laptop",
    session_id: id,
    model: "claude-sonnet-4-5",
    query_source: "main",
  };
}

/** Tokens of an event that names no cost. */
function tokensOf(id: string, ago: number, value: number): Point[] {
  const labels = { ...labelsOf(id), type: "input" };
  return [{ metric: ledgerMetrics.tokens.prometheus, labels, timeMs: historyEnd - ago, value }];
}

function session(id: string, exports: Amounts, requests: Amounts, marks: Readonly<Record<string, string>> = {}) {
  const labels = labelsOf(id);
  const points = (metric: string, amounts: Amounts, more: Readonly<Record<string, string>>): Point[] =>
    amounts.map(([ago, value]) => ({ metric, labels: { ...labels, ...more }, timeMs: historyEnd - ago, value }));
  return [...points(metrics.cost.prometheus, exports, marks), ...points(ledgerMetrics.cost.prometheus, requests, {})];
}

/** Requests ten minutes apart, each exported forty seconds later: from one time ago to another. */
function running(id: string, from: number, to: number): Point[] {
  const requests = Array.from(
    { length: Math.ceil((from - to) / (10 * minuteMs)) },
    (_, index) => from - index * 10 * minuteMs,
  );
  return session(
    id,
    requests.flatMap((ago) => (ago > 40 * secondMs ? [[ago - 40 * secondMs, 0.5] as const] : [])),
    requests.map((ago) => [ago, 0.5] as const),
  );
}

/** Sessions of the last day whose ledgers differ in every way, and some that run over its edges and do not. */
export const disagreements: readonly Point[] = [
  // The window that is compared ends seven minutes ago: between a request and its export.
  ...running("runs", 57 * minuteMs + 20 * secondMs, 0),
  ...running("ran-on", dayMs + 37 * minuteMs + 20 * secondMs, 20 * hourMs),
  ...session("whole", [[hourMs, 2]], [[hourMs + 30 * secondMs, 2]]),
  ...session(
    "lacks-event",
    [
      [3 * hourMs, 1],
      [3 * hourMs - 5 * minuteMs, 0.25],
    ],
    [[3 * hourMs + 20 * secondMs, 1]],
  ),
  ...session(
    "lacks-export",
    [
      [3 * hourMs, 1],
      [2 * hourMs, 1],
    ],
    [
      [3 * hourMs + 20 * secondMs, 1],
      [2.5 * hourMs, 0.125],
      [2 * hourMs + 20 * secondMs, 1],
    ],
  ),
  ...session(
    "killed",
    [[4 * hourMs, 1]],
    [
      [4 * hourMs + 20 * secondMs, 1],
      [2 * hourMs, 0.5],
      [2 * hourMs - 10 * secondMs, 0.25],
    ],
  ),
  ...session("killed-at-once", [], [[6 * hourMs, 0.75]]),
  ...session(
    "stopped",
    [[9 * hourMs, 1]],
    [9 * hourMs + 20 * secondMs, 8 * hourMs, 7 * hourMs].map((ago) => [ago, 1] as const),
  ),
  ...session(
    "no-metrics",
    [],
    [5 * hourMs, 4.5 * hourMs, 4 * hourMs].map((ago) => [ago, 0.375] as const),
  ),
  ...session("no-event-cost", [[4 * hourMs, 0.875]], []),
  ...tokensOf("no-event-cost", 4 * hourMs + 20 * secondMs, 700),
  ...session("switched-off", [[5 * hourMs, 3]], []),
  ...session("ahead", [[5 * hourMs, 4]], [[5 * hourMs, 1]], { claude_monitoring_clock: "ahead" }),
  ...session("cumulative", [[5 * hourMs, 4]], [[5 * hourMs, 1]], { claude_monitoring_temporality: "cumulative" }),
];
