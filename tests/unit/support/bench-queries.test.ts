import assert from "node:assert/strict";
import * as http from "node:http";

import { firstScreens } from "../../bench/dashboard-queries";
import type { DashboardQueries } from "../../bench/measure";
import { closeServer, listen, loopback } from "../../support/loopback-ports";
import { answered } from "../dashboards/label-replace";
import { day, hour } from "../../../units";

describe("the benchmark's questions", () => {
  let url: string;

  /** Answers what hidden variables ask. */
  const server = http.createServer((request, response) => {
    const query = new URL(request.url ?? "", url).searchParams.get("query") ?? "";
    const result = answered(query).map(({ labels, value }) => ({ metric: labels, value: [0, String(value)] }));
    response.end(JSON.stringify({ status: "success", data: { resultType: "vector", result } }));
  });

  before(async () => {
    url = `http://${loopback}:${await listen(server, loopback, 0)}`;
  });

  after(async () => {
    server.closeAllConnections();
    await closeServer(server);
  });

  /** The steps that queries read which choose by the range, in the order of the ranges. */
  function stepsByRange(screens: readonly DashboardQueries[]): string[][] {
    const names = [...new Set(screens.map(({ range }) => range.name))];
    return names.map((name) => {
      const queries = screens.filter(({ range }) => range.name === name).flatMap((screen) => screen.queries);
      const chosen = queries.flatMap(({ expr }) => [
        ...expr.matchAll(/\{__name__=~"claude_code_[^}]*rollup_step="(\w*)"\}/g),
      ]);
      return [...new Set(chosen.map(([, step]) => step!))];
    });
  }

  const hours = { rawRangeSeconds: 6 * hour };

  it("reads what each range demands, and raw series up to a range that is given", async () => {
    assert.deepEqual(stepsByRange(await firstScreens(url, 0)), [[""], [""], [""], ["1h"]], "32 days by default");
    assert.deepEqual(stepsByRange(await firstScreens(url, 0, hours)), [["5m"], ["5m"], ["1h"], ["1h"]]);
    const asked = await firstScreens(url, 0, { rawRangeSeconds: day });
    assert.deepEqual(stepsByRange(asked), [[""], ["5m"], ["1h"], ["1h"]]);
    const all = await firstScreens(url, 0, { rawRangeSeconds: 90 * day });
    assert.deepEqual(stepsByRange(all), [[""], [""], [""], [""]]);
  });

  it("leaves no variable, and asks for bars as Grafana does", async () => {
    const queries = (await firstScreens(url, 0, hours)).flatMap((screen) => screen.queries);
    for (const { panel: name, expr, rawVariant = "", seedVariant = "" } of queries) {
      assert.doesNotMatch([expr, rawVariant, seedVariant].join("\n"), /\$[{_a-z]/, name);
    }
    const [dayLong] = await firstScreens(url, 0, hours);
    const bars = dayLong!.queries.filter(({ kind }) => kind === "range").map(({ stepSeconds }) => stepSeconds);
    assert.deepEqual(
      [...new Set(bars)].sort((a, b) => a - b),
      [300, 3600],
    );
  });

  it("asks the same of raw series alone, and of those as if they were running totals", async () => {
    const queries = (await firstScreens(url, 0, hours)).flatMap((screen) => screen.queries);
    for (const { panel: name, rawVariant = "", seedVariant = "" } of queries) {
      assert.doesNotMatch(rawVariant, /rollup_step="\w|\w:claude_code_\w+:sum\{/, name);
      assert.doesNotMatch(seedVariant, /sum_over_time\((?:claude_code_|\{)|rollup_step|__name__/, name);
    }
    const { rawVariant, seedVariant } = queries.find(({ panel: name }) => name === "Cost in range A")!;
    const matchers = ["user", "team", "location", "device", "model", "vcs_repository_name"].map(
      (one) => `${one}=~".*"`,
    );
    const raw = `__name__=~"claude_code_cost_usage_USD_total|team_model:claude_code_cost_usage_USD:sum",${matchers.join()}`;
    assert.equal(rawVariant, `sum(sum_over_time({${raw},rollup_step=""}[${day}s]))`);
    assert.equal(seedVariant, `sum(increase(claude_code_cost_usage_USD_total{${matchers.join()}}[${day}s]))`);
  });
});
