import assert from "node:assert/strict";

import { type Level, levels, timing } from "../../../dashboards/rollups/levels";
import { derivedRollups, Passes, primaryRollups } from "../../../dashboards/rollups/passes";
import {
  firstWindowEnd,
  labelText,
  openMetricsLines,
  recomputations,
  youngestWindow,
} from "../../../cli/recompute/recomputations";
import { rollupName, signals } from "../../../dashboards/signals";
import { loadParser, parses } from "../dashboards/promql";
import { hour } from "../../../units";

before(loadParser);

describe("recomputing a span of roll-ups", () => {
  const rounds = recomputations("again-1");

  it("asks for what no pass has booked, of raw samples first, and then of what that has added", () => {
    const passes = new Passes(timing);
    const expected = [primaryRollups(timing), derivedRollups(timing)].map((rollups) =>
      rollups.map((rollup) => [
        rollupName(rollup.signal, rollup.scope),
        passes.unbooked(rollup),
        rollup.level,
        { rollup_step: rollup.level.step, rollup_pass: "again-1" },
      ]),
    );
    assert.deepEqual(
      rounds.map((round) => round.map(({ record, expr, level, labels }) => [record, expr, level, labels])),
      expected,
    );
    assert.ok(rounds.flat().every(({ expr }) => parses(expr)));
  });

  it("adds no second mark of an evaluation, and takes what it added itself for booked", () => {
    const records = rounds.flat().map(({ record }) => record);
    assert.ok(!records.includes("claude_code:rollups:evaluated"));
    // What it writes has no lag, so the first pass's matchers find it.
    const { record, expr } = rounds[0]!.find((task) => task.record === rollupName(signals.cost, "device"))!;
    assert.ok(expr.includes(`-sum_over_time(${record}{rollup_step="5m",rollup_lag=""}[5m] offset -6m)`), expr);
    assert.doesNotMatch(expr, /rollup_pass/);
  });

  it("begins on an end of the level's windows, not before the span", () => {
    const ends = (level: Level, seconds: readonly number[]) => seconds.map((one) => firstWindowEnd(level, one));
    assert.deepEqual(ends(levels["5m"], [0, 1, 299, 300, 301]), [0, 300, 300, 300, 600]);
    // Five minutes before the full hour.
    assert.deepEqual(ends(levels["1h"], [1, 3299, 3300, 3301, hour]), [3300, 3300, 3300, 6900, 6900]);
    assert.equal(youngestWindow, 360);
  });

  it("writes samples under the recorded name, with the run's labels in place of the answer's", () => {
    const [first] = rounds[0]!;
    const answer = [
      {
        metric: { __name__: "other", user: "a", rollup_pass: "0" },
        values: [
          [300, "1.5"],
          [600, "-0.25"],
        ],
      },
      { metric: { user: "b" }, values: [] },
    ] as const;
    const series = `${first!.record}{user="a",rollup_pass="again-1",rollup_step="5m"}`;
    assert.equal(openMetricsLines(first!, answer), `${series} 1.5 300\n${series} -0.25 600\n`);
    assert.equal(openMetricsLines(first!, answer, 210), `${series} 1.5 510\n${series} -0.25 810\n`);
    assert.equal(openMetricsLines(first!, []), "");
  });

  it("escapes what would end a label's value", () => {
    assert.equal(labelText({ a: 'x"y\\z\n', b: "" }), 'a="x\\"y\\\\z\\n",b=""');
    assert.equal(labelText({}), "");
  });
});
