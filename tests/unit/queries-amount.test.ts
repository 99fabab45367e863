import assert from "node:assert/strict";

import { durationSeconds } from "../../components/units";
import {
  amount,
  fineWindows,
  ratio,
  rawWindows,
  selector,
  sumBy,
  top,
  trend,
  withRemainder,
} from "../../dashboards/queries/amount";
import { calendarAmount } from "../../dashboards/queries/calendar";
import { levels } from "../../dashboards/rollups/levels";
import type { Signal } from "../../dashboards/telemetry";
import { loadParser, parses } from "./promql";

const signal: Signal = { metric: "m_total", level: "level", dimensions: ["type"] };
const matchers = ['user="a"'];

before(loadParser);

describe("query parts", () => {
  it("select with matchers, or without braces", () => {
    assert.equal(selector("m"), "m");
    assert.equal(selector("m", ['a="1"', 'b!=""']), 'm{a="1",b!=""}');
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

/** The roll-up's passes as a window reads them, the window's end `ago` seconds back. */
function passes(scope: string, step: string, window: string, ago = 0, own = ""): string {
  const lags = [0, ...levels["5m"].lags];
  return lags
    .map((lag) => {
      const matchers = `{${own}rollup_step="${step}",rollup_lag="${lag === 0 ? "" : `${lag}s`}"}`;
      return `sum_over_time(${scope}_level:m:sum${matchers}[${window}]${ago === lag ? "" : ` offset ${ago - lag}s`})`;
    })
    .join(" or ");
}

/** What the newest windows are taken from, one that ends at each instant. */
function rawOnes(step: string, own = ""): string {
  return `sum_over_time(m_total${own === "" ? "" : `{${own}}`}[${step}])`;
}

/** The same, from the fine roll-up: of each hour, what the passes recorded that come while it may be in the head. */
function fineOnes(scope: string, step: string, own = ""): string {
  return [
    `sum_over_time(${scope}_level:m:sum{${own}rollup_step="${step}",rollup_lag=""}[1h])`,
    `sum_over_time(${scope}_level:m:sum{${own}rollup_step="${step}",rollup_lag="7200s"}[1h] offset -7200s)`,
    `sum_over_time(${scope}_level:m:sum{${own}rollup_step="${step}",rollup_lag="21600s"}[1h] offset -21600s)`,
  ].join(" or ");
}

/** Those of the windows that no pass has evaluated, up to the one that is running. */
function newest(windows: string, step: string, length: string): string {
  const evaluated = [
    `claude_code:rollups:evaluated{rollup_step="${step}",rollup_lag=""}`,
    `claude_code:rollups:evaluated{rollup_step="${step}",rollup_lag="7200s"} offset -7200s`,
    `claude_code:rollups:evaluated{rollup_step="${step}",rollup_lag="21600s"} offset -21600s`,
  ].join(" or ");
  return `sum_over_time((${windows} unless on () (${evaluated}))[${length}:${step}] offset -${step})`;
}

describe("an amount", () => {
  it("sums the samples of a window", () => {
    assert.equal(amount(signal, "24h", { source: "raw" }), "sum(sum_over_time(m_total[24h]))");
    assert.equal(
      amount(signal, "24h", { source: "raw", matchers, by: ["type"], offset: "7d" }),
      'sum by (type) (sum_over_time(m_total{user="a"}[24h] offset 604800s))',
    );
  });

  it("adds up what every pass of the roll-up recorded, moved back to where it belongs", () => {
    for (const [source, window] of [
      ["5m", "7d"],
      ["1h", "30d"],
    ] as const) {
      const query = amount(signal, window, { source, matchers, offset: "7d" });
      assert.equal(query, `sum(${passes("user", source, window, 7 * 86_400, 'user="a",')})`);
    }
  });

  it("takes from raw series what no pass of five minutes has evaluated, up to a day's range", () => {
    for (const window of ["1h", "24h", "1d", "25h", "90000s", "$__range"]) {
      assert.equal(
        amount(signal, window, { source: "5m", matchers, by: ["type"] }),
        `sum by (type) (${passes("user", "5m", window, 0, 'user="a",')}` +
          ` or ${newest(`sum by (type) (${rawOnes("5m", 'user="a"')})`, "5m", "130m")})`,
      );
    }
    assert.equal(
      amount(signal, "25h", { source: "5m" }),
      `sum(${passes("team", "5m", "25h")} or ${newest(`sum(${rawOnes("5m")})`, "5m", "130m")})`,
    );
  });

  it("lets longer windows of five-minute roll-ups end with what passes have evaluated", () => {
    for (const window of ["90001s", "26h", "7d", "30d"]) {
      const query = amount(signal, window, { source: "5m", matchers });
      assert.equal(query, `sum(${passes("user", "5m", window, 0, 'user="a",')})`);
    }
    assert.throws(() => amount(signal, "$__interval", { source: "5m" }), /found "\$__interval"; expected a duration/);
  });

  it("takes from five-minute roll-ups what no pass of an hour has evaluated, and nothing from raw series", () => {
    for (const window of ["1h", "1d", "30d", "$__range"]) {
      const query = amount(signal, window, { source: "1h", matchers, by: ["user"] });
      const windows = `sum by (user) (${fineOnes("user", "5m", 'user="a",')})`;
      assert.equal(
        query,
        `sum by (user) (${passes("user", "1h", window, 0, 'user="a",')} or ${newest(windows, "1h", "7h")})`,
      );
      assert.ok(!query.includes(signal.metric), query);
    }
  });

  it("takes exactly the lags into the newest windows whose passes come while those may be in the head", () => {
    for (const { head, lags } of Object.values(levels)) {
      const within = lags.filter((lag) => lag < durationSeconds(head)!);
      assert.ok(
        [7200, 21_600].slice(0, within.length).every((lag, index) => lag === within[index]),
        head,
      );
    }
    assert.equal(levels["1h"].lags.filter((lag) => lag < durationSeconds(levels["1h"].head)!).length, 2);
  });

  it("takes nothing newer where its window ended a while ago", () => {
    for (const source of ["5m", "1h"] as const) {
      assert.equal(amount(signal, "1d", { source, offset: "7d" }), `sum(${passes("team", source, "1d", 7 * 86_400)})`);
      assert.equal(amount(signal, "1d", { source, offset: "0s" }), `sum(${passes("team", source, "1d")})`);
    }
    assert.throws(() => amount(signal, "7d", { source: "1h", offset: "a week" }), {
      message: 'found "a week"; expected a duration such as 7d',
    });
  });

  it("lets the dashboard's range choose, if nobody else does", () => {
    const automatic = amount(signal, "$__range", { matchers, by: ["type"] });
    const raw = 'sum_over_time(m_total{user="a",rollup_step=~"$raw_series"}[$__range])';
    const rollup = passes("user", "$rollup_step", "$__range", 0, 'user="a",');
    const day = `sum by (type) (${rawOnes("$rollup_step", 'user="a",rollup_step=~"$rolled_up"')})`;
    const coarse = `sum by (type) (${fineOnes("user", "$rollup_fine", 'user="a",')})`;
    const newestOnes = [newest(day, "$rollup_step", "$rollup_head"), newest(coarse, "1h", "7h")].join(" or ");
    assert.equal(automatic, `sum by (type) (${raw} or ${rollup} or ${newestOnes})`);
    assert.equal(amount(signal, "$__range", { matchers, by: ["type"], source: "auto" }), automatic);
    assert.ok(amount(signal, "$__range").includes('m_total{rollup_step=~"$raw_series"}'));
  });
});

describe("the newest windows", () => {
  it("are summed from raw series, or of an hour from the fine roll-up", () => {
    assert.equal(rawWindows(signal, {}, "5m"), `sum(${rawOnes("5m")})`);
    assert.equal(
      rawWindows(signal, { matchers, by: ["type"] }, "5m", ['x=~"off"']),
      `sum by (type) (${rawOnes("5m", 'user="a",x=~"off"')})`,
    );
    assert.equal(fineWindows(signal, {}, "5m"), `sum(${fineOnes("team", "5m")})`);
    assert.equal(
      fineWindows(signal, { matchers, by: ["device"] }, "5m"),
      `sum by (device) (${fineOnes("device", "5m", 'user="a",')})`,
    );
  });

  it("of a day are raw samples, and of a month five-minute roll-ups", () => {
    const zone = { initial: 0, transitions: [] };
    const newestOf = (unit: "day" | "month") => {
      const query = calendarAmount(signal, unit, zone, { by: ["user"], matchers: [...matchers] });
      assert.ok(parses(query), query);
      assert.equal(query.includes(signal.metric), unit === "day", query);
      return query.slice(query.lastIndexOf("label_replace("));
    };
    const day = newestOf("day");
    const dayWindows = `sum by (user) (${rawOnes("5m", 'user="a"')})`;
    const ofDay = 'claude_code:rollups:evaluated{rollup_step="5m",rollup_lag=""}';
    assert.ok(day.startsWith(`label_replace(sum_over_time((${dayWindows} unless on () (${ofDay} or `), day);
    assert.ok(day.endsWith(`[130m:5m] offset -5m), "part", "5", "", ""))`), day);
    const month = newestOf("month");
    const monthWindows = `sum by (user) (${fineOnes("user", "5m", 'user="a",')})`;
    const ofMonth = 'claude_code:rollups:evaluated{rollup_step="1h",rollup_lag=""}';
    assert.ok(month.startsWith(`label_replace(sum_over_time((${monthWindows} unless on () (${ofMonth} or `), month);
    assert.ok(month.endsWith(`[7h:1h] offset -1h), "part", "5", "", ""))`), month);
  });
});

/** The roll-up's passes as an interval reads them. */
function intervalPasses(scope: string, step: string, window: string, interval: string): string {
  const lags = [0, ...levels["5m"].lags];
  const milliseconds = interval === "1d" ? "86400000" : "${__interval_ms}";
  return lags
    .map((lag) => {
      const [label, offset] = lag === 0 ? ["", `-${interval}`] : [`${lag}s`, `-${lag}s${milliseconds}ms`];
      const own = `{rollup_step="${step}",rollup_lag="${label}"}`;
      return `sum_over_time(${scope}_level:m:sum${own}[${window}] offset ${offset})`;
    })
    .join(" or ");
}

describe("a trend", () => {
  it("gives each interval that begins at its instant", () => {
    assert.equal(
      trend(signal, { source: "raw", matchers, by: ["type"] }, "1h"),
      'sum by (type) (sum_over_time(m_total{user="a"}[1h] offset -1h))',
    );
    assert.equal(
      trend(signal, { source: "5m", by: ["device"] }),
      `sum by (device) (${intervalPasses("device", "5m", "$__interval", "$__interval")})`,
    );
    assert.equal(trend(signal, { source: "5m" }), `sum(${intervalPasses("team", "5m", "$__interval", "$__interval")})`);
  });

  it("adds up a window that ends with the interval, if asked", () => {
    assert.equal(trend(signal, { source: "1h" }, "1d", "30d"), `sum(${intervalPasses("team", "1h", "30d", "1d")})`);
  });

  it("lets the dashboard's range choose, if nobody else does", () => {
    assert.equal(
      trend(signal),
      'sum(sum_over_time(m_total{rollup_step=~"$raw_series"}[$__interval] offset -$__interval)' +
        ` or ${intervalPasses("team", "$rollup_step", "$__interval", "$__interval")})`,
    );
  });
});
