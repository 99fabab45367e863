import assert from "node:assert/strict";

import { amount, type AmountOptions, rollupScope, trend } from "../../dashboards/queries/amount";
import { calendarAmount } from "../../dashboards/queries/calendar";
import { levels } from "../../dashboards/rollups/levels";
import { rollupDimensions, rollupName, type Signal, signals } from "../../dashboards/telemetry";
import { filterMatchers } from "../../dashboards/variables";
import { loadParser, parses } from "./promql";
import { scopesOf } from "./rollup-scope";

const signal: Signal = { metric: "m_total", level: "level", dimensions: ["type"] };

before(loadParser);

describe("the scope of the roll-up that is read", () => {
  const filters = [...filterMatchers];
  const cases: readonly (readonly [Pick<AmountOptions, "by" | "matchers">, string])[] = [
    [{}, "team"],
    [{ by: [], matchers: [] }, "team"],
    [{ by: ["team", "location", "claude_monitoring_demo", "model", "type"] }, "team"],
    [{ by: ["user"] }, "user"],
    [{ by: ["model", "user", "team"] }, "user"],
    [{ by: ["device"] }, "device"],
    [{ by: ["vcs_repository_name"] }, "device"],
    [{ by: ["user", "device"] }, "device"],
    [{ matchers: ['user="a"'] }, "user"],
    [{ matchers: ['user!=""'] }, "user"],
    [{ matchers: ['user=~"a|b"'] }, "user"],
    [{ matchers: ['device="a"'] }, "device"],
    [{ matchers: ['vcs_repository_name!~"a"'] }, "device"],
    [{ matchers: ['user="a"', 'device="b"'] }, "device"],
    [{ matchers: ['user="a"'], by: ["vcs_repository_name"] }, "device"],
    [{ matchers: ['device="a"'], by: ["user"] }, "device"],
    [{ matchers: ['team="user"', 'location!="device"'] }, "team"],
    [{ matchers: ['claude_monitoring_demo=""'] }, "team"],
    [{ matchers: ['claude_monitoring_demo=""'], by: ["user"] }, "user"],
    [{ matchers: ['user_agent="a"'] }, "team"],
    [{ matchers: filters }, "${rollup_scope}"],
    [{ matchers: ['team=~"$team"', 'model=~"$model"', 'location=~"$location"'] }, "team"],
    [{ matchers: ['user=~"$user"'] }, "${rollup_scope}"],
    [{ matchers: ['user=~"$user"'], by: ["user"] }, "user"],
    [{ matchers: ['device=~"$device"'], by: ["user"] }, "${rollup_user_scope}"],
    [{ matchers: [...filters, 'claude_monitoring_demo=""', 'type="added"'], by: ["team", "model"] }, "${rollup_scope}"],
    [{ matchers: filters, by: ["team", "user"] }, "${rollup_user_scope}"],
    [{ matchers: [...filters, 'user="a"'] }, "${rollup_user_scope}"],
    [{ matchers: filters, by: ["device"] }, "device"],
    [{ matchers: filters, by: ["user", "vcs_repository_name"] }, "device"],
    [{ matchers: [...filters, 'device="a"'] }, "device"],
  ];

  it("is the narrowest with the labels grouped and matched by, and the dashboard's where it filters", () => {
    for (const [options, scope] of cases) {
      assert.equal(rollupScope(signal, options), scope, JSON.stringify(options));
    }
  });

  it("is a signal's only one, whatever is asked", () => {
    for (const [options] of cases) {
      assert.equal(rollupScope({ ...signal, scopes: ["team"] }, options), "team", JSON.stringify(options));
    }
  });

  it("is the same in an amount, a trend and a calendar's amount", () => {
    const zone = { initial: 0, transitions: [] };
    for (const [options, scope] of cases) {
      const { by = [], matchers: own = [] } = options;
      const passCount = 1 + levels["5m"].lags.length;
      // Hours that no pass has evaluated are read from the passes of five minutes.
      const fineCount = 3;
      const queries: readonly (readonly [string, number])[] = [
        [amount(signal, "1d", { ...options, source: "auto" }), passCount + fineCount],
        [amount(signal, "1d", { ...options, source: "1h" }), passCount + fineCount],
        [amount(signal, "1d", { ...options, source: "5m" }), passCount],
        [trend(signal, { ...options, source: "auto" }, "1h"), passCount],
        [trend(signal, { ...options, source: "1h" }, "1h"), passCount],
        [calendarAmount(signal, "day", zone, { by, matchers: own }), passCount],
        [calendarAmount(signal, "month", zone, { by, matchers: own }), passCount + fineCount],
      ];
      for (const [query, count] of queries) {
        const names = query.match(/[\w${}]*_level:m:sum/g) ?? [];
        // All of one scope.
        assert.deepEqual(names, Array<string>(count).fill(`${scope}_level:m:sum`), query);
      }
    }
  });
});

describe("every signal", () => {
  it("gives queries that parse, and is rolled up without the session", () => {
    for (const [name, one] of Object.entries<Signal>(signals)) {
      for (const scope of scopesOf(one)) {
        const by = rollupDimensions(one, scope);
        assert.equal(new Set(by).size, by.length, name);
        assert.ok(!by.includes("session_id"), name);
        for (const source of ["raw", "5m", "1h"] as const) {
          const amounts = ["1d", "30d"].map((window) => amount(one, window, { source, by }));
          for (const query of [...amounts, trend(one, { source, by }, "1h")]) {
            assert.ok(parses(query), query);
            assert.equal(query.includes(`(${rollupName(one, scope)}{`), source !== "raw", query);
          }
        }
        assert.match(rollupName(one, scope), new RegExp(`^${scope}(_[a-z_]+)?:claude_code_\\w+:sum$`), name);
      }
    }
    const names = Object.values<Signal>(signals).flatMap((one) => scopesOf(one).map((scope) => rollupName(one, scope)));
    assert.equal(new Set(names).size, names.length);
    assert.equal(rollupName(signals.cost, "user"), "user_model:claude_code_cost_usage_USD:sum");
    assert.equal(rollupName(signals.commits, "team"), "team:claude_code_commit_count:sum");
  });
});
