import * as assert from "node:assert/strict";

import { overHttp, PrometheusApi } from "../../cli/prometheus-api";
import { labelText } from "../../cli/recompute/recomputations";
import { reportCsv } from "../../cli/report/csv";
import { readReport, type Report, type ReportStack } from "../../cli/report/report";
import type { Line } from "../../cli/report/table";
import { spendDashboard } from "../../dashboards/spend/spend";
import { texts } from "../../dashboards/text/texts";
import { billMetrics, billTimes } from "../../telemetry/bill";
import { metrics } from "../../telemetry/client-metrics";
import { day, dayMs, hourMs } from "../../units";
import { ask, parseModel, type Picked, variableValues } from "../history/grafana";
import { type LoadedHistory, loadHistory, type SelfSample } from "../history/load";
import { type Groups, groupKey, mapped, type Point, sums } from "../history/point";

const stack: ReportStack = {
  words: texts.en.report,
  plan: { kind: "api" },
  budgets: { organisation: 1000, teams: new Map([["web", 100]]), user: 50 },
  teams: [],
  retention: 400 * day,
};
const now = Date.parse("2026-04-05T00:00:00Z") / 1000;

/** March and the month before, written out: Berlin's clocks change on 29 March, New York's on 8 March. */
const zones = [
  { timeZone: "UTC", before: "2026-02-01T00:00Z", start: "2026-03-01T00:00Z", end: "2026-04-01T00:00Z" },
  { timeZone: "Europe/Berlin", before: "2026-01-31T23:00Z", start: "2026-02-28T23:00Z", end: "2026-03-31T22:00Z" },
  { timeZone: "America/New_York", before: "2026-02-01T05:00Z", start: "2026-03-01T05:00Z", end: "2026-04-01T04:00Z" },
  // Its midnight is the bill's noon.
  { timeZone: "Pacific/Tarawa", before: "2026-01-31T12:00Z", start: "2026-02-28T12:00Z", end: "2026-03-31T12:00Z" },
].map(({ timeZone, ...times }) => {
  const [before, start, end] = [times.before, times.start, times.end].map((text) => Date.parse(text));
  return { timeZone, before: before!, start: start!, end: end! };
});

const people: readonly Readonly<Record<string, string>>[] = [
  { user: "ada@example.com", team: "web", claude_monitoring_billing: "metered" },
  { user: "ada@example.com", team: "api" },
  { user: "bo@example.com", team: "web", claude_monitoring_billing: "seat" },
  { user: "cy@example.com", team: "api" },
  { user: "0f3a9c" },
];

/** Two months and a few days more, and points on and beside every edge. */
function points(): Point[] {
  const from = Date.parse("2026-01-31T06:00:00Z");
  const until = Date.parse("2026-04-02T00:00:00Z");
  const spread = Array.from(
    { length: Math.floor((until - from) / (1.9 * hourMs)) },
    (_, index) => from + index * 1.9 * hourMs,
  );
  const edges = zones.flatMap(({ before, start, end }) =>
    [before, start, end].flatMap((edge) => [edge - 1, edge, edge + 1]),
  );
  const times = [...new Set([...spread, ...edges])].sort((a, b) => a - b);
  return times.map((timeMs, index) => ({
    metric: metrics.cost.prometheus,
    timeMs,
    value: 0.01 + ((index * 7919) % 1009) / 997,
    labels: {
      ...people[index % people.length],
      model: index % 17 === 3 ? "other" : "claude-sonnet-4-5",
      session_id: `s-${index % 23}`,
      job: "claude-code",
    },
  }));
}

const kindOf = ({ labels }: Point) =>
  labels["model"] === "other" ? "guessed" : labels["claude_monitoring_billing"] === "seat" ? "seat" : "metered";

interface Charge {
  readonly timeMs: number;
  readonly value: number;
  readonly labels: Readonly<Record<string, string>>;
}

/** The bill of each UTC day, some corrected later. */
function charges(): Charge[] {
  const claude = { product: "claude_code", model: "claude-sonnet-4-5", workspace: "default" };
  const rows: readonly Readonly<Record<string, string>>[] = [
    { ...claude, charged_to: "person", user: "ada@example.com", team: "web" },
    { ...claude, charged_to: "person", user: "ada@example.com", team: "web", model: "claude-haiku-4-5" },
    { ...claude, charged_to: "person", user: "absent@example.com", team: "api" },
    { ...claude, charged_to: "key" },
    { ...claude, product: "chat", charged_to: "person", user: "bo@example.com", team: "web" },
  ];
  return Array.from({ length: 62 }, (_, index) => Date.parse("2026-01-30T12:00:00Z") + index * dayMs).flatMap(
    (noon, index) =>
      rows.flatMap((labels, row) => [
        { timeMs: noon, labels, value: 0.5 + ((index * 31 + row * 17) % 101) / 83 },
        ...((index + row) % 7 === 0 ? [{ timeMs: noon + 1000, labels, value: -0.123 }] : []),
      ]),
  );
}

function isWithin(from: number, to: number) {
  return ({ timeMs }: { readonly timeMs: number }) => timeMs >= from && timeMs < to;
}

function usdOf(amounts: readonly { readonly value: number }[]): number {
  return amounts.reduce((sum, { value }) => sum + value, 0);
}

describe("a report of a month", function () {
  this.timeout(120_000);
  const allPoints = points();
  const allCharges = charges();
  let history: LoadedHistory;

  before(async () => {
    const samples: SelfSample[] = [
      ...allCharges.map(({ labels, timeMs, value }) => ({
        series: `${billMetrics.charged.prometheus}{${labelText(labels)}}`,
        timeMs,
        value,
      })),
      ...Array.from({ length: 61 }, (_, index) => Date.parse("2026-01-31T18:00:00Z") + index * dayMs).map((timeMs) => ({
        series: `${billTimes.dayRead.prometheus}{day="${new Date(timeMs).toISOString().slice(0, 10)}"}`,
        timeMs,
        value: timeMs / 1000,
      })),
    ];
    history = await loadHistory(allPoints, 1, samples);
  });

  after(async () => {
    await history.stop();
  });

  function read(timeZone: string, team?: string): Promise<Report> {
    const prometheus = new PrometheusApi(overHttp(history.url));
    return readReport(prometheus, { month: "2026-03", timeZone, team }, stack, now);
  }

  for (const { timeZone, before, start, end } of zones) {
    it(`in ${timeZone} adds up to the clients' points and the bill's samples`, async () => {
      const { lines, days, notes } = await read(timeZone);
      const own = allPoints.filter(isWithin(start, end));
      const bill = allCharges.filter(isWithin(start, end));
      const total = lines.at(-1)!;
      for (const kind of ["metered", "seat", "guessed"] as const) {
        const ofKind = own.filter((point) => kindOf(point) === kind);
        assert.equal(total[kind], Math.round(usdOf(ofKind) * 100), kind);
        checkRows(lines, kind, (team, user) =>
          usdOf(ofKind.filter(({ labels }) => (labels["team"] ?? "") === team && labels["user"] === user)),
        );
        const byDay = days.reduce((sum, one) => sum + one[kind], 0);
        assert.ok(Math.abs(byDay - usdOf(ofKind)) < 1e-9, `${kind} by day: ${byDay}`);
      }
      assert.equal(total.charged, Math.round(usdOf(bill) * 100));
      checkRows(lines, "charged", (team, user) =>
        usdOf(
          bill.filter(
            ({ labels: { product, ...of } }) => product === "claude_code" && of["team"] === team && of["user"] === user,
          ),
        ),
      );
      const otherLines = lines.filter(({ kind }) => kind === "product" || kind === "unmatched");
      assert.deepEqual(
        otherLines.map(({ kind, team, name }) => [kind, team, name]),
        [
          ["product", "web", "chat"],
          ["unmatched", "", "key"],
        ],
      );
      const earlier = usdOf(allPoints.filter(isWithin(before, start)));
      assert.ok(Math.abs(total.change! - (usdOf(own) - earlier) / earlier) < 1e-6);
      const metered = own.filter((point) => kindOf(point) === "metered");
      assert.ok(Math.abs(total.used! - usdOf(metered) / 1000) < 1e-6);
      assert.equal(
        notes.some((note) => note.startsWith("The provider's days")),
        timeZone !== "UTC",
      );
      assert.ok(!notes.some((note) => note.startsWith("The bill was read")), notes.join(" "));
    });

    it(`in ${timeZone} says what the dashboard "Spend" says of the same range`, async () => {
      const { lines } = await read(timeZone);
      const picked: Picked = { toMs: end - 1, rangeSeconds: (end - start) / 1000 };
      for (const [letter, kind] of [
        ["A", "metered"],
        ["B", "seat"],
        ["C", "guessed"],
      ] as const) {
        const [byTeam, byUser] = [
          await shown("Metered and seats by team", letter),
          await shown("Metered and seats by user", letter),
        ];
        const teams = lines.filter((line) => line.kind === "team");
        assert.ok(byTeam.size > 0 && byUser.size > 0);
        for (const line of teams) {
          const usd = byTeam.get(groupKey({ team: line.team === "" ? "not set" : line.team })) ?? 0;
          assert.ok(Math.abs(line[kind]! - usd * 100) < 1, `${line.team} ${kind}: ${line[kind]}, ${usd}`);
        }
        const users = lines.filter((line) => line.kind === "user");
        const cents = sums(
          users.map((line) => ({ metric: "", timeMs: 0, value: line[kind]!, labels: { user: line.name } })),
          ["user"],
        );
        for (const [key, usd] of byUser) {
          // A cent for each of at most two teams.
          assert.ok(Math.abs(cents.get(key)! - usd * 100) < 2, `${key} ${kind}: ${cents.get(key)}, ${usd}`);
        }
        const whole = [...byTeam.values()].reduce((sum, usd) => sum + usd, 0);
        assert.equal(lines.at(-1)![kind], Math.round(whole * 100));
      }

      async function shown(title: string, refId: string): Promise<Groups> {
        const panel = spend.panels.find((one) => one.title === title)!;
        const target = panel.targets!.find((one) => one.refId === refId)!;
        const { answer } = await ask(history.url, target, await variableValues(history.url, spend, picked), picked);
        return mapped(answer.get(picked.toMs)!, (usd) => usd);
      }
    });
  }

  it("of a team has the amounts that the whole report has, and a file with a record for each line", async () => {
    const [all, web] = [await read("Europe/Berlin"), await read("Europe/Berlin", "web")];
    const amounts = ({ metered, seat, guessed, charged, budget, used, change }: Line) => [
      metered,
      seat,
      guessed,
      charged,
      budget,
      used,
      change,
    ];
    assert.deepEqual(web.lines.slice(0, -1).map(amounts), all.lines.filter(({ team }) => team === "web").map(amounts));
    const records = reportCsv(web).trimEnd().split("\r\n");
    assert.equal(records.length, 1 + web.lines.length + web.notes.length);
  });
});

const spend = parseModel(
  spendDashboard({
    text: texts.en,
    timeZone: "UTC",
    rawRangeSeconds: 32 * day,
    dataSource: { type: "prometheus", uid: "test" },
    plan: stack.plan,
    monthlyBudget: 1000,
    minimumClientVersion: undefined,
  }).json,
);

/** Each user's cents are their amount, rounded up or down; they add up to their team's and, with the rest, to the total. */
function checkRows(
  lines: readonly Line[],
  column: "metered" | "seat" | "guessed" | "charged",
  usd: (team: string, user: string) => number,
): void {
  const of = (...kinds: readonly Line["kind"][]) => lines.filter(({ kind }) => kinds.includes(kind));
  const sum = (some: readonly Line[]) => some.reduce((cents, line) => cents + (line[column] ?? 0), 0);
  for (const line of of("user")) {
    const exact = usd(line.team, line.name) * 100;
    assert.ok(Math.abs(line[column]! - exact) < 1, `${line.team} ${line.name}: ${line[column]}, ${exact}`);
  }
  for (const line of of("team")) {
    assert.equal(sum(of("user").filter(({ team }) => team === line.team)), line[column]);
  }
  assert.equal(sum(of("team", "product", "unmatched")), sum(of("total")));
}
