import assert from "node:assert/strict";

import { rulesFileText } from "../../../components/prometheus/config";
import { day, durationSeconds, hour, minute } from "../../../units";
import { checkedDayEnd, lagLabel, type Level, levels, timing } from "../../../dashboards/rollups/levels";
import { longestLateness, usualLateness } from "../../../dashboards/rollups/levels";
import { derivedRollups, Passes, primaryRollups, type Rollup } from "../../../dashboards/rollups/passes";
import { recordingRules } from "../../../dashboards/rollups/rules";
import { rollupName, type Scope, type Signal, signals } from "../../../dashboards/signals";
import { calledFunctions, loadParser, parses, selectors } from "./promql";
import { everyScope, scopeLabels, scopesOf } from "./rollup-scope";
import { mostRuleBytes } from "./rule-bytes";

const promised = { promisedLateness: 30 * hour, retentionSeconds: 400 * day };
const file = recordingRules(promised);
const rules = file.groups.flatMap((group) => group.rules);
const everyLevel = Object.values<Level>(levels);
const everySignal = Object.values<Signal>(signals);
const usual = { ...timing, lateLags: timing.lateLags.filter((lag) => lag <= usualLateness) };
const [primary, derived] = [primaryRollups(timing), derivedRollups(timing)];

/** A signal that no dashboard knows. */
const signal: Signal = { metric: "m_total", level: "level", dimensions: ["type"] };
/** Two late passes, so that expectations can be written out. */
const passes = new Passes({ ...timing, lateLags: [2 * hour, 6 * hour] });
const [fine, coarse] = [levels["5m"], levels["1h"]];
const byDevice = "sum by (team, location, claude_monitoring_demo, user, device, vcs_repository_name, type)";
const byTeam = "sum by (team, location, claude_monitoring_demo, type)";

function keyOf({ signal: { metric, level }, scope, level: { step } }: Rollup): string {
  return `${metric} ${level} ${scope} ${step}`;
}

before(loadParser);

describe("levels of roll-ups", () => {
  it("have windows that longer ones are made up of, and lags that move windows onto windows", () => {
    assert.deepEqual(
      everyLevel.map(({ step, stepSeconds }) => [durationSeconds(step), stepSeconds]),
      [
        [5 * minute, 5 * minute],
        [hour, hour],
      ],
    );
    assert.deepEqual([timing.fine, timing.coarse], everyLevel);
    for (const lag of timing.lateLags) {
      assert.equal(lag % timing.fine.stepSeconds, 0, String(lag));
    }
    // Of the coarse level, too.
    assert.equal(timing.repairLag % timing.coarse.stepSeconds, 0);
  });

  it("have lags that ascend to the longest lateness, and names for them", () => {
    const { lateLags, repairLag } = timing;
    assert.deepEqual(
      [...new Set(lateLags)].sort((a, b) => a - b),
      lateLags,
    );
    assert.equal(lateLags.at(-1), longestLateness);
    assert.ok(lateLags.includes(usualLateness));
    assert.deepEqual([usualLateness, longestLateness], [8 * day, 15 * day]);
    // A name that both had would mean two passes.
    assert.ok(!lateLags.includes(repairLag));
    assert.equal(lagLabel(0), "");
    assert.equal(lagLabel(7200), "7200s");
  });

  it("are final an hour after the first lag that no sample is later than", () => {
    assert.equal(checkedDayEnd(1), 3 * hour);
    assert.equal(checkedDayEnd(30 * hour), 31 * hour);
    assert.equal(checkedDayEnd(30 * hour + 1), 8 * day + hour);
    assert.equal(checkedDayEnd(16 * day), 15 * day + hour);
  });
});

describe("roll-ups", () => {
  it("are every signal's at every scope and level, once each", () => {
    const expected = everySignal.flatMap((one) =>
      scopesOf(one).flatMap((scope) => everyLevel.map((level) => keyOf({ signal: one, scope, level }))),
    );
    assert.deepEqual([...primary, ...derived].map(keyOf).sort(), expected.sort());
    assert.equal(new Set(expected).size, expected.length);
  });

  it("are computed from raw samples where they have all labels, at the fine level, and there alone", () => {
    assert.deepEqual(
      primary.map(keyOf),
      everySignal.map((one) => keyOf({ signal: one, scope: scopesOf(one).at(-1)!, level: fine })),
    );
    for (const rollup of [...primary, ...derived]) {
      const isRaw = primary.includes(rollup);
      const asked = selectors(new Passes(timing).bookings(rollup)).map(({ metric }) => metric);
      const widest = rollupName(rollup.signal, scopesOf(rollup.signal).at(-1)!);
      const own = rollupName(rollup.signal, rollup.scope);
      assert.deepEqual(new Set(asked), new Set([isRaw ? rollup.signal.metric : widest, own]), keyOf(rollup));
    }
  });
});

describe("recording rules", () => {
  it("are one group, evaluated as often as the fine level has windows", () => {
    const [group, ...others] = file.groups;
    assert.deepEqual(others, []);
    assert.deepEqual([group!.name, group!.interval], ["claude-code-roll-ups", "5m"]);
  });

  it("record every roll-up and that its level was evaluated, the fine level first, and then the check", () => {
    const recorded = (level: Level, rollups: readonly Rollup[]) => [
      ...rollups.map(({ signal: one, scope }) => [rollupName(one, scope), { rollup_step: level.step }]),
      ["claude_code:rollups:evaluated", { rollup_step: level.step }],
    ];
    const ofLevel = (level: Level) => derived.filter((rollup) => rollup.level === level);
    const checked = rules.length - primary.length - derived.length - everyLevel.length;
    assert.deepEqual(
      rules.slice(0, -checked).map(({ record, labels }) => [record, labels]),
      [...recorded(fine, [...primary, ...ofLevel(fine)]), ...recorded(coarse, ofLevel(coarse))],
    );
    assert.ok(rules.slice(-checked).every(({ record }) => record === "signal:claude_code_rollup_difference:sum_1d"));
  });

  it("ask at the last full five minutes that are a minute ago, and about hours once an hour", () => {
    const all = new Passes(usual);
    const rollups = [...primary, ...derived.filter(({ level }) => level === fine)];
    const expected = [...rollups.map((rollup) => all.bookings(rollup)), "vector(1)"];
    assert.deepEqual(
      rules.slice(0, expected.length).map(({ expr }) => expr),
      expected.map((expr) => `last_over_time((${expr})[5m:5m] offset 60001ms)`),
    );
    const hourly = rules.slice(expected.length).map(({ expr }) => expr);
    const bookings = derived.filter(({ level }) => level === coarse).map((rollup) => all.bookings(rollup));
    [...bookings, "vector(1)"].forEach((expr, index) => {
      assert.equal(hourly[index], `last_over_time(((${expr}) and on () (minute() == 55))[5m:5m] offset 60001ms)`);
    });
    for (const expr of hourly) {
      assert.ok(expr.endsWith(") and on () (minute() == 55))[5m:5m] offset 60001ms)"), expr);
    }
  });

  it("compare a final day's money and tokens with what they are computed from, where this version began the day", () => {
    const differences = rules.filter(({ record }) => record === "signal:claude_code_rollup_difference:sum_1d");
    const expected = Object.entries({ cost: signals.cost, tokens: signals.tokens }).flatMap(([name, one]) =>
      everyScope.flatMap((scope) => everyLevel.map((level) => ({ name, rollup: { signal: one, scope, level } }))),
    );
    assert.equal(differences.length, expected.length);
    for (const { name, rollup } of expected) {
      const { scope, level } = rollup;
      const labels = { signal: name, scope, rollup_step: level.step };
      const own = differences.filter((rule) => JSON.stringify(rule.labels) === JSON.stringify(labels));
      assert.equal(own.length, 1, JSON.stringify(labels));
      // The day and 31 hours, less the six minutes in which a window is the newest.
      const known = 'claude_code:rollups:evaluated{rollup_step="5m",rollup_pass=""}[5m] offset 3294m';
      const expr = `${new Passes(usual).dayDifference(rollup, 31 * hour)} and on () count_over_time(${known})`;
      assert.ok(own[0]!.expr.includes(`((${expr}) and on ()`), own[0]!.expr);
    }
  });

  it("leave out passes over windows that are no longer kept, which would take back what they booked", () => {
    const lagsOf = (retentionSeconds: number, own = promised) => {
      const { expr } = recordingRules({ ...own, retentionSeconds }).groups[0]!.rules[0]!;
      return [...expr.matchAll(/, "rollup_lag", "(\d+)s", "", ""\)/g)].map(([, lag]) => Number(lag));
    };
    assert.deepEqual(lagsOf(400 * day), usual.lateLags);
    assert.deepEqual(lagsOf(8 * day + 2 * hour), usual.lateLags);
    assert.deepEqual(lagsOf(400 * day, { ...promised, promisedLateness: 8 * day + hour }), timing.lateLags);
    for (const retention of [8 * day, 8 * day + hour, 2 * day]) {
      assert.deepEqual(lagsOf(retention), [2 * hour, 6 * hour, 30 * hour]);
    }
    assert.deepEqual(lagsOf(30 * hour), [2 * hour, 6 * hour]);
  });

  it("parse, and sum every amount up", () => {
    for (const { expr } of rules) {
      assert.ok(parses(expr), expr);
      for (const { metric, windowFunction } of selectors(expr)) {
        const isMark = metric === "claude_code:rollups:evaluated";
        assert.equal(windowFunction, isMark ? "count_over_time" : "sum_over_time", expr);
      }
      assert.ok(!calledFunctions(expr).some((name) => /^(rate|increase|delta)$/.test(name)), expr);
    }
  });

  it("round to powers of two, whose inverse is exact: dollars to a billionth, all else to a millionth", () => {
    for (const { record, expr } of rules) {
      const expected = record.includes("_USD") ? "2^-30" : "2^-20";
      const roundings = expr.split("round(").length - 1;
      assert.equal(expr.split(`), ${expected}) != 0`).length - 1, roundings, record);
    }
    // Prometheus divides by the inverse.
    assert.deepEqual([1 / 2 ** -30, 1 / 2 ** -20], [2 ** 30, 2 ** 20]);
    assert.notEqual(1 / 1e-9, 1e9);
  });

  it("are few and short: they are read by people, and kept in a ConfigMap", () => {
    assert.ok(rules.length <= 400, `found ${rules.length} rules`);
    const bytes = Buffer.byteLength(rulesFileText(file));
    assert.ok(bytes <= mostRuleBytes, `found ${bytes} bytes`);
  });
});

describe("the passes of a roll-up from raw samples", () => {
  const rollup = { signal, scope: "device", level: fine } as const;

  /** What a pass booked of a window, by how long after the window's end the samples are looked for to lie. */
  const booked = (lag: string, offset: string) =>
    `-sum_over_time(device_level:m:sum{rollup_step="5m",rollup_lag="${lag}"}[5m] offset ${offset})`;

  it("book the newest window, and of earlier ones what is missing or too much, by the pass that finds it", () => {
    // An evaluation comes up to six minutes after its window: 2 h less 6 min are 114 min.
    const first = `${byDevice} (sum_over_time(m_total[5m]))`;
    const second = `sum_over_time(m_total[5m] offset 2h) or ${booked("", "114m")}`;
    const third = `sum_over_time(m_total[5m] offset 6h) or ${booked("", "354m")} or ${booked("7200s", "234m")}`;
    const correction = (missing: string, lag: string) =>
      `label_replace(round(${byDevice} (${missing}), 2^-20) != 0, "rollup_lag", "${lag}", "", "")`;
    assert.equal(passes.first(rollup), first);
    assert.equal(
      passes.bookings(rollup),
      `${first} or ${correction(second, "7200s")} or ${correction(third, "21600s")}`,
    );
  });

  it("leave unbooked what none of them has booked of a window, unrounded", () => {
    const all = [booked("", "-6m"), booked("7200s", "-126m"), booked("21600s", "-366m")];
    const missing = `${byDevice} (sum_over_time(m_total[5m]) or ${all.join(" or ")})`;
    assert.equal(passes.unbooked(rollup), `${missing} and round(${missing}, 2^-20) != 0`);
  });

  it("differ over a day by all that they booked, at its own time, less the raw samples", () => {
    const parts = [
      ["", "54m"],
      ["7200s", "-66m"],
      ["21600s", "-306m"],
    ].map(
      ([lag, offset]) =>
        `sum_over_time(device_level:m:sum{rollup_step="5m",rollup_lag="${lag!}"}[1d] offset ${offset!})`,
    );
    assert.equal(
      passes.dayDifference(rollup, hour),
      `(sum(${parts.join(" or ")}) or vector(0)) - (sum(sum_over_time(m_total[1d] offset 1h)) or vector(0))`,
    );
  });

  it("book empty buckets, too, once: a quantile needs them", () => {
    const histogram: Signal = { ...signal, dimensions: ["le"], scopes: ["team"] };
    const one = new Passes({ ...timing, lateLags: [2 * hour] });
    const by = byTeam.replace("type", "le");
    const raw = "sum_over_time(m_total[5m] offset 2h)";
    const own = 'sum_over_time(team_level:m:sum{rollup_step="5m",rollup_lag=""}[5m] offset 114m)';
    assert.equal(
      one.bookings({ signal: histogram, scope: "team", level: fine }),
      `${by} (sum_over_time(m_total[5m])) or label_replace((round(${by} (${raw} or -${own}), 2^-20) != 0` +
        ` or (${by} (${raw}) unless ${by} (${own}))), "rollup_lag", "7200s", "", "")`,
    );
  });
});

describe("the passes of a roll-up from another", () => {
  const widest = (window: string, offset: string) =>
    `sum_over_time(device_level:m:sum{rollup_step="5m"}[${window}] offset ${offset})`;

  function expected(scope: Scope, step: string, by: string, source: (offset: string) => string): string {
    const own = `sum_over_time(${scope}_level:m:sum{rollup_step="${step}",rollup_lag!="14400s"}[${step}] offset 234m)`;
    const missing = `round(${by} (${source("234m")} or -${own}), 2^-20) != 0`;
    return `${by} (${source("-6m")}) or label_replace(${missing}, "rollup_lag", "14400s", "", "")`;
  }

  it("add up what all passes of the widest scope booked while the window was the newest, and repair it once", () => {
    for (const [scope, by] of [
      ["team", byTeam],
      ["device", byDevice],
    ] as const) {
      assert.equal(
        passes.bookings({ signal, scope, level: coarse }),
        expected(scope, "1h", by, (offset) => widest("1h", offset)),
      );
    }
  });

  it("keep series of the same level apart from their own: `or` would drop those with equal labels", () => {
    const apart = (offset: string) => `label_replace(${widest("5m", offset)}, "rollup_step", "", "", "")`;
    assert.equal(passes.bookings({ signal, scope: "team", level: fine }), expected("team", "5m", byTeam, apart));
    // At another level, the step tells them apart.
    for (const rollup of derived) {
      const isApart = new Passes(timing).bookings(rollup).includes(', "rollup_step", "", "", "")');
      assert.equal(isApart, rollup.level === fine, keyOf(rollup));
    }
  });

  it("keep a scope's labels and a signal's dimensions, and no session", () => {
    for (const rollup of [...primary, ...derived]) {
      const by = [...scopeLabels[rollup.scope], ...rollup.signal.dimensions];
      assert.ok(!by.includes("session_id"), keyOf(rollup));
      for (const { groupedBy } of selectors(new Passes(timing).bookings(rollup))) {
        assert.deepEqual(groupedBy, by, keyOf(rollup));
      }
    }
  });
});
