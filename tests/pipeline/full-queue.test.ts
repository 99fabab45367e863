import * as assert from "node:assert/strict";
import { runLoad } from "../support/clients/load-generator";
import { PipelineStack } from "../support/collectors/pipeline-stack";
import { waitUntil } from "../support/processes";
import { auditSessions } from "../support/prometheus/session-audit";

/** Of which metrics have a share. */
const queueBytes = 750_000;
const exporter = { exporter: "otlp_http/prometheus" };
/** Where clients send; the stage behind the queue refuses while Prometheus is away. */
const door = { receiver: "otlp" };

describe("collector killed with SIGKILL while its queue is full", function () {
  this.timeout(120_000);
  let stack: PipelineStack;

  before(async () => {
    stack = await PipelineStack.start({ queueBytes });
  });

  after(async () => {
    await stack.stop();
  });

  it("loses nothing that it had accepted, doubles nothing, and answers 503 meanwhile, never 500", async () => {
    await stack.prometheus.stop();
    const load = runLoad({ url: stack.otlpHttpUrl, exports: 400, perSecond: 40, team: "full" });
    await waitUntil("the collector refuses exports", async () => {
      const refused = await stack.collector.selfMetric("otelcol_receiver_refused_metric_points", door);
      return refused !== undefined && refused > 0;
    });
    const before = await queueSize();
    const capacity = (await stack.collector.selfMetric("otelcol_exporter_queue_capacity", exporter)) ?? 0;
    await stack.collector.kill();
    await stack.collector.start();
    const after = await queueSize();
    await waitUntil("the collector refuses exports again", async () => {
      const refused = await stack.collector.selfMetric("otelcol_receiver_refused_metric_points", door);
      return refused !== undefined && refused > 0;
    });
    await stack.prometheus.start();
    const ledger = await load;
    await stack.drained();

    assert.equal(capacity, queueBytes * 0.4);
    assert.ok(before > capacity * 0.95, `queue held ${before} of ${capacity} bytes; expected it to be full`);
    assert.ok(after >= before, `queue held ${before} bytes when it was killed and ${after} after; expected no loss`);
    const statuses = [...ledger.statusCounts().keys()];
    assert.ok(statuses.includes(503), "some exports were refused");
    assert.deepEqual(
      statuses.filter((status) => ![0, 200, 503].includes(status)),
      [],
      "answers other than 200, 503 and, while it was down, none",
    );
    assert.ok(ledger.with("refused").length + ledger.with("unknown").length < 400, "some exports were accepted");
    const window = { window: "1h", matchers: 'team="full"' };
    assert.deepEqual(await auditSessions(stack.reader, ledger.entries, window), []);
  });

  async function queueSize(): Promise<number> {
    return (await stack.collector.selfMetric("otelcol_exporter_queue_size", exporter)) ?? 0;
  }
});
