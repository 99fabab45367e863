import assert from "node:assert/strict";

import { billDashboard } from "../../dashboards/bill/bill";
import { units } from "../../dashboards/kit/units";
import { texts } from "../../dashboards/text/texts";
import { billWorld } from "../history/bill-world";
import { describeQueries } from "../history/check";
import { billExpectations } from "../history/expect-bill";
import { type Answer, ask, parseModel, type Picked, variableValues } from "../history/grafana";
import { type LoadedHistory, loadHistory } from "../history/load";
import { historyEnd } from "../history/world";
import { day, dayMs } from "../../units";

/** Longer than the world: the clients' own metrics are read from raw series. */
const rawRangeMs = 400 * dayMs;

const model = parseModel(
  billDashboard({
    text: texts.en,
    timeZone: "UTC",
    rawRangeSeconds: rawRangeMs / 1000,
    dataSource: { type: "prometheus", uid: "test" },
    plan: { kind: "api" },
    monthlyBudget: undefined,
    minimumClientVersion: undefined,
    bill: { minCoverage: 0.95, maxUnexplainedUsd: 5, settleAfterSeconds: 2 * day },
  }).json,
);

/** Days, and intervals of a week. */
const widths = [300, 4];
const filters: readonly NonNullable<Picked["filters"]>[] = [
  {},
  { user: ["ada@example.com", "ci"] },
  { team: ["core"] },
  { user: ["bo@example.com"], team: ["core"] },
  { user: ["nobody@example.com"] },
];
const views: readonly Picked[] = [7 * day, 30 * day].flatMap((rangeSeconds) =>
  filters.flatMap((chosen) =>
    widths.map((maxDataPoints) => ({ toMs: historyEnd, rangeSeconds, filters: chosen, maxDataPoints })),
  ),
);

describe("the bill's panels, on a world of figures with corrections", function () {
  this.timeout(300_000);
  let history: LoadedHistory;

  before(async () => {
    history = await loadHistory(billWorld, 1);
  });

  after(async () => {
    await history.stop();
  });

  describeQueries(
    model,
    billExpectations,
    () => views,
    () => ({ url: history.url, points: billWorld, rawRangeMs }),
  );

  async function answers(title: string, picked: Picked): Promise<Answer[]> {
    const targets = model.panels.find((panel) => panel.title === title)?.targets ?? [];
    assert.ok(targets.length > 0, title);
    const values = await variableValues(history.url, model, picked);
    return Promise.all(targets.map(async (target) => (await ask(history.url, target, values, picked)).answer));
  }

  /** The sum of what an answer has at each instant. */
  function totals(answer: Answer | undefined): Map<number, number> {
    const entries = [...(answer ?? [])].map(([time, groups]) => {
      return [time, [...groups.values()].reduce((sum, value) => sum + value, 0)] as const;
    });
    return new Map(entries);
  }

  async function total(title: string, picked: Picked): Promise<number> {
    const [answer] = await answers(title, picked);
    return totals(answer).get(picked.toMs) ?? 0;
  }

  it("reported and all reasons together are what was charged, of whoever is picked", async () => {
    for (const picked of views) {
      const [charged, reported, difference, reasons] = await Promise.all(
        ["Charged", "Reported", "Difference", "Reasons of the difference"].map((title) => total(title, picked)),
      );
      assert.deepEqual([reported! + reasons!, difference], [charged, reasons], JSON.stringify(picked));
    }
    assert.ok((await total("Charged", views[0]!)) > 60);
  });

  it("reported and all reasons together are what was charged on each day", async () => {
    for (const picked of views) {
      const [charged, reported] = (await answers("Charged and reported by day", picked)).map(totals);
      const [reasons] = (await answers("Difference by reason and day", picked)).map(totals);
      for (const [time, usd] of charged!) {
        assert.equal((reported!.get(time) ?? 0) + (reasons!.get(time) ?? 0), usd, new Date(time).toISOString());
      }
    }
  });

  it("parts of what was charged add up to it: products, models, people and nobody's keys", async () => {
    for (const picked of views.filter((view) => Object.keys(view.filters ?? {}).length === 0)) {
      const charged = await total("Charged", picked);
      const models = await total("Charged and list price by model", picked);
      assert.deepEqual([await total("Charged by product", picked), models], [charged, charged]);
    }
  });

  it("every share is between 0 and 100 %", async () => {
    const shares = model.panels.filter(({ fieldConfig }) => fieldConfig?.defaults.unit === units.share);
    assert.equal(shares.length, 2);
    for (const picked of views) {
      for (const { title } of shares) {
        const values = (await answers(title, picked)).flatMap((answer) =>
          [...answer.values()].flatMap((groups) => [...groups.values()]),
        );
        assert.ok(
          values.every((value) => value >= 0 && value <= 1),
          `${title}: ${values.join(", ")}`,
        );
      }
    }
  });
});
