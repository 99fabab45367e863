import { billMetrics, billTimes } from "../../telemetry/bill";
import { metrics } from "../../telemetry/client-metrics";
import type { Metric } from "../../telemetry/metric";
import { dayMs, hourMs, minuteMs } from "../../units";
import type { Point } from "./point";
import { historyEnd } from "./world";

/** Days of the world, the day of its end among them. */
const length = 34;
/** Days whose figures may still change. */
const unsettled = 3;

type Labels = Readonly<Record<string, string>>;

const ada = { user: "ada@example.com", team: "core" };
const bo = { user: "bo@example.com", team: "core" };
const chen = { user: "chen@example.com", team: "web" };
/** Works within a seat, and reports nothing. */
const dora = { user: "dora@example.com" };
const models = { usual: "claude-sonnet-4-5", small: "claude-haiku-4-5", large: "claude-opus-4-5" };
const claudeCode = { product: "claude_code", charged_to: "person" };

function midnight(daysAgo: number): number {
  return Math.floor(historyEnd / dayMs) * dayMs - daysAgo * dayMs;
}

/** A figure of a day: on some days read once, on others corrected upwards, or downwards twice. Amounts are exact in binary. */
function figure({ prometheus: metric }: Metric, labels: Labels, daysAgo: number, value: number): Point[] {
  const noon = midnight(daysAgo) + 12 * hourMs;
  const parts = [[value], [value - 0.5, 0.5], [value + 0.75, -0.25, -0.5]][daysAgo % 3] ?? [];
  return parts.map((part, index) => ({ metric, labels, timeMs: noon + index * 1000, value: part }));
}

/** A person's day: what is charged for Claude Code is what is reported and all reasons together. */
function personsDay(person: Labels, daysAgo: number, day: PersonsDay): Point[] {
  const { reported, reasons, shares } = day;
  const usd = Object.values(reasons).reduce((sum, value) => sum + value, reported);
  return [
    ...(reported === 0 ? [] : figure(billMetrics.reported, person, daysAgo, reported)),
    ...Object.entries(reasons).flatMap(([reason, value]) =>
      figure(billMetrics.difference, { ...person, reason }, daysAgo, value),
    ),
    ...Object.entries(shares).flatMap(([model, share]) =>
      charge({ ...person, ...claudeCode, model }, daysAgo, usd * share),
    ),
  ];
}

interface PersonsDay {
  readonly reported: number;
  readonly reasons: Readonly<Record<string, number>>;
  /** Of the charge, by model. */
  readonly shares: Readonly<Record<string, number>>;
}

/** A charge, with a fifth of its list price as discount. */
function charge(labels: Labels, daysAgo: number, usd: number): Point[] {
  const { product = "", model } = labels;
  const ofModel: Labels = { product, ...(model === undefined ? {} : { model }) };
  // The list is one series for all who are charged: the later sample of an instant would replace the earlier.
  return [
    ...figure(billMetrics.charged, labels, daysAgo, usd),
    ...figure(billMetrics.list, ofModel, daysAgo, usd * 1.25),
  ];
}

/** A charge that no client could report. */
function foreign(person: Labels, labels: Labels, reason: string, daysAgo: number, usd: number): Point[] {
  return [
    ...charge({ ...person, ...labels }, daysAgo, usd),
    ...figure(billMetrics.difference, { ...person, reason }, daysAgo, usd),
  ];
}

function charges(daysAgo: number): Point[] {
  const open = daysAgo < unsettled;
  const both = { [models.usual]: 0.5, [models.small]: 0.5 };
  const boReports = daysAgo % 3 === 0;
  return [
    ...personsDay(ada, daysAgo, {
      reported: 4 + (daysAgo % 5) / 4,
      reasons: { price: 1, ...(open ? { provisional: 0.25 } : { unexplained: daysAgo % 4 === 0 ? 0.5 : 0 }) },
      shares: both,
    }),
    ...personsDay(bo, daysAgo, {
      reported: boReports ? 2 : 0,
      reasons: boReports
        ? { ...(daysAgo % 2 === 0 ? { never_charged: -0.5 } : {}), ...(daysAgo === 0 ? { delay: -0.25 } : {}) }
        : { not_reporting: 3 },
      shares: { [models.usual]: 1 },
    }),
    ...personsDay(chen, daysAgo, { reported: 1.5, reasons: {}, shares: { [models.large]: 1 } }),
    ...(daysAgo % 2 === 0
      ? foreign(
          { user: "ci" },
          { product: "claude_code", charged_to: "key", workspace: "Default", model: models.usual },
          "unmatched",
          daysAgo,
          1,
        )
      : []),
    ...foreign(
      { user: "svc_1" },
      { product: "api", charged_to: "service", model: models.small },
      "other_products",
      daysAgo,
      0.75,
    ),
    ...(daysAgo === 5 ? foreign({}, { product: "other", charged_to: "nobody" }, "other_products", daysAgo, 0.5) : []),
    ...(daysAgo % 7 === 3
      ? foreign(ada, { product: "chat", charged_to: "person", model: models.large }, "other_products", daysAgo, 2)
      : []),
  ];
}

function counts(daysAgo: number): Point[] {
  const { tokens, activity, toolDecisions, seats } = billMetrics;
  const ofAda = (name: string, value: number) => figure(activity, { ...ada, activity: name }, daysAgo, value);
  const decided = (tool: string, decision: string, value: number) =>
    figure(toolDecisions, { tool_name: tool, decision }, daysAgo, value);
  return [
    ...["input", "output", "cacheRead", "cacheCreation"].flatMap((type, index) =>
      figure(tokens, { model: models.usual, product: "claude_code", type }, daysAgo, (index + 1) * 1000 + daysAgo),
    ),
    ...figure(tokens, { product: "other", type: "input" }, daysAgo, 7),
    ...ofAda("sessions", 3),
    ...ofAda("lines_added", 40 + daysAgo),
    ...ofAda("lines_removed", 8),
    ...ofAda("commits", 2),
    ...ofAda("pull_requests", 1),
    ...figure(activity, { ...chen, activity: "sessions" }, daysAgo, 5),
    ...(daysAgo % 5 === 1 ? figure(activity, { ...dora, activity: "sessions" }, daysAgo, 4) : []),
    ...decided("Edit", "accept", 9),
    ...decided("Edit", "reject", 2),
    ...decided("Write", "accept", 4),
    ...figure(seats, { state: "bought" }, daysAgo, 20),
    // On one day nobody has used a seat.
    ...(daysAgo === 4 ? [] : figure(seats, { state: "used" }, daysAgo, 9 + (daysAgo % 4))),
  ];
}

/** The clients' own counts, of some hours. */
function ownCounts(daysAgo: number): Point[] {
  const at = (hours: number) => midnight(daysAgo) + hours * hourMs;
  const point = ({ prometheus: metric }: Metric, labels: Labels, hours: number, value: number): Point => {
    return { metric, labels: { ...labels, session_id: `${daysAgo}-${hours}` }, timeMs: at(hours), value };
  };
  return [
    point(metrics.cost, ada, 8, 1.25),
    point(metrics.cost, chen, 9, 0.5),
    point(metrics.sessions, ada, 8, 2),
    point(metrics.sessions, chen, 9, 5),
    point(metrics.lines, { ...ada, type: "added" }, 9, 31 + daysAgo),
    point(metrics.lines, { ...ada, type: "removed" }, 9, 7),
    point(metrics.commits, ada, 10, 2),
    point(metrics.pullRequests, ada, 11, 1),
  ];
}

/** Runs of the job by the pods that take turns: each day's first one reads three days. */
function runs(daysAgo: number): Point[] {
  const timeMs = midnight(daysAgo) + 5 * hourMs;
  const instance = `pod-${daysAgo % 2}`;
  const write = (
    { prometheus: metric }: Metric,
    labels: Labels,
    writtenMs: number,
    value = writtenMs / 1000,
  ): Point => {
    return { metric, labels: { instance, ...labels }, timeMs: writtenMs, value };
  };
  const read = [0, 1, 2].map((before) => {
    const day = new Date(midnight(daysAgo + before)).toISOString().slice(0, 10);
    return write(billTimes.dayRead, { day }, timeMs);
  });
  return [
    ...read,
    write(billTimes.refreshed, {}, timeMs, (timeMs - 4 * hourMs) / 1000),
    write(billTimes.run, { outcome: "complete" }, timeMs),
    write(billTimes.run, { outcome: "failed" }, timeMs + 90 * minuteMs),
    ...(daysAgo === 3 ? [write(billTimes.run, { outcome: "refused" }, timeMs + 3 * hourMs)] : []),
  ];
}

/** Five weeks as a job wrote them, and as clients reported them. */
export const billWorld: readonly Point[] = together(
  Array.from({ length }, (_, daysAgo) => daysAgo).flatMap((daysAgo) => [
    ...charges(daysAgo),
    ...counts(daysAgo),
    ...ownCounts(daysAgo),
    ...runs(daysAgo),
  ]),
);

/** Samples of one series and instant as one, in the order of time: blocks take no others. */
function together(points: readonly Point[]): Point[] {
  const known = new Map<string, Point>();
  for (const point of points) {
    const { metric, labels, timeMs, value } = point;
    const key = JSON.stringify([metric, timeMs, Object.entries(labels).sort()]);
    known.set(key, { ...point, value: (known.get(key)?.value ?? 0) + value });
  }
  return [...known.values()].sort((a, b) => a.timeMs - b.timeMs);
}
