import assert from "node:assert/strict";

import { amount, ratio, sumBy, top, trend, withRemainder } from "../../../dashboards/queries/amount";
import { calendarAmount } from "../../../dashboards/queries/calendar";
import { offsetBy, selector } from "../../../dashboards/queries/selector";
import type { Signal } from "../../../dashboards/signals";
import { week } from "../../../units";
import { loadParser, parses } from "./promql";

const signal: Signal = { metric: "m_total", level: "level", dimensions: ["type"] };
const matchers = ['user="a"'];

before(loadParser);

describe("query parts", () => {
  it("select with matchers, or without braces", () => {
    assert.equal(selector("m"), "m");
    assert.equal(selector("m", ['a="1"', 'b!=""']), 'm{a="1",b!=""}');
  });

  it("move by seconds, forward and back", () => {
    assert.deepEqual([0, 5, -5, 7200].map(offsetBy), ["", " offset 5s", " offset -5s", " offset 2h"]);
  });

  it("sum all into one, or by labels", () => {
    assert.equal(sumBy([], "x"), "sum(x)");
    assert.equal(sumBy(["a", "b"], "x"), "sum by (a, b) (x)");
  });

  it("divide by nothing but what is above zero", () => {
    assert.equal(ratio("a", "b"), "a / (b > 0)");
  });

  it("take the highest groups, and name the group without the label", () => {
    assert.equal(top(3, "x"), "topk(3, x)");
    assert.equal(withRemainder("x", "team", "none"), 'label_replace(x, "team", "none", "team", "^$")');
  });
});

describe("an amount", () => {
  it("sums the samples of a window", () => {
    assert.equal(amount(signal, "24h", { source: "raw" }), "sum(sum_over_time(m_total[24h]))");
    assert.equal(
      amount(signal, "24h", { source: "raw", matchers, by: ["type"], offset: week }),
      'sum by (type) (sum_over_time(m_total{user="a"}[24h] offset 168h))',
    );
  });

  it("sums what all passes of a roll-up have booked", () => {
    for (const source of ["5m", "1h"] as const) {
      for (const window of ["1h", "24h", "90000s", "30d", "$__range", "$__interval"]) {
        const rollup = `user_level:m:sum{user="a",rollup_step="${source}"}`;
        assert.equal(
          amount(signal, window, { source, matchers, by: ["type"] }),
          `sum by (type) (sum_over_time(${rollup}[${window}]))`,
        );
      }
    }
  });

  it("may have ended a while ago", () => {
    for (const source of ["5m", "1h"] as const) {
      const rollup = `team_level:m:sum{rollup_step="${source}"}`;
      assert.equal(amount(signal, "1d", { source, offset: week }), `sum(sum_over_time(${rollup}[1d] offset 168h))`);
    }
  });

  it("lets the dashboard's range choose, if nobody else does", () => {
    const automatic = amount(signal, "$__range", { matchers, by: ["type"] });
    const chosen = '{__name__=~"m_total|user_level:m:sum",user="a",rollup_step="$step"}';
    assert.equal(automatic, `sum by (type) (sum_over_time(${chosen}[$__range]))`);
    assert.equal(amount(signal, "$__range", { matchers, by: ["type"], source: "auto" }), automatic);
  });

  it("lets the dashboard's filters choose the scope, but keeps the user where it is grouped by", () => {
    const filtered = { matchers: ['device=~"$device"'] };
    assert.equal(
      amount(signal, "1d", filtered),
      'sum(sum_over_time({__name__=~"m_total|${scope}_level:m:sum",device=~"$device",rollup_step="$step"}[1d]))',
    );
    assert.equal(
      amount(signal, "1d", { ...filtered, source: "1h" }),
      'sum(sum_over_time(${scope}_level:m:sum{device=~"$device",rollup_step="1h"}[1d]))',
    );
    const byUser = { ...filtered, by: ["user"] };
    const own = 'user!="",device=~"$device"';
    assert.equal(
      amount(signal, "1d", byUser),
      `sum by (user) (sum_over_time({__name__=~"m_total|(user|\${scope})_level:m:sum",${own},rollup_step="$step"}[1d]))`,
    );
    assert.equal(
      amount(signal, "1d", { ...byUser, source: "1h" }),
      `sum by (user) (sum_over_time({__name__=~"(user|\${scope})_level:m:sum",${own},rollup_step="1h"}[1d]))`,
    );
    assert.equal(
      amount(signal, "1d", { ...byUser, source: "raw" }),
      'sum by (user) (sum_over_time(m_total{device=~"$device"}[1d]))',
    );
  });
});

describe("an amount of a calendar's day or month", () => {
  const zone = { initial: 3600, transitions: [{ at: 1_800_000_000, change: -3600 }] };

  it("adds up five-minute roll-ups of a day and hourly ones of a month, and no raw series", () => {
    for (const [unit, step, longest] of [
      ["day", "5m", "25h"],
      ["month", "1h", "745h"],
    ] as const) {
      const query = calendarAmount(signal, unit, zone, { by: ["user"], matchers });
      assert.ok(parses(query), query);
      const windows = `sum by (user) (sum_over_time(user_level:m:sum{user="a",rollup_step="${step}"}[${step}]))`;
      assert.ok(query.startsWith(`sum_over_time((${windows} and on () (`), query);
      // Also the window that is running.
      assert.ok(query.endsWith(`)[${longest}:${step}] offset -${step})`), query);
    }
  });

  it("takes the windows that begin on the day, or in the month, of the evaluation, by the zone's wall clock", () => {
    // An instant stands for the window that ends at it, so the wall clock is read a window earlier.
    const clock = (ago: number) => `(time() + ${3600 - ago} + -3600 * (time() >= bool ${1_800_000_000 + ago}))`;
    const now = `max_over_time(vector(${clock(0)})[1s:1s] @ end())`;
    const within = (unit: "day" | "month") =>
      calendarAmount(signal, unit, zone, { by: [], matchers: [] }).replace(/^.* and on \(\) \((.*)\)\)\[.*$/, "$1");
    assert.equal(within("day"), `floor(vector(${clock(300)}) / 86400) == on () floor(${now} / 86400)`);
    assert.equal(within("month"), `month(vector(${clock(3600)})) == on () month(${now})`);
  });
});

describe("a trend", () => {
  it("gives each interval that begins at its instant", () => {
    assert.equal(
      trend(signal, { source: "raw", matchers, by: ["type"] }, "1h"),
      'sum by (type) (sum_over_time(m_total{user="a"}[1h] offset -1h))',
    );
    assert.equal(
      trend(signal, { source: "5m", by: ["device"] }),
      'sum by (device) (sum_over_time(device_level:m:sum{rollup_step="5m"}[$__interval] offset -$__interval))',
    );
  });

  it("adds up a window that ends with the interval, if asked", () => {
    assert.equal(
      trend(signal, { source: "1h" }, "1d", "30d"),
      'sum(sum_over_time(team_level:m:sum{rollup_step="1h"}[30d] offset -1d))',
    );
  });

  it("lets the dashboard's range choose, if nobody else does", () => {
    assert.equal(
      trend(signal),
      'sum(sum_over_time({__name__=~"m_total|team_level:m:sum",rollup_step="$step"}[$__interval] offset -$__interval))',
    );
  });
});
