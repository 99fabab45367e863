import assert from "node:assert/strict";

import { amount, type AmountOptions, amountPer, trend } from "../../../dashboards/queries/amount";
import { billedAs, guessed } from "../../../dashboards/queries/billing";
import * as costs from "../../../dashboards/queries/cost";
import * as usage from "../../../dashboards/queries/usage";
import { metrics } from "../../../telemetry/client-metrics";
import { signals } from "../../../dashboards/signals";
import { loadParser, parses, selectors } from "./promql";

const matchers = ['team="x"'];
const raw: AmountOptions = { source: "raw", matchers };
const over = (metric: string, window: string, more = "") => `sum_over_time(${metric}{team="x"${more}}[${window}])`;

before(loadParser);

/** Fails unless a query parses and every amount in it carries the matchers. */
function check(query: string): string {
  const text = query.replaceAll("$__range_s", "86400").replaceAll("$__range", "86400s");
  assert.ok(
    parses(text.replaceAll(/\$(__interval_ms|\{__interval_ms\})/g, "60000").replaceAll("$__interval", "1m")),
    query,
  );
  for (const { metric, matchers: own } of selectors(text)) {
    assert.ok(!metric.includes("claude_code_") || own.includes(matchers[0]!), query);
  }
  return query;
}

describe("queries of cost", () => {
  it("sum USD up", () => {
    assert.equal(check(costs.cost("24h", raw)), `sum(${over(metrics.cost.prometheus, "24h")})`);
    assert.equal(costs.cost("24h"), amount(signals.cost, "24h"));
  });

  it("join on the session, which roll-ups lack", () => {
    assert.equal(
      check(costs.activeSessionsCost("10m", "24h", matchers)),
      `sum(sum by (session_id) (${over(metrics.cost.prometheus, "24h")}) and on (session_id) sum by (session_id) (${over(metrics.cost.prometheus, "10m")}))`,
    );
    assert.equal(
      check(costs.activeSessions("10m", matchers)),
      `count(sum by (session_id) (${over(metrics.cost.prometheus, "10m")}))`,
    );
    assert.match(check(costs.sessionCosts("24h", matchers)), /^sum by \(session_id, user, team, vcs_repository_name\)/);
    for (const query of [costs.activeSessionsCost("1m", "1h"), costs.activeSessions("1m"), costs.sessionCosts("1h")]) {
      assert.ok(!query.includes(":") && !query.includes("{"), query);
    }
  });

  it("divide cost by lines and users, and tokens by cost", () => {
    const cost = `sum(${over(metrics.cost.prometheus, "1d")})`;
    assert.equal(
      check(amountPer(signals.cost, signals.lines, "1d", raw)),
      `${cost} / (sum(${over(metrics.lines.prometheus, "1d")}) > 0)`,
    );
    assert.equal(
      check(amountPer(signals.tokens, signals.cost, "1d", raw)),
      `sum(${over(metrics.tokens.prometheus, "1d")}) / (${cost} > 0)`,
    );
    assert.equal(check(costs.costPerUser("1d", raw)), `avg(sum by (user) (${over(metrics.cost.prometheus, "1d")}))`);
    for (const query of [amountPer(signals.cost, signals.commits, "$__range"), costs.costPerUser("$__range")]) {
      assert.ok(query.includes('rollup_step="$step"'), "the range chooses by default");
    }
  });

  it("give nothing where a panel would show another day than its title says", () => {
    assert.equal(
      check(costs.onlyNow("x", 90_000)),
      '(x and on () (vector($__range_s) <= 90000)) unless on () count_over_time(up{job="prometheus"}[5m] offset -10m)',
    );
  });

  it("compare with what was before", () => {
    assert.equal(check(costs.change("a", "b")), "(a - b) / (b > 0)");
  });

  it("forecast from four whole weeks, and move by what remains uncertain", () => {
    const [low, expected, high] = [-2, 0, 2].map((deviations) => check(costs.monthForecast(deviations, raw)));
    assert.ok(!expected!.includes("stddev_over_time"));
    assert.equal(low!.replace(" + -2 * ", " + 2 * "), high);
    assert.match(expected!, /\[28d:1d\]/);
    assert.match(expected!, / \+ clamp_min\(.*, 0\)$/);
    const spent = `sum(${over(metrics.cost.prometheus, "$__range")})`;
    const days = `sum_over_time((sum(${over(metrics.cost.prometheus, "1d")}))[28d:1d])`;
    assert.ok(expected!.startsWith(`${spent} + clamp_min(${days} / (floor(`), expected);
    assert.equal(check(costs.dailyMean(raw)), expected!.slice(`${spent} + clamp_min(`.length).split(" * (days_in_")[0]);
  });

  it("pick metered use, seats and guesses, which are all cost together: what says nothing is as the plan", () => {
    const pairs = (["api", "seats"] as const).map((kind) => [
      billedAs("metered", { kind }),
      billedAs("seat", { kind }),
    ]);
    const known = 'model!="other"';
    assert.deepEqual(pairs, [
      [
        ['claude_monitoring_billing!="seat"', known],
        ['claude_monitoring_billing="seat"', known],
      ],
      [
        ['claude_monitoring_billing="metered"', known],
        ['claude_monitoring_billing!="metered"', known],
      ],
    ]);
    assert.deepEqual(guessed, ['model="other"']);
  });

  it("price seats by the share of a month", () => {
    assert.equal(check(costs.seatsCost(4000)), "vector(4000 * $__range_s / (365.25 / 12 * 86400))");
  });
});

describe("queries of use", () => {
  it("tell added lines from removed ones", () => {
    assert.equal(
      check(usage.changedLines("added", "1d", raw)),
      `sum(${over(metrics.lines.prometheus, "1d", ',type="added"')})`,
    );
    assert.ok(usage.changedLines("removed", "1d").includes('type="removed"'));
    const net = check(usage.netLines("1d", raw));
    assert.match(net, /vector\(1\), "type", "added".* or .*vector\(-1\), "type", "removed"/);
    assert.ok(usage.netLines("$__range").includes('rollup_step="$step"'));
  });

  it("give shares of zero where there is a whole and no part", () => {
    const hit = check(usage.cacheHitShare("1d", raw));
    const [read, whole] = ['="cacheRead"', '=~"input|cacheRead|cacheCreation"'].map(
      (matcher) => `sum(${over(metrics.tokens.prometheus, "1d", `,type${matcher}`)})`,
    );
    assert.equal(hit, `(${read} or ${whole} * 0) / (${whole} > 0)`);
    const [accepted, all] = [',decision="accept"', ""].map(
      (matcher) => `sum by (language) (${over(metrics.editDecisions.prometheus, "1d", matcher)})`,
    );
    assert.equal(
      check(usage.acceptedShare(signals.editDecisions, "1d", { ...raw, by: ["language"] })),
      `(${accepted} or ${all} * 0) / (${all} > 0)`,
    );
    for (const share of [usage.cacheHitShare("1d"), usage.acceptedShare(signals.editDecisions, "1d")]) {
      assert.ok(share.includes('rollup_step="$step"'), "the range chooses by default");
    }
  });

  it("leave each decision to a person or to a rule, never to both", () => {
    const [automatic, personal] = [usage.automaticSources, usage.personalSources];
    assert.equal(automatic.length + personal.length, 2);
    assert.equal(personal[0], automatic[0]!.replace("=~", "!~"));
  });

  it("count users, once each", () => {
    assert.equal(check(usage.users("1d", raw)), `count(sum by (user) (${over(metrics.cost.prometheus, "1d")}))`);
    assert.equal(usage.users("1d"), `count(${amount(signals.cost, "1d", { by: ["user"] })})`);
    assert.equal(
      check(usage.usersTrend("7d", "1d", { source: "1h", matchers })),
      `count(${trend(signals.cost, { source: "1h", matchers, by: ["user"] }, "1d", "7d")})`,
    );
    assert.match(usage.usersTrend("7d", "1d"), /\[7d\] offset -1d/);
  });

  it("find who has stopped, with the same filters before and after", () => {
    const [before, after] = ["30d", "7d"].map(
      (window) => `sum by (user, team) (${over(metrics.cost.prometheus, window)})`,
    );
    assert.equal(check(usage.stoppedUsers("30d", "7d", raw)), `${before} unless on (user) ${after}`);
    assert.ok(usage.stoppedUsers("30d", "7d").includes("unless on (user)"));
  });

  it("take amounts per minute", () => {
    assert.equal(check(usage.perMinute("x")), "x / ($__interval_ms / 60000)");
  });
});
