import assert from "node:assert/strict";

import { finestLevelRange, rawHeadRange } from "../../dashboards/rollups/levels";
import { longestDay, longestMonth, sourceFor } from "../../dashboards/sources";
import { type Filter, filterVariables, sourceVariables } from "../../dashboards/variables";
import { builtVariable, defaultOptions } from "./dashboard-model";
import { type Picked, scopeCases, variableValues } from "./grafana-variables";
import { answered } from "./label-replace";

const day = 24 * 3600;

/** Values of all variables, as Prometheus and Grafana would choose the hidden ones. */
function valuesFor(picked: Picked, { rangeSeconds = day, rawRangeSeconds = 6 * 3600 } = {}): Record<string, string> {
  const options = defaultOptions({ rawRangeSeconds });
  return variableValues(
    [...filterVariables(options), ...sourceVariables(options)].map(builtVariable),
    rangeSeconds,
    picked,
  );
}

describe("the source of a range", () => {
  /** What the hidden variables pick for a range, as Prometheus and Grafana would. */
  function picked(rangeSeconds: number, rawRangeSeconds: number): Record<string, string> {
    return valuesFor({}, { rangeSeconds, rawRangeSeconds });
  }

  /** What the hidden variables hold for each kind of range. */
  const tiers = {
    raw: { raw_series: "()", rolled_up: "off", rollup_step: "1m", rollup_head: "1m", rollup_fine: "off" },
    day: { raw_series: "off", rolled_up: "()", rollup_step: "5m", rollup_head: "130m", rollup_fine: "off" },
    fine: { raw_series: "off", rolled_up: "off", rollup_step: "5m", rollup_head: "130m", rollup_fine: "off" },
    coarse: { raw_series: "off", rolled_up: "off", rollup_step: "1h", rollup_head: "7h", rollup_fine: "5m" },
  } as const;

  function checkTier(rangeSeconds: number, rawRangeSeconds: number, tier: keyof typeof tiers): void {
    const values = picked(rangeSeconds, rawRangeSeconds);
    const chosen = Object.fromEntries(Object.keys(tiers.raw).map((name) => [name, values[name]]));
    assert.deepEqual(chosen, tiers[tier], `${rangeSeconds} s, raw up to ${rawRangeSeconds} s`);
  }

  it("is raw series up to the configured range, then the fine and then the coarse roll-up", () => {
    for (const [range, tier] of [
      [60, "raw"],
      [6 * 3600, "raw"],
      [6 * 3600 + 1, "day"],
      [day, "day"],
      [25 * 3600, "day"],
      [25 * 3600 + 1, "fine"],
      [14 * day, "fine"],
      [14 * day + 1, "coarse"],
      [400 * day, "coarse"],
    ] as const) {
      checkTier(range, 6 * 3600, tier);
    }
  });

  it("adds nothing from raw series to a roll-up where raw series answer a day", () => {
    for (const rawRange of [25 * 3600, 48 * 3600]) {
      checkTier(rawRange, rawRange, "raw");
      checkTier(rawRange + 1, rawRange, "fine");
      checkTier(14 * day + 1, rawRange, "coarse");
    }
  });

  it("never is raw series beyond what the fine roll-up answers", () => {
    for (const rawRange of [14 * day, 30 * day]) {
      checkTier(14 * day, rawRange, "raw");
      checkTier(14 * day + 1, rawRange, "coarse");
    }
  });

  it("is the same for a window of a fixed length", () => {
    for (const rawRangeSeconds of [6 * 3600, 48 * 3600, 30 * day]) {
      for (const window of [3600, day, longestDay, 7 * day, 14 * day, 30 * day, longestMonth]) {
        const { raw_series: rawSeries, rollup_step: step } = picked(window, rawRangeSeconds);
        assert.equal(sourceFor(window, { rawRangeSeconds }), rawSeries === "()" ? "raw" : step, String(window));
      }
    }
    assert.ok(longestDay === rawHeadRange && rawHeadRange === 25 * 3600);
    assert.ok(longestMonth === 31 * day + 3600 && longestMonth > finestLevelRange);
  });

  it("is the fine roll-up until Prometheus has answered", () => {
    const variables = sourceVariables(defaultOptions()).map(builtVariable);
    const values = valuesFor({}, { rangeSeconds: 7 * day });
    for (const { name, current } of variables) {
      assert.equal(current.value, values[name], name);
    }
    assert.deepEqual(
      variables.map(({ name }) => name),
      ["raw_series", "rolled_up", "rollup_step", "rollup_head", "rollup_fine", "rollup_scope", "rollup_user_scope"],
    );
  });

  it("switches raw series by a label that they lack", () => {
    for (const [pattern, found] of [
      ["()", true],
      ["off", false],
    ] as const) {
      assert.equal(new RegExp(`^(?:${pattern})$`).test(""), found);
    }
  });
});

describe("the scope of roll-ups", () => {
  it("is the narrowest that knows what is filtered by", () => {
    for (const { picked, scope, userScope } of scopeCases) {
      const values = valuesFor(picked);
      const chosen = [values["rollup_scope"], values["rollup_user_scope"]];
      assert.deepEqual(chosen, [scope, userScope], JSON.stringify(picked));
    }
    for (const name of ["team", "location", "model"]) {
      const values = valuesFor({ [name]: ["a"] });
      assert.deepEqual([values["rollup_scope"], values["rollup_user_scope"]], ["team", "user"], name);
    }
  });

  it("is no question where every scope knows the filters, and asks about those alone that there are", () => {
    const named = (filters: readonly Filter[]) =>
      [...filterVariables(defaultOptions(), filters), ...sourceVariables(defaultOptions(), filters)].map(builtVariable);
    const names = (filters: readonly Filter[]) => named(filters).map(({ name }) => name);
    const always = ["raw_series", "rolled_up", "rollup_step", "rollup_head", "rollup_fine"];
    assert.deepEqual(names(["team", "model"]), ["team", "model", ...always]);
    assert.deepEqual(names(["user"]), ["user", ...always, "rollup_scope", "rollup_user_scope"]);
    const scopes = (picked: Picked) => {
      const values = variableValues(named(["user"]), day, picked);
      return [values["rollup_scope"], values["rollup_user_scope"]];
    };
    assert.deepEqual(scopes({}), ["team", "user"]);
    assert.deepEqual(scopes({ user: ["a"] }), ["user", "user"]);
  });

  it("does not depend on the range", () => {
    for (const rangeSeconds of [60, 7 * day, 90 * day]) {
      assert.equal(valuesFor({}, { rangeSeconds })["rollup_scope"], "team");
      assert.equal(valuesFor({ device: ["a"] }, { rangeSeconds })["rollup_user_scope"], "device");
    }
  });

  it("takes a name for what it is, whatever its characters", () => {
    for (const name of [".*", "..*", "[.][*]", "$1", "${1}", "$picked", "a.b+c@example.com", "a|b", "\\", "."]) {
      for (const names of [[name], [name, ".*"]]) {
        assert.equal(valuesFor({ user: names })["rollup_scope"], "user", name);
        assert.equal(valuesFor({ user: names })["rollup_user_scope"], "user", name);
        for (const filter of ["device", "repository"]) {
          assert.equal(valuesFor({ [filter]: names })["rollup_scope"], "device", name);
          assert.equal(valuesFor({ [filter]: names })["rollup_user_scope"], "device", name);
        }
      }
    }
  });

  it("is chosen by label_replace as Prometheus defines it", () => {
    const labelsOf = (query: string) => answered(query).map((sample) => sample.labels);
    const on = (more: string) => `label_replace(label_replace(vector(1), "a", "x.y", "", ""), ${more})`;
    assert.deepEqual(labelsOf(on('"b", "v", "a", "x[.]y"')), [{ a: "x.y", b: "v" }]);
    assert.deepEqual(labelsOf(on('"b", "v", "a", "x"')), [{ a: "x.y" }], "the pattern must match all of the value");
    assert.deepEqual(labelsOf(on('"b", "$2$$${1}$3", "a", "(x).(y)"')), [{ a: "x.y", b: "y$x" }]);
    assert.deepEqual(labelsOf(on('"a", "", "", ""')), [{}], "an empty value removes the label");
    assert.deepEqual(labelsOf("vector(5) > 4 <= 5 or vector(6)"), [{}]);
    assert.deepEqual(labelsOf("vector(5) > 5 or vector(6) <= 5"), []);
    assert.throws(() => answered("vector(1) == 1"), /found " == 1"/);
  });
});
