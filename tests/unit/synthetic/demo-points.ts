import assert from "node:assert/strict";

import { Member } from "../../../synthetic/company";
import { Demo } from "../../../synthetic/demo";
import { DemoExport, DemoPoint, EventsExport, MetricsExport, seriesKey, SpansExport } from "../../../synthetic/exports";
import { hourMs } from "../../../units";

/** List prices in nano-USD per token: USD per million tokens times 1000. */
const prices: Readonly<Record<string, { in: number; out: number }>> = {
  "claude-sonnet-4-5": { in: 3000, out: 15_000 },
  "claude-haiku-4-5": { in: 1000, out: 5000 },
  "claude-opus-4-5": { in: 5000, out: 25_000 },
};

/** The values of an attribute, as text. */
export function valuesOf(points: readonly DemoPoint[], name: string): Set<string> {
  return new Set(points.flatMap(({ attributes }) => (name in attributes ? [String(attributes[name])] : [])));
}

/** The points of one metric. */
export function ofMetric(points: readonly DemoPoint[], metric: DemoPoint["metric"]): DemoPoint[] {
  return points.filter((point) => point.metric === metric);
}

/** The user with this peculiarity. */
export function userWith(members: readonly Member[], peculiarity: string): string {
  return members.find((member) => member.peculiarity === peculiarity)!.user;
}

/** The exports of metrics among others, without the zeros that running totals begin with. */
export function metricsOf(exports: readonly DemoExport[]): MetricsExport[] {
  return exports
    .filter((one) => one.signal === "metrics")
    .map((one) => ({ ...one, points: one.points.filter(({ startMs, timeMs }) => timeMs > startMs) }));
}

/** The exports of events among others. */
export function eventsOf(exports: readonly DemoExport[]): EventsExport[] {
  return exports.filter((one) => one.signal === "logs");
}

/** The exports of spans among others. */
export function spansOf(exports: readonly DemoExport[]): SpansExport[] {
  return exports.filter((one) => one.signal === "traces");
}

/** The metrics of each process of one user. */
export function processesOfUser({ processes }: Demo, user: string): MetricsExport[][] {
  return processes.map(metricsOf).filter(([first]) => first!.resource["user"] === user);
}

/** Fails if two points of one series have the same time. */
export function assertNoTimeTwice(exports: readonly MetricsExport[]): void {
  const seen = new Set<string>();
  for (const { metric, attributes, timeMs } of exports.flatMap((one) => one.points)) {
    const key = `${seriesKey(metric, attributes)} ${timeMs}`;
    assert.ok(!seen.has(key), key);
    seen.add(key);
  }
}

/** What was counted in all: every delta, and of running totals the last one. */
export function lastOfEveryStream(exports: readonly MetricsExport[], metric: DemoPoint["metric"]): DemoPoint[] {
  const deltas = exports.filter(({ temporality }) => temporality === "delta").flatMap((one) => one.points);
  const totals = new Map<string, DemoPoint>();
  for (const point of exports.filter(({ temporality }) => temporality === "cumulative").flatMap((one) => one.points)) {
    totals.set(`${seriesKey(point.metric, point.attributes)} ${point.startMs}`, point);
  }
  return ofMetric([...deltas, ...totals.values()], metric);
}

/** What the tokens of one export cost that have a cost point's attributes. */
export function costOfTokens(cost: DemoPoint, tokens: readonly DemoPoint[]): number {
  const keys = ["input", "output", "cacheRead", "cacheCreation"].map((type) =>
    seriesKey("tokens", { ...cost.attributes, type }),
  );
  const own = tokens.filter(({ metric, attributes }) => keys.includes(seriesKey(metric, attributes)));
  assert.equal(own.length, keys.length, "one point for each type of tokens");
  return own.reduce((sum, point) => sum + point.value * nanoUsdPerToken(point), 0);
}

/** List price of what a point counts. */
export function nanoUsdPerToken({ attributes }: DemoPoint): number {
  const price = prices[String(attributes["model"])]!;
  switch (attributes["type"]) {
    case "input":
      return price.in;
    case "output":
      return price.out;
    case "cacheRead":
      return price.in / 10;
    default:
      return (price.in * 125) / 100;
  }
}

/** The most that was spent within any hour, in nano-USD; deltas only. */
export function dearestHour(exports: readonly MetricsExport[]): number {
  const costs = exports
    .filter(({ temporality }) => temporality === "delta")
    .flatMap((one) => ofMetric([...one.points], "cost"));
  return Math.max(
    0,
    ...costs.map(({ timeMs: to }) =>
      costs.filter(({ timeMs }) => timeMs > to - hourMs && timeMs <= to).reduce((sum, { value }) => sum + value, 0),
    ),
  );
}
