import assert from "node:assert/strict";

import type { ChargedAmount, ReportedAmount, ReportedKind } from "../../../cli/report/amounts";
import { apportion, apportionGroups } from "../../../cli/report/apportion";
import { type Line, type MonthBudgets, tableOf } from "../../../cli/report/table";

const date = "2026-11-20";
const noBudgets: MonthBudgets = { organisation: undefined, teams: new Map(), user: undefined };

function spent(team: string, user: string, usd: number, kind: ReportedKind = "metered"): ReportedAmount {
  return { date, team, user, usd, kind };
}

function bill(team: string, user: string, usd: number, product = "claude_code", chargedTo = "person"): ChargedAmount {
  return { date, team, user, usd, product, chargedTo };
}

function named(lines: readonly Line[]): string[] {
  return lines.map(({ kind, team, name }) => `${kind} ${team}/${name}`);
}

function only(lines: readonly Line[], kind: Line["kind"], name = ""): Line {
  const found = lines.filter((line) => line.kind === kind && line.name === name);
  assert.equal(found.length, 1, `${kind} ${name}`);
  return found[0]!;
}

describe("whole parts of a whole", () => {
  it("add up to it, the largest remainders rounded up", () => {
    assert.deepEqual(apportion(100, [33.3, 33.4, 33.3]), [33, 34, 33]);
    assert.deepEqual(apportion(2, [0.5, 0.5, 0.5, 0.5]), [1, 1, 0, 0]);
    assert.deepEqual(apportion(-2, [-1.4, -0.4]), [-1, -1]);
    assert.deepEqual(apportion(0, []), []);
  });

  it("are those of groups, and of members that add up to them", () => {
    // 1.6 in all. Each group by itself would be rounded to nothing.
    assert.deepEqual(apportionGroups([[0.3, 0.1], [0.4], [0.4], [0.1, 0.3]]), {
      whole: 2,
      groups: [
        { whole: 1, members: [1, 0] },
        { whole: 1, members: [1] },
        { whole: 0, members: [0] },
        { whole: 0, members: [0, 0] },
      ],
    });
  });
});

describe("the table of a report", () => {
  it("prints cents that add up to the rounded true total, in each team and for all", () => {
    // Odd amounts: each user's cents alone would add up to something else.
    const reported = Array.from({ length: 97 }, (_, index) =>
      spent(`t${index % 7}`, `u${index}`, 0.004 + ((index * 7919) % 1000) / 173),
    );
    const lines = tableOf({ now: { reported, charged: [] }, before: undefined, budgets: noBudgets });
    const truth = reported.reduce((sum, { usd }) => sum + usd, 0);
    const total = only(lines, "total").metered!;
    assert.equal(total, Math.round(truth * 100));
    const sum = (kind: Line["kind"], team?: string) =>
      lines
        .filter((line) => line.kind === kind && (team === undefined || line.team === team))
        .reduce((cents, { metered = 0 }) => cents + metered, 0);
    assert.equal(sum("user"), total);
    assert.equal(sum("team"), total);
    lines
      .filter(({ kind }) => kind === "team")
      .forEach(({ team, metered }) => {
        assert.equal(sum("user", team), metered);
      });
    for (const { kind, name, metered } of lines.filter((line) => line.kind === "user")) {
      const { usd } = reported.find(({ user }) => user === name)!;
      assert.ok(Math.abs(metered! - usd * 100) < 1, `${kind} ${name}: ${metered}, ${usd}`);
    }
    const rounded = reported.reduce((cents, { usd }) => cents + Math.round(usd * 100), 0);
    assert.notEqual(rounded, total, "users' own cents would do");
    assert.equal(
      lines.filter(({ kind }) => kind === "user").reduce((shares, { share = 0 }) => shares + share, 0),
      1000,
    );
  });

  it("keeps metered cost, seats, guesses and charges apart, users by cost, teams by name", () => {
    const reported = [
      spent("web", "bo", 3),
      spent("web", "ada", 1.5),
      spent("web", "ada", 2.5, "seat"),
      spent("", "cy", 10, "guessed"),
      spent("api", "ada", 0.5),
      spent("web", "bo", 2),
    ];
    const charged = [bill("web", "bo", 4), bill("api", "dee", 1), bill("web", "bo", -0.5)];
    const lines = tableOf({ now: { reported, charged }, before: undefined, budgets: noBudgets });
    assert.deepEqual(named(lines), [
      "team api/",
      "user api/ada",
      "user api/dee",
      "team web/",
      "user web/bo",
      "user web/ada",
      "team /",
      "user /cy",
      "total /",
    ]);
    const cents = lines.map(({ metered, seat, guessed, charged: own }) => [metered, seat, guessed, own]);
    assert.deepEqual(cents, [
      [50, 0, 0, 100],
      [50, 0, 0, 0],
      [0, 0, 0, 100],
      [650, 250, 0, 350],
      [500, 0, 0, 350],
      [150, 250, 0, 0],
      [0, 0, 1000, 0],
      [0, 0, 1000, 0],
      [700, 250, 1000, 450],
    ]);
  });

  it("gives charges that are no user's of Claude Code lines of their own, so that the bill's total is whole", () => {
    const charged = [
      bill("web", "bo", 4),
      bill("web", "bo", 2, "chat"),
      bill("", "", 8, "chat", "key"),
      bill("", "", 16, "claude_code", "nobody"),
      bill("", "", 32, "claude_code", "key"),
      bill("web", "", 64, "claude_code", "service"),
    ];
    const now = { reported: [spent("web", "bo", 1)], charged };
    const lines = tableOf({ now, before: undefined, budgets: noBudgets });
    const own = lines.map(({ kind, team, name, charged: cents, metered }) => [kind, team, name, cents, metered]);
    assert.deepEqual(own, [
      ["team", "web", "", 400, 100],
      ["user", "web", "bo", 400, 100],
      ["product", "web", "chat", 200, undefined],
      ["product", "", "chat", 800, undefined],
      ["unmatched", "", "key", 3200, undefined],
      ["unmatched", "", "nobody", 1600, undefined],
      ["unmatched", "web", "service", 6400, undefined],
      ["total", "", "", 12_600, 100],
    ]);
    const ofTeam = tableOf({ now, before: undefined, budgets: noBudgets, team: "web" });
    assert.deepEqual(named(ofTeam), [
      "team web/",
      "user web/bo",
      "product web/chat",
      "unmatched web/service",
      "total /",
    ]);
    assert.equal(only(ofTeam, "total").charged, 7000);
  });

  it("has no charges where no bill was read", () => {
    const lines = tableOf({
      now: { reported: [spent("web", "bo", 1)], charged: [] },
      before: undefined,
      budgets: noBudgets,
    });
    assert.deepEqual(new Set(lines.map(({ charged }) => charged)), new Set([undefined]));
  });

  it("prints a team's report with the amounts of the whole one, and shares of its own total", () => {
    const reported = [spent("web", "bo", 1.004), spent("web", "ada", 3.004), spent("api", "cy", 5.004)];
    const args = { now: { reported, charged: [] }, before: undefined, budgets: noBudgets };
    const [all, web] = [tableOf(args), tableOf({ ...args, team: "web" })];
    assert.equal(only(all, "total").metered, 901);
    const ofWeb = all.filter(({ team }) => team === "web").map(({ metered }) => metered);
    assert.deepEqual(
      web.map(({ metered }) => metered),
      [...ofWeb, ofWeb[0]],
    );
    assert.deepEqual(
      web.map(({ share }) => share),
      [1000, 750, 250, 1000],
    );
    assert.deepEqual(
      all.filter(({ kind }) => kind === "team").map(({ share }) => share),
      [555, 445],
    );
  });

  it("counts metered cost against budgets, a user's over all teams", () => {
    const reported = [spent("web", "bo", 30), spent("web", "bo", 500, "seat"), spent("api", "bo", 20)];
    const budgets = {
      organisation: 200,
      teams: new Map([
        ["web", 60],
        ["idle", 5],
      ]),
      user: 100,
    };
    const lines = tableOf({ now: { reported, charged: [] }, before: undefined, budgets });
    assert.deepEqual(
      lines.map(({ kind, team, budget, used }) => [kind, team, budget, used]),
      [
        ["team", "api", undefined, undefined],
        ["user", "api", 100, 0.5],
        ["team", "web", 60, 0.5],
        ["user", "web", 100, 0.5],
        ["total", "", 200, 0.25],
      ],
    );
    // The organisation's budget is none of a team's.
    assert.equal(
      only(tableOf({ now: { reported, charged: [] }, before: undefined, budgets, team: "web" }), "total").used,
      undefined,
    );
  });

  it("compares with the month before, which may have had other people", () => {
    const now = { reported: [spent("web", "bo", 30), spent("web", "new", 10)], charged: [] };
    const before = [
      spent("web", "bo", 20),
      spent("web", "bo", 20, "seat"),
      spent("web", "gone", 40),
      spent("old", "x", 20),
    ];
    const lines = tableOf({ now, before, budgets: noBudgets });
    assert.deepEqual(named(lines), ["team web/", "user web/bo", "user web/new", "total /"]);
    // 40 of 80, 30 of 40, nothing to compare with, 40 of 100.
    assert.deepEqual(
      lines.map(({ change }) => change),
      [-0.5, -0.25, undefined, -0.6],
    );
  });

  it("of a month without usage is a total of nothing", () => {
    const lines = tableOf({ now: { reported: [], charged: [] }, before: [], budgets: noBudgets });
    assert.deepEqual(named(lines), ["total /"]);
    assert.deepEqual([lines[0]!.metered, lines[0]!.share, lines[0]!.change], [0, undefined, undefined]);
  });
});
