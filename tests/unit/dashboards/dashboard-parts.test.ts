import assert from "node:assert/strict";

import type { Panel } from "@grafana/grafana-foundation-sdk/dashboard";

import { thresholds } from "../../../dashboards/kit/defaults";
import { column, legendOf, PanelFactory } from "../../../dashboards/kit/panels";
import * as trust from "../../../dashboards/queries/trust";
import { metrics } from "../../../telemetry/client-metrics";
import { labels } from "../../../telemetry/labels";
import { filterMatchers, filterVariables } from "../../../dashboards/kit/variables";
import { builtVariable, defaultOptions } from "./dashboard-model";
import { calledFunctions, loadParser, parses, type Selector, selectors } from "./promql";
import { day } from "../../../units";

before(loadParser);

describe("filters", () => {
  it("are one variable and one matcher for each label", () => {
    const variables = filterVariables(defaultOptions()).map(builtVariable);
    assert.deepEqual(
      variables.map(({ name }) => name),
      ["user", "team", "location", "device", "model", "repository"],
    );
    assert.deepEqual(filterMatchers.slice(0, 2), ['user=~"$user"', 'team=~"$team"']);
    assert.equal(filterMatchers.at(-1), 'vcs_repository_name=~"$repository"');
    // The widest roll-up alone has all of them; where raw series answer, there may be none yet.
    const known = '__name__=~"claude_code_cost_usage_USD_total|device_model:claude_code_cost_usage_USD:sum"';
    assert.deepEqual(
      variables.map(({ query }) => query),
      [labels.user, labels.team, labels.location, labels.device, labels.model, labels.repository].map(
        (label) => `label_values({${known},rollup_step="$step"}, ${label})`,
      ),
    );
  });
});

describe("queries about the monitoring itself", () => {
  it("take the growth of counters, of all replicas together", () => {
    const query = trust.growth("c_total", "5m");
    assert.ok(parses(query) && calledFunctions(query).includes("increase"), query);
    assert.equal(calledFunctions(query)[0], "sum");
    const since = trust.secondsSinceGrowth("c_total");
    assert.match(since, /^time\(\) - max_over_time\(timestamp\(.* > 0\)\[1d:1m\]\)$/);
    assert.ok(parses(since) && since.includes(trust.growth("c_total", "2m")));
    assert.equal(trust.queueUsed("a", "b"), "max(a / b)");
    // Where nobody is scraped, nothing is known: "nothing went missing" would be a guess.
    const together = trust.growthOfAll(["a_total", "b_total"], "5m", "always");
    assert.ok(together.endsWith(") and count(always)") && parses(together), together);
  });

  it("find marked clients by either mark, of whichever source", () => {
    for (const [source, metric] of [
      ["raw", metrics.cost.prometheus],
      ["5m", "user_correction:claude_code_cost_usage_USD:sum"],
    ] as const) {
      const query = trust.markedCost("7d", source);
      assert.ok(parses(query), query);
      const marks = ['claude_monitoring_clock!=""', 'claude_monitoring_temporality!=""'];
      const step = source === "raw" ? [] : ['rollup_step="5m"'];
      assert.deepEqual(
        selectors(query).map((one) => [one.metric, one.matchers, one.groupedBy]),
        marks.map((mark) => [
          metric,
          [mark, ...step],
          ["user", "claude_monitoring_clock", "claude_monitoring_temporality"],
        ]),
      );
    }
  });

  it("show what the hourly check found, each roll-up apart", () => {
    const difference = trust.rollupDifference();
    assert.ok(parses(difference));
    assert.equal(
      difference,
      "sum by (signal, scope, rollup_step) (last_over_time(signal:claude_code_rollup_difference:sum_1d[2h]))",
    );
  });

  it("tell what late passes have booked, of the one roll-up that has each of them", () => {
    const late = trust.lateCost("1d");
    assert.ok(parses(late));
    const [{ metric, matchers }] = selectors(late) as [Selector];
    assert.equal(metric, "device_model:claude_code_cost_usage_USD:sum");
    assert.deepEqual(matchers, ['rollup_step="5m"', 'rollup_lag!=""']);
  });

  it("count the day's windows that first passes have evaluated, this version's and those before", () => {
    const evaluated = trust.evaluatedShare();
    assert.ok(parses(evaluated));
    const [{ matchers, windowFunction }] = selectors(evaluated) as [Selector];
    assert.equal(windowFunction, "count_over_time");
    assert.deepEqual(matchers, ['rollup_step="5m"', 'rollup_lag=""', 'rollup_pass=~"0?"']);
    assert.match(evaluated, new RegExp(`\\[1d\\]\\)\\) / ${day / 300}$`));
  });

  it("miss what was not evaluated since the first time", () => {
    const series = 'claude_code:rollups:evaluated{rollup_step="5m",rollup_lag="",rollup_pass=~"0?"}';
    const first = `min(min_over_time(timestamp(${series})[8d:5m]))`;
    const missed = trust.missedEvaluations("8d");
    assert.equal(missed, `(time() - ${first}) / 300 - sum(count_over_time(${series}[8d]))`);
    assert.ok(parses(missed));
  });
});

describe("panels", () => {
  const panels = new PanelFactory(defaultOptions());
  const words = { title: "t", description: "d" };
  const defaults = (panel: { build(): Panel }) => panel.build().fieldConfig?.defaults;

  it("show cents for dollars only", () => {
    assert.equal(defaults(panels.stat(words, "currencyUSD", "x"))?.decimals, 2);
    assert.equal(defaults(panels.stat(words, "short", "x"))?.decimals, undefined);
  });

  it("colour numbers by limits", () => {
    const steps = (limits: Parameters<typeof thresholds>[1]) =>
      defaults(thresholds(panels.stat(words, "short", "x"), limits))?.thresholds?.steps.map(({ value, color }) => [
        value,
        color,
      ]);
    assert.deepEqual(steps({ bad: 1 }), [
      [null, "green"],
      [1, "red"],
    ]);
    assert.deepEqual(steps({ warning: 0.5, bad: 1 }), [
      [null, "green"],
      [0.5, "orange"],
      [1, "red"],
    ]);
  });

  it("add a running total up in Grafana, under the panel's title", () => {
    const { transformations, targets } = panels.runningTotal(words, "short", "x").build();
    const { cumulative, alias } = transformations![0]!.options as { cumulative: object; alias: string };
    assert.deepEqual(cumulative, { field: "t", reducer: "sum" });
    assert.equal(alias, "t");
    assert.equal((targets![0] as { legendFormat?: string }).legendFormat, "t");
  });

  it("name series by labels", () => {
    assert.equal(legendOf("a"), "{{a}}");
    assert.equal(legendOf("a", "b"), "{{a}}: {{b}}");
  });

  it("name a table's columns, with one query and with several", () => {
    const renamed = (count: number) => {
      const columns = Array.from({ length: count }, (_, index) => column(`c${index}`, "s", "x"));
      const { transformations } = panels.table(words, { user: "User" }, columns).build();
      return (transformations!.at(-1)!.options as { renameByName: object }).renameByName;
    };
    assert.deepEqual(renamed(1), { user: "User", Value: "c0" });
    assert.deepEqual(renamed(2), { user: "User", "Value #A": "c0", "Value #B": "c1" });
  });

  it("link a table's sessions to their dashboard, and nothing else", () => {
    const keys = { [labels.session]: "Session", [labels.user]: "User" };
    const { fieldConfig } = panels.table(words, keys, [column("c", "s", "x")]).build();
    const linked = fieldConfig!.overrides
      .filter(({ properties }) => properties.some(({ id }) => id === "links"))
      .map(({ matcher }) => matcher.options as string);
    assert.deepEqual(linked, ["Session"]);
  });
});
