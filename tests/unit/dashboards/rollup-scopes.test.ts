import assert from "node:assert/strict";

import {
  distributions,
  rollupDimensions,
  rollupName,
  scopes,
  type Signal,
  signals,
  signalScopes,
} from "../../../dashboards/signals";
import { countMetrics, histogramMetrics } from "../../../telemetry/event-metrics";
import type { Metric } from "../../../telemetry/metric";
import { loadParser, selectors } from "./promql";
import { checkScope, everyScope, rollups, scopeLabels } from "./rollup-scope";

/** A signal that no dashboard knows. */
const signal: Signal = { metric: "m_total", level: "level", dimensions: ["type"] };

describe("scopes of roll-ups", () => {
  it("keep ever more labels, narrowest first", () => {
    assert.deepEqual(scopes, scopeLabels);
    assert.deepEqual(Object.keys(scopes), everyScope);
    assert.ok(scopes.team.every((label) => scopes.user.some((other) => other === label)));
    assert.ok(scopes.user.every((label) => scopes.device.some((other) => other === label)));
  });

  it("have names and labels of their own in each signal", () => {
    const unnamed: Signal = { metric: "n_total", level: "", dimensions: [] };
    assert.deepEqual(
      everyScope.map((scope) => [rollupName(signal, scope), rollupName(unnamed, scope)]),
      [
        ["team_level:m:sum", "team:n:sum"],
        ["user_level:m:sum", "user:n:sum"],
        ["device_level:m:sum", "device:n:sum"],
      ],
    );
    assert.equal(rollupName(signal, "${any}"), "${any}_level:m:sum");
    assert.deepEqual(rollupDimensions(signal, "user"), [...scopeLabels.user, "type"]);
    assert.deepEqual(rollupDimensions(unnamed, "team"), scopeLabels.team);
    assert.equal(rollups.size, Object.values<Signal>(signals).flatMap(signalScopes).length);
  });

  it("are all of a signal's, or those that it names: what the collector counts has no user", () => {
    assert.deepEqual(signalScopes(signal), everyScope);
    assert.deepEqual(signalScopes({ ...signal, scopes: ["user"] }), ["user"]);
    const counted = Object.values<Metric>({ ...countMetrics, ...histogramMetrics }).map((one) => one.prometheus);
    for (const [name, one] of Object.entries<Signal>(signals)) {
      const isCounted = counted.includes(one.metric.replace(/_(bucket|sum|count)$/, ""));
      assert.deepEqual(signalScopes(one), isCounted ? ["team"] : everyScope, name);
    }
  });

  it("keep every bucket of a distribution, but of its labels only the first", () => {
    for (const [name, { bucket, sum, count }] of Object.entries(distributions)) {
      assert.deepEqual(bucket.dimensions, ["le", sum.dimensions[0]], name);
      assert.deepEqual(count.dimensions, sum.dimensions, name);
    }
    const { requestDurationBucket, requestDurationSum, requestDurationCount } = signals;
    assert.deepEqual(
      [requestDurationBucket, requestDurationSum, requestDurationCount].map((one) => rollupName(one, "team")),
      ["bucket", "sum", "count"].map((part) => `team_model:claude_code_api_request_duration_seconds_${part}:sum`),
    );
  });
});

describe("the check of what a query reads", () => {
  before(loadParser);

  it("can fail where a roll-up lacks a label, or has more than is asked", () => {
    const check = (query: string) => {
      selectors(query).forEach((selector) => {
        checkScope(selector, query);
      });
    };
    const read = (scope: string, by: string, matcher = 'user=~".*"') =>
      `sum by (${by}) (sum_over_time(${rollupName(signals.cost, scope)}{${matcher},rollup_step="1h"}[1d]))`;
    check(read("team", "team, model"));
    check(read("user", "model", 'user=~"a"'));
    check(read("device", "user, device"));
    for (const wrong of [
      read("team", "user"),
      read("team", "model", 'user=~"a"'),
      read("user", "model", 'vcs_repository_name!=""'),
      read("device", "session_id"),
      read("team", "effort"),
      read("user", "team"),
      read("device", "team", 'user="a"'),
      read("nobody", "team"),
    ]) {
      assert.throws(() => {
        check(wrong);
      }, wrong);
    }
  });

  it("can fail where a selector finds raw series and roll-ups, or two roll-ups", () => {
    const check = (pattern: string, matchers: string) => {
      const query = `sum by (user) (sum_over_time({__name__=~"${pattern}",${matchers}}[1d]))`;
      checkScope(selectors(query)[0]!, query);
    };
    const name = (scopes: string) => rollupName(signals.cost, scopes);
    const { metric } = signals.cost;
    check(`${metric}|${name("user")}`, 'rollup_step=""');
    check(`${metric}|${name("user")}`, 'rollup_step="5m"');
    check(name("(user|team)"), 'user!="",rollup_step="5m"');
    check(name("(user|device)"), 'user!="",device=~"(a|b)",rollup_step="5m"');
    for (const [pattern, matchers] of [
      [`${metric}|${name("user")}`, 'rollup_step=~".*"'],
      [`${metric}|${name("user")}`, 'user!=""'],
      [`${metric}|${name("team")}`, 'rollup_step="5m"'],
      [name("(user|team)"), 'rollup_step="5m"'],
      [name("(user|device)"), 'user!="",device=~".*",rollup_step="5m"'],
      [name("user"), 'user!=""'],
      [name("user"), 'rollup_step="1m"'],
      [`${signals.tokens.metric}|${name("user")}`, 'rollup_step="5m"'],
    ] as const) {
      assert.throws(() => {
        check(pattern, matchers);
      }, `${pattern} ${matchers}`);
    }
  });
});
