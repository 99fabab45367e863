import assert from "node:assert/strict";
import * as fs from "node:fs";
import * as path from "node:path";

import { amount } from "../../dashboards/queries/amount";
import { signals } from "../../dashboards/telemetry";
import { filterMatchers } from "../../dashboards/variables";
import { panelsReference } from "../../scripts/panels-reference";
import { formatPromql } from "../../scripts/promql-format";
import { readableQuery } from "../../scripts/readable-query";
import { dashboardsFor, english, panelsOf, seats, targetsOf, targetsTo, variants } from "./dashboard-model";
import { interpolated } from "./grafana-variables";
import { loadParser, parses, selectors } from "./promql";
import { root } from "./stack-config";

before(loadParser);

describe("docs/panels.md", () => {
  const reference = panelsReference();

  it("is what the dashboards say (npm run docs)", async () => {
    const file = path.join(root, "docs/panels.md");
    const prettier = await import("prettier");
    const options = { ...(await prettier.resolveConfig(file)), parser: "markdown" };
    assert.equal(fs.readFileSync(file, "utf8"), await prettier.format(reference, options));
  });

  it("has every group and panel, with its description and a query for each of the panel's", () => {
    for (const dashboard of dashboardsFor({ plan: seats })) {
      assert.ok(reference.includes(`## ${dashboard.title}\n`), dashboard.title);
      for (const { title, description = "" } of dashboard.panels) {
        assert.ok(reference.includes(`# ${title}`) && reference.includes(description), title);
      }
    }
    for (const [language, type] of Object.entries({ promql: "prometheus", logql: "loki", traceql: "tempo" })) {
      const blocks = reference.split(`\`\`\`${language}\n`).length - 1;
      const expected = dashboardsFor({ plan: seats }).flatMap((dashboard) => targetsTo(dashboard, type)).length;
      assert.equal(blocks, expected, language);
    }
    assert.ok(reference.includes("(with `plan` `seats`)"));
    assert.equal(reference.match(/^Unit: /gm)?.length, units());
  });

  it("is short enough to read", () => {
    for (const query of reference.matchAll(/```\w+\n([^]*?)```/g)) {
      for (const line of query[1]!.split("\n")) {
        assert.ok(line.length <= 140, line);
      }
    }
    for (const internal of ["$raw_series", "$rolled_up", "$rollup_", "${", "$user", "$event"]) {
      assert.ok(!reference.includes(internal), internal);
    }
  });

  function units(): number {
    return dashboardsFor({ plan: seats })
      .flatMap(panelsOf)
      .filter(({ type }) => type !== "table" && type !== "logs").length;
  }
});

describe("a readable query", () => {
  it("asks what the panel asks where raw series answer", () => {
    for (const dashboard of english) {
      for (const { target } of targetsOf(dashboard)) {
        const text = interpolated(readableQuery(target.expr), dashboard, "raw");
        // The table of prices is cut, and cannot parse.
        assert.ok(parses(text) !== text.includes("…"), text);
        const metrics = new Set(selectors(interpolated(target.expr, dashboard, "raw")).map(({ metric }) => metric));
        for (const { metric } of selectors(text)) {
          assert.ok(metrics.has(metric), text);
        }
      }
    }
  });

  it("reads raw series alone where the range chooses, and else the newest hours from five-minute roll-ups", () => {
    const options = { matchers: filterMatchers };
    const raw = "sum(sum_over_time(claude_code_cost_usage_USD_total[$__range]))";
    assert.equal(readableQuery(amount(signals.cost, "$__range", options)), raw);
    const rollup = "team_model:claude_code_cost_usage_USD:sum";
    const windows = `sum(sum_over_time(${rollup}{rollup_step="5m"}[1h]))`;
    const evaluated = '(claude_code:rollups:evaluated{rollup_step="1h"})';
    assert.equal(
      readableQuery(amount(signals.cost, "30d", { ...options, source: "1h" })).replaceAll(/\s/g, ""),
      `sum(sum_over_time(${rollup}{rollup_step="1h"}[30d]) or sum_over_time((${windows} unless on () ${evaluated})[7h:1h] offset -1h))`.replaceAll(
        /\s/g,
        "",
      ),
    );
  });

  it("reads the roll-up that is read where nothing is filtered", () => {
    const read = (scope: string) => `sum(sum_over_time(${scope}model:claude_code_cost_usage_USD:sum[1d]))`;
    assert.equal(readableQuery(read("${rollup_scope}_")), read("team_"));
    assert.equal(readableQuery(read("${rollup_user_scope}_")), read("user_"));
    assert.equal(readableQuery(read("device_")), read("device_"));
    for (const scope of ["team_model", "user_model"]) {
      assert.ok(panelsReference().includes(`(${scope}:claude_code_cost_usage_USD:sum{rollup_step="1h"}[`), scope);
    }
  });

  it("is the same query in several lines", () => {
    const squeezed = (text: string) => text.replaceAll(/\s/g, "");
    for (const { dashboard } of variants.slice(0, 4)) {
      for (const { target } of targetsOf(dashboard)) {
        assert.equal(squeezed(formatPromql(target.expr)), squeezed(target.expr));
      }
    }
  });

  it("breaks at weak operators first, then in the longest parentheses", () => {
    const [a, b] = ["a", "b"].map((letter) => letter.repeat(60));
    assert.equal(formatPromql(`${a!} + ${b!} * 2`), `${a!}\n+ ${b!} * 2`);
    assert.equal(formatPromql(`${a!} unless on (x) ${b!} + 1`), `${a!}\nunless on (x) ${b!} + 1`);
    assert.equal(formatPromql(`f(1, g(${a!}, ${b!}))[5m]`), `f(\n  1,\n  g(\n    ${a!},\n    ${b!}\n  )\n)[5m]`);
    assert.equal(formatPromql(`${a!}{x="${b!} + 1 (or"}`), `${a!}{x="${b!} + 1 (or"}`);
    assert.equal(formatPromql(`${a!}{x="${b!}`), `${a!}{x="${b!}`);
  });
});
