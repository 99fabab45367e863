import * as assert from "node:assert/strict";
import { assertSameAmounts } from "../support/compare";
import { runLoad, totalsOf } from "../support/clients/load-generator";
import { type ExportAmounts, metricsExport } from "../support/otlp/otlp-payload";
import { OtlpSender } from "../support/otlp/otlp-sender";
import { PipelineStack } from "../support/collectors/pipeline-stack";
import { readTotals } from "../support/prometheus/totals";

describe("the same export delivered three times counts once", function () {
  this.timeout(60_000);
  let stack: PipelineStack;

  before(async () => {
    stack = await PipelineStack.start({ collectors: 2 });
  });

  after(async () => {
    await stack.stop();
  });

  it("one delivery after the other, many sessions", async () => {
    const load = { url: stack.otlpHttpUrl, exports: 60, perSecond: 60, sessions: 20, deliveries: 3, team: "thrice" };
    const ledger = await runLoad(load);
    assert.deepEqual([...ledger.statusCounts()], [[200, 180]], "every delivery is accepted");
    await stack.drained();
    const found = await readTotals(stack.reader, { window: "1h", matchers: 'team="thrice"' });
    assertSameAmounts(totalsOf(ledger.entries), found, "sixty exports, each delivered three times");
  });

  it("through different collectors, and again after a newer export of the same session", async () => {
    const [first, second] = stack.collectors.map((collector) => new OtlpSender(collector.otlpHttpUrl));
    assert.ok(first !== undefined && second !== undefined);
    const now = Date.now();
    const older = metricsExport({ session: "s", team: "detour", timeMs: now - 1000 }, amounts(3));
    const newer = metricsExport({ session: "s", team: "detour", timeMs: now }, amounts(5));
    for (const [sender, body] of [
      [first, older],
      [second, newer],
      [second, older],
      [first, older],
      [first, newer],
    ] as const) {
      assert.equal((await sender.post("metrics", body)).status, 200);
      // In the order they were sent: each is stored before the next one is.
      await stack.drained();
    }
    const found = await readTotals(stack.reader, { window: "1h", matchers: 'team="detour"' });
    assert.equal(found["commits"], 8);
    assert.equal(found["tokens|input"], 8);
    first.close();
    second.close();
  });
});

/** The same number for everything. */
function amounts(each: number): ExportAmounts {
  return {
    costMicroUsd: each,
    input: each,
    output: each,
    cacheRead: each,
    cacheCreation: each,
    linesAdded: each,
    linesRemoved: each,
    commits: each,
    sessions: each,
  };
}
