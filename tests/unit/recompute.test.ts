import assert from "node:assert/strict";

import { durationSeconds } from "../../components/units";
import { type Level, levels, rollupNames } from "../../dashboards/rollups/levels";
import { firstInstant, labelText, openMetricsLines, recomputations } from "../../dashboards/rollups/recompute";
import { missingFrom } from "../../dashboards/rollups/rules";
import { rollupName, type Signal, signals } from "../../dashboards/telemetry";
import { loadParser, parses } from "./promql";
import { scopesOf } from "./rollup-scope";

const everyLevel = Object.values<Level>(levels);

before(loadParser);

describe("recomputing a span of roll-ups", () => {
  const all = recomputations("again-1");

  it("asks for what each signal lacks at each level and scope, at the roll-up's own instants", () => {
    const expected = everyLevel.flatMap((level) =>
      Object.values<Signal>(signals).flatMap((signal) =>
        scopesOf(signal).map((scope) => [
          rollupName(signal, scope),
          missingFrom(signal, scope, level, 0, [0, ...level.lags]),
          durationSeconds(level.step),
          { rollup_step: level.step, rollup_pass: "again-1" },
        ]),
      ),
    );
    const asked = all.filter(({ record }) => record !== rollupNames.evaluated);
    assert.deepEqual(
      asked.map(({ record, expr, stepSeconds, labels }) => [record, expr, stepSeconds, labels]),
      expected,
    );
  });

  it("marks as evaluated only what is not", () => {
    const marks = all.filter(({ record }) => record === rollupNames.evaluated);
    assert.deepEqual(
      marks.map(({ expr }) => expr),
      everyLevel.map(
        ({ step }) => `vector(1) unless on () claude_code:rollups:evaluated{rollup_step="${step}",rollup_lag=""}`,
      ),
    );
    assert.ok(all.every(({ expr }) => parses(expr)));
  });

  it("begins on an instant of the roll-up, not before the span", () => {
    assert.deepEqual(
      [0, 1, 299, 300, 301].map((seconds) => firstInstant(300, seconds)),
      [0, 300, 300, 300, 600],
    );
  });

  it("writes samples under the recorded name, with the run's labels in place of the answer's", () => {
    const [first] = all;
    const answer = [
      {
        metric: { __name__: "other", user: "a", rollup_pass: "0" },
        values: [
          [300, "1.5"],
          [600, "0.25"],
        ],
      },
      { metric: { user: "b" }, values: [] },
    ] as const;
    const series = `${first!.record}{user="a",rollup_pass="again-1",rollup_step="5m"}`;
    assert.equal(openMetricsLines(first!, answer), `${series} 1.5 300\n${series} 0.25 600\n`);
    assert.equal(openMetricsLines(first!, []), "");
  });

  it("escapes what would end a label's value", () => {
    assert.equal(labelText({ a: 'x"y\\z\n', b: "" }), 'a="x\\"y\\\\z\\n",b=""');
    assert.equal(labelText({}), "");
  });
});
