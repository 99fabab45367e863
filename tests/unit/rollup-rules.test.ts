import assert from "node:assert/strict";

import { durationSeconds } from "../../components/units";
import { evaluationPhaseMs } from "../../dashboards/rollups/evaluation-phase";
import {
  checkedDayEnd,
  finestLevelRange,
  lagLabel,
  type Level,
  levels,
  longestLateness,
  rollupNames,
} from "../../dashboards/rollups/levels";
import { missingFrom, offsetBy, recordingRules, type RuleGroup } from "../../dashboards/rollups/rules";
import { rollupName, type Scope, type Signal, signals } from "../../dashboards/telemetry";
import { loadParser, parses, selectors } from "./promql";
import { everyScope, scopeLabels, scopesOf } from "./rollup-scope";

const hour = 3600;
const file = "/etc/prometheus/recording.rules.yaml";
const promisedLateness = 30 * hour;
const { groups } = recordingRules({ file, promisedLateness });
const everyLevel = Object.values<Level>(levels);
/** Every signal at every scope, in the order of the rules. */
const everyRollup = Object.values<Signal>(signals).flatMap((one) =>
  scopesOf(one).map((scope) => ({ signal: one, scope })),
);
/** A signal that no dashboard knows. */
const signal: Signal = { metric: "m_total", level: "level", dimensions: ["type"] };

function groupsOf({ step }: Level, kind: "pass" | "lag"): RuleGroup[] {
  return groups.filter(({ name }) => name.startsWith(`claude-code-rollups-${step}-${kind}-`));
}

/** Fails unless a group is evaluated about multiples of its interval, `offset` seconds after them and soon. */
function checkOffset({ name, interval, query_offset: offset }: RuleGroup, offsetSeconds: number): void {
  const intervalMs = durationSeconds(interval)! * 1000;
  const offsetMs = Number(/^(\d+)ms$/.exec(offset)?.[1]);
  assert.equal(offsetMs % intervalMs, evaluationPhaseMs(file, name, intervalMs / 1000), name);
  assert.ok(offsetMs >= offsetSeconds * 1000 && offsetMs < offsetSeconds * 1000 + 60_000, `${name}: ${offset}`);
}

/** Matchers that pick what one lag's passes of a level recorded. */
function matchersOf({ step }: Level, lag: number): string {
  return `rollup_step="${step}",rollup_lag="${lagLabel(lag)}"`;
}

before(loadParser);

describe("levels of roll-ups", () => {
  it("have windows that longer ones are made up of, and lags that move instants onto instants", () => {
    const steps = everyLevel.map(({ step }) => durationSeconds(step)!);
    assert.deepEqual(steps, [300, hour]);
    for (const { lags } of everyLevel) {
      assert.deepEqual(lags, everyLevel[0]!.lags, "a query asks every level for the same lags");
      assert.ok(lags.every((lag) => steps.every((step) => lag % step === 0)));
    }
  });

  it("record nothing that Prometheus would find too old", () => {
    for (const { passes, step } of everyLevel) {
      assert.ok(
        passes.every((offset) => offset + 60 < hour),
        step,
      );
    }
  });

  it("take from raw series at least what the first passes have not reached", () => {
    for (const { passes, head, step, lags } of everyLevel) {
      assert.ok(durationSeconds(head)! >= Math.max(...passes) + 2 * durationSeconds(step)!, step);
      assert.ok(durationSeconds(head)! > lags[0]!, `${step}: a missed window is covered until its first lag`);
      assert.equal(durationSeconds(head)! % durationSeconds(step)!, 0, step);
    }
    assert.ok(finestLevelRange / 300 <= 5000, "more samples for each series than a panel should read");
  });

  it("have a last lag that is the longest lateness, and names for them", () => {
    for (const { lags } of everyLevel) {
      assert.equal(Math.max(...lags), longestLateness);
      assert.deepEqual(
        [...lags].sort((a, b) => a - b),
        lags,
      );
    }
    assert.equal(lagLabel(0), "");
    assert.equal(lagLabel(7200), "7200s");
  });

  it("are final an hour after the first lag that no sample is later than", () => {
    const [first] = everyLevel[0]!.lags;
    assert.equal(checkedDayEnd(1), first! + hour);
    assert.equal(checkedDayEnd(30 * hour), 31 * hour);
    assert.equal(checkedDayEnd(30 * hour + 1), longestLateness + hour);
    assert.equal(checkedDayEnd(2 * longestLateness), longestLateness + hour);
  });
});

describe("recording rules", () => {
  it("are a group for each pass and each lag of a level, and one that checks", () => {
    let expected = 1;
    for (const level of everyLevel) {
      assert.equal(groupsOf(level, "pass").length, level.passes.length);
      assert.equal(groupsOf(level, "lag").length, level.lags.length);
      expected += level.passes.length + level.lags.length;
    }
    assert.equal(groups.length, expected);
    assert.equal(new Set(groups.map(({ name }) => name)).size, groups.length);
  });

  it("are evaluated about multiples of the interval, as late as the pass demands", () => {
    for (const level of everyLevel) {
      groupsOf(level, "pass").forEach((group, pass) => {
        assert.equal(group.interval, level.step);
        checkOffset(group, level.passes[pass]!);
      });
      groupsOf(level, "lag").forEach((group) => {
        assert.equal(group.interval, level.step);
        checkOffset(group, 0);
      });
    }
    checkOffset(groups.at(-1)!, 0);
  });

  it("find a name that suits, whatever the file", () => {
    for (const path of ["/a", "/b/c.yml", "/etc/prometheus/x.yaml"]) {
      for (const { name, interval, query_offset: offset } of recordingRules({ file: path, promisedLateness }).groups) {
        const intervalMs = durationSeconds(interval)! * 1000;
        assert.equal(
          Number(offset.replace("ms", "")) % intervalMs,
          evaluationPhaseMs(path, name, intervalMs / 1000),
          `${path} ${name}`,
        );
      }
    }
  });

  it("have the levels that are asked for", () => {
    const only = recordingRules({ file, promisedLateness, levels: [levels["1h"]] });
    assert.deepEqual(
      only.groups.map(({ name }) => name),
      groups.filter(({ name }) => !name.includes("-5m-")).map(({ name }) => name),
    );
  });

  it("record every signal at every scope and that the window was evaluated, each with what recorded it", () => {
    const records = [...everyRollup.map(({ signal: one, scope }) => rollupName(one, scope)), rollupNames.evaluated];
    const check = ({ rules }: RuleGroup, expected: object) => {
      assert.deepEqual(
        rules.map(({ record }) => record),
        records,
      );
      for (const { labels } of rules) {
        assert.deepEqual(labels, expected);
      }
      assert.equal(rules.at(-1)!.expr, "vector(1)");
    };
    for (const { step, lags, ...level } of everyLevel) {
      groupsOf({ step, lags, ...level }, "pass").forEach((group, pass) => {
        check(group, { rollup_step: step, rollup_pass: String(pass) });
      });
      groupsOf({ step, lags, ...level }, "lag").forEach((group, index) => {
        check(group, { rollup_step: step, rollup_pass: "late", rollup_lag: lagLabel(lags[index]!) });
      });
    }
  });

  it("keep a scope's labels and a signal's dimensions and drop the session, in windows as long as the step", () => {
    for (const level of everyLevel) {
      const [first] = groupsOf(level, "pass");
      everyRollup.forEach(({ signal: one, scope }, index) => {
        const by = [...scopeLabels[scope], ...one.dimensions].join(", ");
        assert.equal(first!.rules[index]!.expr, `sum by (${by}) (sum_over_time(${one.metric}[${level.step}]))`);
      });
    }
  });

  it("record in later passes only what all earlier ones lack", () => {
    for (const level of everyLevel) {
      for (const { rules } of groupsOf(level, "pass").slice(1)) {
        everyRollup.forEach(({ signal: one, scope }, index) => {
          assert.equal(rules[index]!.expr, missingFrom(one, scope, level, 0, [0]));
        });
      }
      groupsOf(level, "lag").forEach(({ rules }, lagIndex) => {
        const earlier = [0, ...level.lags.slice(0, lagIndex)];
        everyRollup.forEach(({ signal: one, scope }, index) => {
          assert.equal(rules[index]!.expr, missingFrom(one, scope, level, level.lags[lagIndex]!, earlier));
        });
      });
    }
  });

  it("check each level and scope of each signal against the raw samples of a day, once it is final", () => {
    const end = checkedDayEnd(promisedLateness);
    const check = groups.at(-1)!;
    assert.equal(check.interval, "1h");
    for (const [name, one] of Object.entries<Signal>(signals)) {
      const own = check.rules.filter(({ labels }) => labels["signal"] === name);
      const passes = (level: Level, scope: Scope) =>
        [0, ...level.lags].map(
          (lag) => `sum_over_time(${rollupName(one, scope)}{${matchersOf(level, lag)}}[1d]${offsetBy(end - lag)})`,
        );
      assert.deepEqual(
        own.map(({ record, labels, expr }) => [record, labels, expr]),
        [
          [
            "signal:claude_code_raw:sum_1d",
            { signal: name },
            `sum(sum_over_time(${one.metric}[1d] offset ${end}s)) or vector(0)`,
          ],
          ...everyLevel.flatMap((level) =>
            scopesOf(one).map((scope) => [
              "signal:claude_code_rollup:sum_1d",
              { signal: name, rollup_step: level.step, scope },
              `sum(${passes(level, scope).join(" or ")}) or vector(0)`,
            ]),
          ),
        ],
      );
    }
    assert.equal(check.rules.length, Object.keys(signals).length + everyLevel.length * everyRollup.length);
  });

  it("parse, and sum every amount up", () => {
    for (const { expr } of groups.flatMap(({ rules }) => rules)) {
      assert.ok(parses(expr), expr);
      for (const { windowFunction } of selectors(expr)) {
        assert.equal(windowFunction, "sum_over_time", expr);
      }
    }
  });
});

describe("what a roll-up lacks", () => {
  const level = levels["5m"];

  it("is a series that was not seen, or an amount above what was recorded", () => {
    for (const scope of everyScope) {
      const by = `sum by (${scopeLabels[scope].join(", ")}, type)`;
      const stored = `${by} (sum_over_time(m_total[5m]))`;
      const recorded = `${by} (sum_over_time(${scope}_level:m:sum{${matchersOf(level, 0)}}[1s]))`;
      assert.equal(
        missingFrom(signal, scope, level, 0, [0]),
        `(${stored} unless ${recorded}) or (${stored} - ${recorded} > 1e-9)`,
      );
    }
  });

  it("is asked about an earlier window where it is recorded late, from where each pass recorded it", () => {
    const query = missingFrom(signal, "user", level, 6 * hour, [0, 2 * hour]);
    assert.ok(parses(query));
    assert.ok(query.includes("m_total[5m] offset 21600s"));
    assert.ok(query.includes(`user_level:m:sum{${matchersOf(level, 0)}}[1s] offset 21600s`));
    assert.ok(query.includes(`user_level:m:sum{${matchersOf(level, 2 * hour)}}[1s] offset 14400s`));
  });

  it("moves by seconds, forward and back", () => {
    assert.deepEqual([0, 5, -5].map(offsetBy), ["", " offset 5s", " offset -5s"]);
  });
});
