import assert from "node:assert/strict";

import type { AlertOptions, Budgets } from "../../../dashboards/alerts/options";
import type { DashboardOptions } from "../../../dashboards/options";
import { budgets } from "../../support/alerts/alert-options";
import { alertGroups, alerts } from "./alert-model";
import { seats } from "./dashboard-model";
import { loadParser, parses, selectors } from "./promql";

function withoutBudgets(more: Partial<Budgets> = {}): Pick<AlertOptions, "budgets"> {
  const none = { day: undefined, month: undefined };
  const noTeams = { day: new Map<string, number>(), month: new Map<string, number>() };
  return { budgets: { organisation: none, teams: noTeams, user: none, warningPercent: 80, ...more } };
}

function budgetUids(options: Partial<DashboardOptions>, alertOptions: Partial<AlertOptions>): string[] {
  return alerts(options, alertOptions).flatMap(({ uid, labels }) => (labels["topic"] === "budget" ? [uid] : []));
}

describe("alerts of budgets", () => {
  before(loadParser);

  it("are those that are configured, and no others", () => {
    assert.deepEqual(budgetUids({}, withoutBudgets()), []);
    assert.deepEqual(budgetUids({}, withoutBudgets({ organisation: { day: undefined, month: 500 } })), [
      ...["claude-budget-org-month-warning", "claude-budget-org-month-critical", "claude-budget-forecast"],
    ]);
    assert.deepEqual(budgetUids({}, withoutBudgets({ user: { day: 20, month: undefined } })), [
      ...["claude-budget-user-day-warning", "claude-budget-user-day-critical"],
    ]);
    assert.deepEqual(budgetUids({}, withoutBudgets({ teams: { ...budgets.teams, day: new Map() } })), [
      ...["claude-budget-team-month-warning", "claude-budget-team-month-critical"],
    ]);
  });

  it("leave no empty group", () => {
    assert.deepEqual(
      alertGroups({ bill: undefined }, withoutBudgets()).map(({ key }) => key),
      ["usage", "arrival", "health", "ledgers", "sessions"],
    );
  });

  it("count metered use alone: what says nothing counts by the plan", () => {
    for (const [plan, matcher] of [
      [{ kind: "api" }, 'claude_monitoring_billing!="seat"'],
      [seats, 'claude_monitoring_billing="metered"'],
    ] as const) {
      const ofBudgets = alerts({ plan }, { budgets }).filter(({ uid }) => uid.startsWith("claude-budget"));
      assert.equal(ofBudgets.length, budgetUids({}, { budgets }).length);
      for (const { expr, uid } of ofBudgets) {
        const spent = selectors(expr).filter(({ names }) => names.some((name) => name.includes("_USD")));
        assert.ok(spent.length > 0 && spent.every(({ matchers }) => matchers.includes(matcher)), uid);
      }
    }
  });

  it("warn at the configured share, and are critical at the whole", () => {
    const limits = alerts({}, { budgets: { ...budgets, warningPercent: 70 } })
      .filter(({ uid }) => /-(warning|critical)$/.test(uid))
      .map(({ uid, threshold, labels }) => [
        uid.split("-").at(-1),
        labels["severity"],
        threshold.type,
        threshold.value,
      ]);
    assert.deepEqual(new Set(limits.map(String)), new Set(["warning,warning,gt,0.7", "critical,critical,gt,1"]));
  });

  it("take a team's name as it is", () => {
    const day = new Map([['a "quoted" $1 \\ team', 5]]);
    const [{ expr } = { expr: "" }] = alerts({}, withoutBudgets({ teams: { day, month: new Map() } }));
    assert.ok(parses(expr));
    assert.ok(expr.includes('label_replace(vector(5), "team", "a \\"quoted\\" $$1 \\\\ team", "", "")'), expr);
  });
});
