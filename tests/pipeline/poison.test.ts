import * as assert from "node:assert/strict";
import { assertSameAmounts } from "../support/compare";
import { runLoad, totalsOf } from "../support/clients/load-generator";
import { metricsExport } from "../support/otlp/otlp-payload";
import { OtlpSender } from "../support/otlp/otlp-sender";
import { PipelineStack } from "../support/collectors/pipeline-stack";
import { sleep } from "../support/processes";
import { readTotals } from "../support/prometheus/totals";

const amounts = {
  costMicroUsd: 1,
  input: 1,
  output: 1,
  cacheRead: 1,
  cacheCreation: 1,
  linesAdded: 1,
  linesRemoved: 1,
  commits: 1,
  sessions: 1,
};

describe("a request that Prometheus or the collector refuses", function () {
  this.timeout(60_000);
  let stack: PipelineStack;
  let sender: OtlpSender;

  beforeEach(async () => {
    stack = await PipelineStack.start();
    sender = new OtlpSender(stack.otlpHttpUrl);
  });

  afterEach(async () => {
    sender.close();
    await stack.stop();
  });

  it("costs only itself when one of its points contradicts a stored one, and the loss is counted", async () => {
    const identity = { session: "poison", team: "poison", timeMs: Date.now() };
    assert.equal((await sender.post("metrics", metricsExport(identity, amounts))).status, 200);
    await stack.drained();
    const others = runLoad({ url: stack.otlpHttpUrl, exports: 200, perSecond: 100, sessions: 10, team: "others" });
    for (let commits = 2; commits <= 6; commits++) {
      await sleep(250);
      const contradiction = metricsExport(identity, { ...amounts, commits });
      assert.equal((await sender.post("metrics", contradiction)).status, 200, "the collector cannot know");
    }
    const ledger = await others;
    await stack.drained();
    const poison = await readTotals(stack.reader, { window: "1h", matchers: 'team="poison"' });
    assert.equal(poison["commits"], 1, "the first value stays");
    assert.equal(poison["cost"], 1e-6, "the same point again is the same point");
    const found = await readTotals(stack.reader, { window: "1h", matchers: 'team="others"' });
    assertSameAmounts(totalsOf(ledger.entries), found, "everybody else");
    assert.equal(ledger.with("accepted").length, 200);
    // All points of the requests that held one: the collector is not told how many were taken.
    const failed = await stack.collector.selfMetric("otelcol_exporter_send_failed_metric_points", {
      exporter: "otlp_http/prometheus",
    });
    assert.ok(failed !== undefined && failed >= 5, `${failed} points`);
  });

  it("costs only itself when its body is malformed", async () => {
    const others = runLoad({ url: stack.otlpHttpUrl, exports: 100, perSecond: 100, sessions: 10, team: "others" });
    const whole = metricsExport({ session: "cut", team: "cut", timeMs: Date.now() }, amounts);
    const result = await sender.send("metrics", whole.slice(0, whole.length / 2));
    assert.deepEqual(result, { outcome: "refused", statuses: [400] });
    const ledger = await others;
    await stack.drained();
    const found = await readTotals(stack.reader, { window: "1h" });
    assertSameAmounts(totalsOf(ledger.entries), found, "everybody else");
  });
});
