import assert from "node:assert/strict";

import { amount, type AmountOptions, amountPer, trend } from "../../../dashboards/queries/amount";
import * as spread from "../../../dashboards/queries/distributions";
import * as requests from "../../../dashboards/queries/requests";
import * as usage from "../../../dashboards/queries/usage";
import { type Distribution, distributions, type Signal, signals } from "../../../dashboards/signals";
import { histogramMetrics } from "../../../telemetry/event-metrics";
import { labels } from "../../../telemetry/labels";
import { loadParser, parses, selectors } from "./promql";

const raw: AmountOptions = { source: "raw", matchers: ['team="x"'] };
const own: Distribution = distributions.toolWait;
const over = ({ metric }: Signal, more = "") => `sum_over_time(${metric}{team="x"${more}}[1d])`;

before(loadParser);

/** Fails unless a query parses, carries the matchers and knows no collector. */
function check(query: string): string {
  assert.ok(parses(query), query);
  for (const { matchers, groupedBy } of selectors(query)) {
    assert.ok(matchers.includes('team="x"') && !groupedBy.includes(labels.collector), query);
  }
  return query;
}

describe("queries of distributions", () => {
  it("take a quantile last, of all buckets added up", () => {
    assert.equal(
      check(spread.quantileOf(0.95, own, "1d", raw)),
      `histogram_quantile(0.95, sum by (le) (${over(own.bucket)}))`,
    );
    assert.equal(
      check(spread.quantileOf(0.5, own, "1d", { ...raw, by: ["decision"] })),
      `histogram_quantile(0.5, sum by (le, decision) (${over(own.bucket)}))`,
    );
    assert.equal(spread.quantileOf(0.5, own, "1d"), spread.quantile(0.5, amount(own.bucket, "1d", { by: ["le"] })));
    assert.equal(spread.quantileTrend(0.5, own), spread.quantile(0.5, trend(own.bucket, { by: ["le"] })));
    assert.equal(
      spread.quantileTrend(0.5, own, { source: "raw", by: ["decision"] }),
      spread.quantile(0.5, trend(own.bucket, { source: "raw", by: ["le", "decision"] })),
    );
  });

  it("divide all values by how many there are, and give nothing where there are none", () => {
    assert.equal(check(spread.meanOf(own, "1d", raw)), `sum(${over(own.sum)}) / (sum(${over(own.count)}) > 0)`);
    assert.equal(spread.meanOf(own, "1d"), `${amount(own.sum, "1d")} / (${amount(own.count, "1d")} > 0)`);
    assert.equal(spread.meanTrend(own), `${trend(own.sum)} / (${trend(own.count)} > 0)`);
  });

  it("read the three parts of a histogram", () => {
    for (const [name, { bucket, sum, count }] of Object.entries(distributions)) {
      const { prometheus } = histogramMetrics[name as keyof typeof histogramMetrics];
      const parts = [bucket, sum, count].map(({ metric }) => metric);
      assert.deepEqual(parts, [`${prometheus}_bucket`, `${prometheus}_sum`, `${prometheus}_count`]);
    }
    assert.deepEqual(Object.keys(distributions), Object.keys(histogramMetrics));
  });
});

describe("queries of requests", () => {
  const answered = over(signals.requestDurationCount);
  const failed = over(signals.apiErrors);
  const all = (by = "") =>
    `sum${by} (label_replace(sum${by} (${answered}), "part", "0", "", "") or label_replace(sum${by} (${failed}), "part", "1", "", ""))`;
  const squeezed = (query: string) => query.replaceAll("sum (", "sum(");

  it("set failed ones against failed and answered ones, where either may be missing", () => {
    assert.equal(check(requests.errorShare("1d", raw)), squeezed(`(sum(${failed}) or ${all()} * 0) / (${all()} > 0)`));
    const by = " by (model)";
    assert.equal(
      check(requests.errorShare("1d", { ...raw, by: ["model"] })),
      `(sum${by} (${failed}) or ${all(by)} * 0) / (${all(by)} > 0)`,
    );
    assert.equal(
      check(requests.errorShareByStatus("1d", raw)),
      squeezed(`sum by (status_code) (${failed}) / on () group_left () (${all()} > 0)`),
    );
    const trended = requests.errorShareTrend({ source: "raw", by: ["model"] });
    assert.equal(trended.split(trend(signals.apiErrors, { source: "raw", by: ["model"] })).length - 1, 3);
    assert.ok(requests.errorShareTrend().includes(trend(signals.requestDurationCount)));
    assert.ok(requests.errorShare("1d").includes(amount(signals.apiErrors, "1d")));
    assert.ok(requests.errorShareByStatus("1d").includes(amount(signals.requestDurationCount, "1d")));
  });

  it("set refusals against answers, and answers against prompts", () => {
    const refused = over(signals.refusals);
    assert.equal(
      check(requests.refusalShare("1d", raw)),
      `(sum(${refused}) or sum(${answered}) * 0) / (sum(${answered}) > 0)`,
    );
    const prompted = over(signals.prompts);
    const perPrompt = amountPer(signals.requestDurationCount, signals.prompts, "1d", raw);
    assert.equal(check(perPrompt), `sum(${answered}) / (sum(${prompted}) > 0)`);
    assert.ok(requests.refusalShare("1d").includes(amount(signals.refusals, "1d")));
  });
});

describe("queries of tools", () => {
  it("set a part against its whole, after the filters", () => {
    const part = (signal: Signal, matcher: string, whole = "") =>
      `(sum(${over(signal, matcher)}) or sum(${over(signal, whole)}) * 0) / (sum(${over(signal, whole)}) > 0)`;
    assert.equal(check(usage.successShare("1d", raw)), part(signals.toolDurationCount, ',success="true"'));
    for (const decisions of [signals.toolDecisions, signals.editDecisions]) {
      assert.equal(check(usage.acceptedShare(decisions, "1d", raw)), part(decisions, ',decision="accept"'));
    }
    assert.equal(
      check(usage.failedConnectionShare("1d", raw)),
      part(signals.mcpConnections, ',status="failed"', ',status=~"connected|failed"'),
    );
    for (const ask of [usage.successShare, usage.failedConnectionShare]) {
      assert.ok(ask("$__range").includes('rollup_step="$step"'), "the range chooses by default");
    }
  });
});
