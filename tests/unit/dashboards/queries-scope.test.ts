import assert from "node:assert/strict";

import { amount, type AmountOptions, trend } from "../../../dashboards/queries/amount";
import { calendarAmount } from "../../../dashboards/queries/calendar";
import { rollupDimensions, rollupName, type Signal, signals } from "../../../dashboards/signals";
import { filterMatchers } from "../../../dashboards/kit/variables";
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
    [{ matchers: filters }, "${scope}"],
    [{ matchers: ['team=~"$team"', 'model=~"$model"', 'location=~"$location"'] }, "team"],
    [{ matchers: ['user=~"$user"'] }, "${scope}"],
    [{ matchers: ['user=~"$user"'], by: ["user"] }, "user"],
    [{ matchers: ['device=~"$device"'], by: ["user"] }, "(user|${scope})"],
    [{ matchers: [...filters, 'claude_monitoring_demo=""', 'type="added"'], by: ["team", "model"] }, "${scope}"],
    [{ matchers: filters, by: ["team", "user"] }, "(user|${scope})"],
    [{ matchers: [...filters, 'user="a"'] }, "(user|${scope})"],
    [{ matchers: filters, by: ["device"] }, "device"],
    [{ matchers: filters, by: ["user", "vcs_repository_name"] }, "device"],
    [{ matchers: [...filters, 'device="a"'] }, "device"],
  ];

  /** The scopes of all roll-ups that a query names. */
  function scopesIn(query: string): string[] {
    const names = query
      .replaceAll("m_total|", "")
      .matchAll(/(?:"|sum_over_time\()((?:\(user\|)?[\w${}]+\)?)_level:m:sum/g);
    return [...names].map(([, scope]) => scope!);
  }

  it("is the narrowest with the labels grouped and matched by, and the dashboard's where it filters", () => {
    const zone = { initial: 0, transitions: [] };
    for (const [options, scope] of cases) {
      const { by = [], matchers: own = [] } = options;
      const queries = [
        ...(["auto", "1h", "5m"] as const).flatMap((source) => [
          amount(signal, "1d", { ...options, source }),
          trend(signal, { ...options, source }, "1h"),
        ]),
        calendarAmount(signal, "day", zone, { by, matchers: own }),
        calendarAmount(signal, "month", zone, { by, matchers: own }),
      ];
      for (const query of queries) {
        assert.deepEqual(scopesIn(query), [scope], `${JSON.stringify(options)}: ${query}`);
        // Series of narrower scopes have no user.
        const apart = query.split('user!=""').length - (own.includes('user!=""') ? 2 : 1);
        assert.equal(apart, scope.startsWith("(") ? 1 : 0, query);
      }
    }
  });

  it("is a signal's only one, whatever is asked", () => {
    for (const [options] of cases) {
      const query = amount({ ...signal, scopes: ["team"] }, "1d", options);
      assert.deepEqual(scopesIn(query), ["team"], JSON.stringify(options));
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
