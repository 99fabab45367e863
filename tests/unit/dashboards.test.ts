import assert from "node:assert/strict";

import { overviewDashboard } from "../../dashboards/overview/overview";
import { activeSessionsCost, amount, cost, costByModel } from "../../dashboards/queries";
import { recordingRules, rollupName } from "../../dashboards/rules";
import { metrics } from "../../dashboards/telemetry";

interface Panel {
  readonly id: number;
  readonly type: string;
  readonly title: string;
  readonly description?: string;
  readonly timeFrom?: string;
  readonly gridPos: { readonly x: number; readonly y: number; readonly w: number; readonly h: number };
  readonly fieldConfig?: { readonly defaults: { readonly unit?: string; readonly noValue?: string } };
  readonly targets?: readonly { readonly expr: string; readonly instant?: boolean }[];
}

interface Dashboard {
  readonly uid: string;
  readonly title: string;
  readonly timezone: string;
  readonly panels: readonly Panel[];
  readonly templating: { readonly list: readonly { readonly name: string; readonly allValue: string }[] };
}

interface Parser {
  parse(text: string): {
    iterate(visitor: {
      enter(node: { readonly name: string; readonly type: { readonly isError: boolean } }): void;
    }): void;
  };
}
let parser: Parser;
before(async () => {
  // The parser is published as an ES module only.
  ({ parser } = await import("@prometheus-io/lezer-promql"));
});

const overview = JSON.parse(overviewDashboard().json) as Dashboard;
const panels = overview.panels.filter(({ type }) => type !== "row");
const queries = panels.flatMap((panel) => (panel.targets ?? []).map(({ expr }) => expr));

/** Grafana's variables replaced by values, as Grafana does before it asks. */
function interpolated(query: string): string {
  return query.replaceAll("$__range", "6h").replaceAll("$__interval", "1m").replaceAll(/\$\w+/g, ".*");
}

/** Names of a PromQL expression's nodes; an error node means that it does not parse. */
function syntax(query: string): string[] {
  const names: string[] = [];
  parser.parse(query).iterate({ enter: (node) => void names.push(node.type.isError ? "ERROR" : node.name) });
  return names;
}

function panel(title: string): Panel {
  const found = panels.find((candidate) => candidate.title === title);
  assert.ok(found, `no panel "${title}"`);
  return found;
}

describe("dashboard claude-code-monitoring-api", () => {
  it("has the uid that links rely on, and shows the viewer's time zone", () => {
    assert.equal(overview.uid, "claude-code-monitoring-api");
    assert.equal(overview.timezone, "browser");
  });

  it("has the cost overview", () => {
    assert.deepEqual(
      panels.map(({ title }) => title),
      ["Cost in range", "Cost today", "Cost in the last 24 hours", "Active sessions' cost", "Cost by model"],
    );
    assert.equal(panel("Cost today").timeFrom, "now/d");
    assert.equal(panel("Cost in the last 24 hours").timeFrom, "24h");
    assert.equal(panel("Cost in range").timeFrom, undefined);
  });

  it("gives every panel a description, a unit, a text for no data and a query", () => {
    for (const { title, description, fieldConfig, targets } of panels) {
      assert.ok(description !== undefined && description.length > 40, title);
      assert.equal(fieldConfig?.defaults.unit, "currencyUSD", title);
      assert.ok(fieldConfig.defaults.noValue, title);
      assert.equal(targets?.length, 1, title);
    }
  });

  it("has stable ids, and panels that neither overlap nor leave the 24 columns", () => {
    const ids = overview.panels.map(({ id }) => id);
    assert.deepEqual(ids, [100, 101, 102, 103, 104, 105]);
    const taken = new Set<string>();
    for (const { title, gridPos } of overview.panels) {
      assert.ok(gridPos.x >= 0 && gridPos.x + gridPos.w <= 24, title);
      for (let x = gridPos.x; x < gridPos.x + gridPos.w; x += 1) {
        for (let y = gridPos.y; y < gridPos.y + gridPos.h; y += 1) {
          assert.ok(!taken.has(`${x},${y}`), `${title} overlaps at ${x},${y}`);
          taken.add(`${x},${y}`);
        }
      }
    }
  });

  it("uses every variable in every query, and lets All match series without the label", () => {
    for (const { name, allValue } of overview.templating.list) {
      assert.equal(allValue, ".*", name);
      for (const query of queries) {
        assert.ok(query.includes(`=~"$${name}"`), `${query} lacks ${name}`);
      }
    }
  });

  it("asks only what parses, and only sums of deltas", () => {
    assert.equal(queries.length, 5);
    for (const query of queries) {
      const names = syntax(interpolated(query));
      assert.ok(!names.includes("ERROR"), query);
      assert.doesNotMatch(query, /\b(rate|irate|increase|delta)\b/);
      const selectors = query.match(/claude_code_\w+/g)?.length;
      assert.equal(query.match(/sum_over_time\(/g)?.length, selectors, query);
    }
  });
});

describe("queries", () => {
  it("sum deltas over a window", () => {
    assert.equal(cost("24h"), "sum(sum_over_time(claude_code_cost_usage_USD_total[24h]))");
    assert.equal(
      amount(metrics.tokens, "1h", ['user="a"'], ["type"]),
      'sum by (type) (sum_over_time(claude_code_token_usage_tokens_total{user="a"}[1h]))',
    );
    assert.equal(costByModel("1m"), "sum by (model) (sum_over_time(claude_code_cost_usage_USD_total[1m]))");
    assert.match(activeSessionsCost("10m", "24h"), /^sum\(sum by \(session_id\) .* and on \(session_id\) /);
  });

  it("do not parse when broken, so that the check above can fail", () => {
    assert.ok(syntax("sum(rate(x[5m])").includes("ERROR"));
  });
});

describe("recording rules", () => {
  it("roll every metric up without session, in windows as long as the distance of evaluations", () => {
    const [group] = recordingRules().groups;
    assert.equal(group!.rules.length, Object.keys(metrics).length);
    for (const { record, expr } of group!.rules) {
      assert.ok(!syntax(expr).includes("ERROR"), expr);
      assert.match(
        expr,
        new RegExp(`^sum without \\(session_id\\) \\(sum_over_time\\(\\w+\\[${group!.interval}\\]\\)\\)$`),
      );
      assert.match(record, /^\w+:\w+:sum_over_time_5m$/);
    }
    assert.equal(group!.rules[0]!.record, rollupName(metrics.sessions));
  });
});
