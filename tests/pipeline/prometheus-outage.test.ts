import * as assert from "node:assert/strict";
import { assertSameAmounts } from "../support/compare";
import { runLoad, totalsOf } from "../support/clients/load-generator";
import { PipelineStack } from "../support/collectors/pipeline-stack";
import { sleep } from "../support/processes";
import { auditSessions } from "../support/prometheus/session-audit";
import { readTotals } from "../support/prometheus/totals";

/** Longer than the collector waits for an answer. */
const outageSeconds = 35;
const exportsPerSecond = 50;
const loadSeconds = 2 * outageSeconds + 35;

describe("Prometheus out of order under load", function () {
  this.timeout(300_000);
  let stack: PipelineStack;

  before(async () => {
    stack = await PipelineStack.start({ collectors: 2 });
  });

  after(async () => {
    await stack.stop();
  });

  it(`stopped for ${outageSeconds} s, killed and restarted, and silent for as long: nothing accepted is lost or doubled`, async () => {
    const load = runLoad({
      url: stack.otlpHttpUrl,
      exports: exportsPerSecond * loadSeconds,
      perSecond: exportsPerSecond,
      team: "outage",
    });
    await sleep(8_000);
    await stack.prometheus.stop();
    await sleep(outageSeconds * 1000);
    await stack.prometheus.start();
    await sleep(10_000);
    await stack.prometheus.kill();
    await sleep(3_000);
    await stack.prometheus.start();
    await sleep(3_000);
    stack.prometheus.suspend();
    await sleep(outageSeconds * 1000);
    stack.prometheus.resume();
    const ledger = await load;
    await stack.drained(120_000);

    assert.deepEqual([...ledger.statusCounts().keys()], [200], "the queue took everything");
    assert.equal(ledger.with("accepted").length, exportsPerSecond * loadSeconds);
    const window = { window: "1h", matchers: 'team="outage"' };
    assertSameAmounts(totalsOf(ledger.entries), await readTotals(stack.reader, window), "accepted against stored");
    assert.deepEqual(await auditSessions(stack.reader, ledger.entries, window), []);
    for (const collector of stack.collectors) {
      // The stage behind the queue fails at each try, and the queue tries again.
      const exporter = { exporter: "otlp_http/prometheus" };
      assert.equal((await collector.selfMetric("otelcol_exporter_send_failed_metric_points", exporter)) ?? 0, 0);
    }
  });
});
