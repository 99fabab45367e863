import assert from "node:assert/strict";

import { finestLevelRange } from "../../../dashboards/rollups/levels";
import { longestDay, longestMonth, sourceFor } from "../../../dashboards/sources";
import {
  allFilters,
  type Filter,
  filterVariables,
  scopeVariables,
  sourceVariable,
} from "../../../dashboards/kit/variables";
import { builtVariable, defaultOptions, type Variable } from "./dashboard-model";
import { type Picked, scopeCases, variableValues } from "./grafana-variables";
import { answered } from "./label-replace";
import { day, hour } from "../../../units";

/** All variables of a dashboard with these filters, in its order. */
function variablesFor(filters: readonly Filter[] = allFilters, rawRangeSeconds = 6 * hour): Variable[] {
  const options = defaultOptions({ rawRangeSeconds });
  const all = [sourceVariable(options), ...filterVariables(options, filters), ...scopeVariables(options, filters)];
  return all.map(builtVariable);
}

/** Values of all variables, as Prometheus and Grafana would choose the hidden ones. */
function valuesFor(picked: Picked, { rangeSeconds = day, rawRangeSeconds = 6 * hour } = {}): Record<string, string> {
  return variableValues(variablesFor(allFilters, rawRangeSeconds), rangeSeconds, picked);
}

describe("the source of a range", () => {
  /** What the hidden variable picks for a range, as Prometheus and Grafana would: of raw series, none. */
  function picked(rangeSeconds: number, rawRangeSeconds: number): string | undefined {
    return valuesFor({}, { rangeSeconds, rawRangeSeconds })["step"];
  }

  it("is raw series up to the configured range, then the fine and then the coarse roll-up", () => {
    for (const [range, step] of [
      [60, ""],
      [6 * hour, ""],
      [6 * hour + 1, "5m"],
      [day, "5m"],
      [14 * day, "5m"],
      [14 * day + 1, "1h"],
      [400 * day, "1h"],
    ] as const) {
      assert.equal(picked(range, 6 * hour), step, `${range} s`);
    }
  });

  it("is raw series as far as is configured, and never the fine roll-up beyond what it answers", () => {
    for (const rawRange of [day, 48 * hour]) {
      assert.deepEqual(
        [rawRange, rawRange + 1, 14 * day, 14 * day + 1].map((range) => picked(range, rawRange)),
        ["", "5m", "5m", "1h"],
        String(rawRange),
      );
    }
    for (const rawRange of [14 * day, 30 * day]) {
      assert.deepEqual(
        [14 * day, rawRange, rawRange + 1, 90 * day].map((range) => picked(range, rawRange)),
        ["", "", "1h", "1h"],
        String(rawRange),
      );
    }
  });

  it("is the same for a window of a fixed length", () => {
    for (const rawRangeSeconds of [6 * hour, 48 * hour, 30 * day]) {
      for (const window of [3600, day, longestDay, 7 * day, 14 * day, 30 * day, longestMonth]) {
        const step = picked(window, rawRangeSeconds);
        assert.equal(sourceFor(window, { rawRangeSeconds }), step === "" ? "raw" : step, String(window));
      }
    }
    assert.equal(longestDay, 25 * hour);
    assert.ok(longestMonth === 31 * day + 3600 && longestMonth > finestLevelRange);
    assert.ok(finestLevelRange / 300 <= 5000, "more samples for each series than a panel should read");
  });

  it("is the fine roll-up until Prometheus has answered", () => {
    const values = valuesFor({}, { rangeSeconds: 7 * day });
    const hidden = variablesFor().filter(({ hide }) => hide === 2);
    for (const { name, current } of hidden) {
      assert.equal(current.value, values[name], name);
    }
    assert.deepEqual(
      hidden.map(({ name }) => name),
      ["step", "scope"],
    );
  });
});

describe("the scope of roll-ups", () => {
  it("is the narrowest that knows what is filtered by", () => {
    for (const { picked, scope } of scopeCases) {
      assert.equal(valuesFor(picked)["scope"], scope, JSON.stringify(picked));
    }
    for (const name of ["team", "location", "model"]) {
      assert.equal(valuesFor({ [name]: ["a"] })["scope"], "team", name);
    }
  });

  it("is no question where every scope knows the filters, and asks about those alone that there are", () => {
    const names = (filters: readonly Filter[]) => variablesFor(filters).map(({ name }) => name);
    assert.deepEqual(names(["team", "model"]), ["step", "team", "model"]);
    for (const filter of ["user", "device", "repository"] as const) {
      assert.deepEqual(names([filter]), ["step", filter, "scope"]);
      const scope = (picked: Picked) => variableValues(variablesFor([filter]), day, picked)["scope"];
      assert.equal(scope({}), "team");
      assert.equal(scope({ [filter]: ["a"] }), filter === "user" ? "user" : "device");
    }
  });

  it("does not depend on the range", () => {
    for (const rangeSeconds of [60, 7 * day, 90 * day]) {
      assert.equal(valuesFor({}, { rangeSeconds })["scope"], "team");
      assert.equal(valuesFor({ device: ["a"] }, { rangeSeconds })["scope"], "device");
    }
  });

  it("takes a name for what it is, whatever its characters", () => {
    for (const name of [".*", "..*", "[.][*]", "$1", "${1}", "$picked", "a.b+c@example.com", "a|b", "\\", "."]) {
      for (const names of [[name], [name, ".*"]]) {
        assert.equal(valuesFor({ user: names })["scope"], "user", name);
        for (const filter of ["device", "repository"]) {
          assert.equal(valuesFor({ [filter]: names })["scope"], "device", name);
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
