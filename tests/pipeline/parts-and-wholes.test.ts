import assert from "node:assert/strict";

import { units } from "../../dashboards/kit/units";
import { metrics } from "../../telemetry/client-metrics";
import { ask, type Model, type Picked, variableValues } from "../history/grafana";
import { type LoadedHistory, loadHistory } from "../history/load";
import { rawRangeMs, testedDashboards } from "../history/tested-dashboards";
import { historyEnd, knownHistory } from "../history/world";

const day = 86_400;

/** Panels of one screen whose groups add up to the same. */
const equalTotals: Readonly<Record<string, readonly (readonly [string, ...string[]])[]>> = {
  "claude-code-monitoring-api": [
    ["Cost in range", "Cost by model", "Cost by location"],
    ["Tokens", "Tokens by type", "Tokens by location"],
    ["Sessions started", "Sessions by device"],
  ],
  "claude-code-spend": [
    ["Cost by team", "Cost by user", "Cost by repository"],
    ["Main, subagents, auxiliary", "Cost by skill", "Cost by agent", "Cost by plugin", "Cost by effort"],
  ],
};

/** Shares of a plan: more than planned may be used. */
const mayExceed = ["Budget used", "Change to the week before", "Seats used"];

/** A team of one who was there for weeks and one who began six minutes ago, too late for hourly roll-ups. */
const newTeam = "new";
const withNewcomer = [
  ...knownHistory(),
  ...[
    { user: "before@example.com", minutesAgo: 20 * 24 * 60 },
    { user: "before@example.com", minutesAgo: 6.5 },
    { user: "newcomer@example.com", minutesAgo: 6 },
  ].map(({ user, minutesAgo }) => ({
    metric: metrics.cost.prometheus,
    timeMs: historyEnd - minutesAgo * 60_000,
    value: 0.25,
    labels: { user, team: newTeam, location: "berlin", device: "laptop", session_id: `${user}-${minutesAgo}` },
  })),
].sort((a, b) => a.timeMs - b.timeMs);

describe("parts and wholes, on a known history", function () {
  this.timeout(300_000);
  let history: LoadedHistory;
  const views: readonly Picked[] = [3600, 6 * 3600, day, 7 * day, 60 * day].map((rangeSeconds) => ({
    toMs: historyEnd,
    rangeSeconds,
  }));
  const ofNewTeam = views.map((picked) => ({ ...picked, filters: { team: [newTeam] } }));

  before(async () => {
    history = await loadHistory(withNewcomer, 80);
  });

  after(async () => {
    await history.stop();
  });

  /** The values that a panel's first query gives. */
  async function valuesOf(model: Model, title: string, picked: Picked): Promise<number[]> {
    const target = model.panels.find((panel) => panel.title === title)?.targets?.[0];
    assert.ok(target, `${model.uid} has no panel ${title}`);
    const { answer } = await ask(history.url, target, await variableValues(history.url, model, picked), picked);
    return [...answer.values()].flatMap((groups) => [...groups.values()]);
  }

  for (const model of testedDashboards.filter(({ uid }) => uid in equalTotals)) {
    for (const titles of equalTotals[model.uid] ?? []) {
      it(`${titles.join(", ")}: the same total`, async () => {
        for (const picked of views) {
          const totals = await Promise.all(
            titles.map(async (title) => (await valuesOf(model, title, picked)).reduce((sum, value) => sum + value, 0)),
          );
          const [first = Number.NaN] = totals;
          assert.ok(first > 0, `${picked.rangeSeconds} s`);
          for (const total of totals) {
            assert.ok(Math.abs(total - first) < 1e-9 * first, `${picked.rangeSeconds} s: ${totals.join(", ")}`);
          }
        }
      });
    }
  }

  it("every share is between 0 and 100 %", async () => {
    let shares = 0;
    assert.ok(rawRangeMs < 7 * day * 1000, "long ranges are answered from roll-ups, which may be behind");
    for (const model of testedDashboards) {
      const ofShares = model.panels.filter(
        ({ title, fieldConfig }) => fieldConfig?.defaults.unit === units.share && !mayExceed.includes(title),
      );
      for (const { title } of ofShares) {
        for (const value of (
          await Promise.all([...views, ...ofNewTeam].map(async (view) => valuesOf(model, title, view)))
        ).flat()) {
          assert.ok(value >= 0 && value <= 1, `${model.uid}, ${title}: ${value}`);
          shares += 1;
        }
      }
    }
    assert.ok(shares > 100, `found ${shares} shares`);
  });
});
