import assert from "node:assert/strict";

import { durationSeconds } from "../../../units";
import { rollupNames } from "../../../dashboards/rollups/levels";
import { selfMetrics } from "../../../telemetry/self-metrics";
import { sessionMatchers } from "../../../dashboards/session/variables";
import { labels } from "../../../telemetry/labels";
import { rollupName, signals } from "../../../dashboards/signals";
import { countMetrics, ledgerMetrics } from "../../../telemetry/event-metrics";
import { allFilters, matchersOf } from "../../../dashboards/kit/variables";
import { figures, isOfEverybody, timesOfBill } from "./bill-figures";
import { dashboardsFor, english, panelsOf, targetsOf, variablesOf, variants } from "./dashboard-model";
import { interpolated, isBuiltIn, type RangeCase, rangeCases, scopeCases, variableNames } from "./grafana-variables";
import { calledFunctions, loadParser, parses, type Selector, selectors } from "./promql";
import { checkScope, namesRead, rollups } from "./rollup-scope";

const amounts = new Set<string>([
  ...figures,
  ...Object.values(signals).map(({ metric }) => metric),
  ...rollups.keys(),
  countMetrics.otherAgents.prometheus,
]);
const ownMetrics = [...Object.values(selfMetrics.collector), ...Object.values(selfMetrics.prometheus)].map((metric) =>
  metric.replace(/\{.*/, ""),
);
const runningTotalFunctions = ["rate", "irate", "increase", "delta", "idelta", "deriv"];

/** The begin of a roll-up's name, where the dashboard chooses the scope: the only place for braces. */
const scopeInName = /\$\{scope\}(?=\)?\w*:claude_code_\w+:sum["{])/g;
/** The step of the roll-up that a range which chooses by itself is read from; empty for raw series. */
const stepOf = { raw: "", day: "5m", "5m": "5m", "1h": "1h" } as const satisfies Record<RangeCase, string>;

/** The events' ledger has one sample for each request: it can be counted, and the newest one looked at. */
const ledgers = new Set<string>(Object.values(ledgerMetrics).map(({ prometheus }) => prometheus));
const ledgerFunctions = ["sum_over_time", "count_over_time", "last_over_time"];

/** Fails unless a metric is asked for as its kind demands. */
function checkSelector({ names, windowFunction, within }: Selector, query: string): void {
  for (const metric of names) {
    const message = `${metric} in ${query}`;
    if (amounts.has(metric) && within[0] === "timestamp") {
      // Asks when there were samples, and not how much they are.
      assert.ok(within.includes("max_over_time") || within.includes("min_over_time"), message);
    } else if (ledgers.has(metric)) {
      assert.ok(ledgerFunctions.includes(windowFunction ?? ""), message);
    } else if (amounts.has(metric)) {
      assert.equal(windowFunction, "sum_over_time", message);
    } else if (metric === rollupNames.evaluated) {
      assert.equal(windowFunction, "count_over_time", message);
    } else if (metric === rollupNames.difference) {
      assert.equal(windowFunction, "last_over_time", message);
    } else if (timesOfBill.has(metric)) {
      assert.equal(windowFunction, "last_over_time", message);
    } else if (metric === selfMetrics.backup.completed) {
      assert.equal(windowFunction, "max_over_time", message);
    } else {
      assert.ok(metric === "up" || ownMetrics.includes(metric), `unknown ${message}`);
    }
    if (within.some((name) => runningTotalFunctions.includes(name))) {
      assert.match(metric, /^(otelcol|prometheus)_/, message);
    }
  }
}

/** Whether a selector is about amounts. */
function isAmount({ names }: Selector): boolean {
  return names.some((name) => amounts.has(name));
}

/** Whether a metric or roll-up is known by model. */
function hasModel(metric: string): boolean {
  const known = [...rollups.values()].filter(({ signal }) => signal.metric === metric);
  return [...known, ...[rollups.get(metric) ?? []].flat()].some(({ signal }) =>
    signal.dimensions.includes(labels.model),
  );
}

before(loadParser);

for (const { name, dashboard } of variants) {
  describe(`queries of dashboard ${name}`, () => {
    const { shown, hidden } = variablesOf(dashboard);
    const targets = targetsOf(dashboard);
    const hasSession = shown.some((variable) => variable.name === "session");
    const texts = targets.flatMap(({ target }) => [target.expr, target.legendFormat ?? "", target.interval ?? ""]);

    it("parse, whatever answers the range", () => {
      for (const { panel, target } of targets) {
        for (const range of rangeCases) {
          const query = interpolated(target.expr, dashboard, range);
          assert.ok(parses(query), `${panel.title} (${range}): ${query}`);
        }
      }
      for (const { name: variable, query } of hidden) {
        const inner = /^query_result\((.*)\)$/.exec(query)?.[1] ?? "";
        for (const { picked } of scopeCases) {
          assert.ok(parses(interpolated(inner, dashboard, "raw", picked)), variable);
        }
      }
    });

    it("name no variable but those of the dashboard and Grafana's own", () => {
      const defined = new Set([...shown, ...hidden].map((variable) => variable.name));
      const used = [...texts, ...(dashboard.templating.list ?? []).map(({ query }) => query)];
      for (const text of used) {
        assert.doesNotMatch(text.replaceAll(scopeInName, ""), /\$\{|\[\[\w/, "another way to write a variable");
        for (const variable of variableNames(text)) {
          assert.ok(defined.has(variable) || isBuiltIn(variable), `$${variable} in ${text}`);
        }
      }
    });

    it("sum amounts up, and treat as running totals only what is one", () => {
      for (const { target } of targets) {
        for (const range of rangeCases) {
          for (const selector of selectors(interpolated(target.expr, dashboard, range))) {
            checkSelector(selector, target.expr);
          }
        }
      }
    });

    it("read raw series over short ranges and roll-ups over long ones, never both, where the range chooses", () => {
      for (const { panel, target } of targets) {
        const automatic = target.expr.split('rollup_step="$step"').length - 1;
        assert.equal(automatic, target.expr.split(/"claude_code_\w+\|/).length - 1, target.expr);
        for (const range of rangeCases) {
          const asked = selectors(interpolated(target.expr, dashboard, range));
          const chosen = asked.filter(({ names, matchers }) => {
            return names.length > 1 && matchers.includes(`rollup_step="${stepOf[range]}"`);
          });
          const byRange = chosen.filter(({ names }) => names.some((metric) => !rollups.has(metric)));
          assert.equal(byRange.length, automatic, `${panel.title}: ${target.expr}`);
          for (const selector of byRange) {
            const [read, ...more] = namesRead(selector);
            assert.equal(more.length, 0, target.expr);
            assert.equal(rollups.has(read!), range !== "raw", `${read!} in ${target.expr}`);
          }
        }
      }
    });

    it("draw bars at least as long as the roll-up's step", () => {
      for (const { panel, target } of targets.filter(({ target: { interval } }) => interval !== undefined)) {
        for (const range of ["5m", "1h"] as const) {
          const seconds = durationSeconds(interpolated(target.interval!, dashboard, range))!;
          // A selector without a choice says what it reads.
          for (const { matchers } of selectors(interpolated(target.expr, dashboard, range)).filter(isAmount)) {
            const [step] = matchers.flatMap((matcher) => /^rollup_step="(\w+)"$/.exec(matcher)?.[1] ?? []);
            assert.ok(step === undefined || seconds >= durationSeconds(step)!, `${panel.title} (${range})`);
          }
        }
      }
    });

    it("obey every filter; a dashboard with few does not apply the model to what has none", () => {
      // A session that is picked is all that counts: the filters beside it choose whose are listed.
      const filters = allFilters.filter((filter) => !hasSession && shown.some(({ name: own }) => own === filter));
      for (const { panel, target } of filters.length === 0 ? [] : targets) {
        if (isOfEverybody(panel)) {
          assert.doesNotMatch(target.expr, /=~"\$/, panel.title);
          continue;
        }
        const asked = selectors(interpolated(target.expr, dashboard, "raw")).filter(isAmount);
        const ignoresModel = filters.length < allFilters.length && asked.some(({ names }) => !names.every(hasModel));
        const obeyed = filters.filter((filter) => filter !== "model" || !ignoresModel);
        const pieces = target.expr.split(matchersOf(obeyed).join(",")).length - 1;
        assert.equal(pieces, asked.length, panel.title);
        for (const filter of asked.length === 0 ? [] : filters) {
          assert.equal(target.expr.includes(`=~"$${filter}"`), obeyed.includes(filter), `${panel.title}: ${filter}`);
        }
      }
    });

    it("are all about the session where one is picked, and about none where not", () => {
      for (const { target } of targets) {
        const asked = selectors(target.expr).filter(isAmount);
        assert.ok(!hasSession || asked.length > 0, target.expr);
        for (const { matchers } of hasSession ? asked : []) {
          assert.deepEqual(matchers.slice(0, sessionMatchers.length), sessionMatchers, target.expr);
        }
        assert.equal(target.expr.includes("$session"), hasSession, target.expr);
      }
    });

    it("use every hidden variable", () => {
      for (const { name: variable } of hidden) {
        assert.ok(variableNames(texts.join(" ")).includes(variable), variable);
      }
    });

    it("read one metric or roll-up, and the narrowest that keeps what they group and filter by, whatever is filtered", () => {
      // A filter by `model` finds nothing of a signal without models unless All is picked; descriptions say so.
      for (const { picked } of scopeCases) {
        for (const range of ["raw", "1h"] as const) {
          for (const { target } of targets) {
            const query = interpolated(target.expr, dashboard, range, picked);
            selectors(query).forEach((selector) => {
              checkScope(selector, query);
            });
          }
        }
      }
    });
  });
}

describe("panels where raw series answer every range", () => {
  it("read raw series alone, but for what late passes have booked", () => {
    for (const dashboard of dashboardsFor({ rawRangeSeconds: 400 * 24 * 3600 })) {
      for (const { panel, target } of targetsOf(dashboard)) {
        for (const range of rangeCases) {
          for (const selector of selectors(interpolated(target.expr, dashboard, range)).filter(isAmount)) {
            const booked = selector.matchers.includes('rollup_lag!=""');
            assert.ok(
              booked || !namesRead(selector).some((name) => rollups.has(name)),
              `${panel.title}: ${target.expr}`,
            );
          }
        }
      }
    }
  });
});

describe("panels of a calendar's day or month", () => {
  const guard = /and on \(\) \(vector\(\$__range_s\) <= \d+\)\) unless on \(\) count_over_time\(up\{/;

  it("alone ask for their range from five-minute roll-ups by name, and only for a day", () => {
    let days = 0;
    for (const { title, timeFrom, targets = [] } of english.flatMap(panelsOf)) {
      for (const { expr } of targets) {
        if (/rollup_step="5m"\}\[\$__range\]/.test(expr)) {
          days += 1;
          assert.equal(timeFrom, "now/d", title);
        }
      }
    }
    assert.ok(days > 0);
  });

  it("have a range of their own and show nothing in the past, and no other panel has", () => {
    let calendar = 0;
    for (const { title, description = "", timeFrom, targets = [] } of english.flatMap(panelsOf)) {
      const named = /\b(today|month)\b/i.test(title);
      if (named) {
        assert.ok(timeFrom !== undefined, title);
      }
      for (const { expr } of targets) {
        assert.equal(guard.test(expr), timeFrom !== undefined, title);
      }
      if (timeFrom !== undefined) {
        calendar += 1;
        assert.match(timeFrom, /^now\/[dM]$/, title);
        assert.match(`${title} ${description}`, timeFrom === "now/d" ? /today|midnight/i : /month/i);
      }
    }
    assert.ok(calendar >= 5, `found ${calendar}`);
  });
});

describe("the checks above", () => {
  it("can fail", () => {
    const check = (query: string) => {
      selectors(query).forEach((selector) => {
        checkSelector(selector, query);
      });
    };
    const { metric } = signals.cost;
    const rollup = rollupName(signals.cost, "team");
    check(`sum(sum_over_time({__name__=~"${metric}|${rollup}",rollup_step="1h"}[5m]))`);
    check(`sum(count_over_time(${rollupNames.evaluated}[5m]))`);
    for (const wrong of [
      metric,
      `sum(${rollup})`,
      `sum(rate(${metric}[5m]))`,
      `increase(${rollup}[5m])`,
      `max_over_time(${metric}[5m])`,
      `${rollupNames.evaluated} or vector(0)`,
      `sum({__name__=~"${metric}|${rollup}"})`,
      `sum_over_time({__name__=~"${metric}|node_load1"}[5m])`,
      "sum(increase(up[5m]))",
      "node_load1",
    ]) {
      assert.throws(() => {
        check(wrong);
      }, wrong);
    }
    assert.ok(!parses("sum(rate(x[5m])"));
    assert.deepEqual(calledFunctions(`sum by (${labels.user}) (rate(x[5m]))`), ["sum", "rate"]);
    assert.deepEqual(variableNames("$a $1 ${b}_c $__range_s"), ["a", "b", "__range_s"]);
  });
});
