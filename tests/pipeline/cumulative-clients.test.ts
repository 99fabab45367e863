import * as assert from "node:assert/strict";
import { claudeCodeSettings } from "../../client/settings";
import { collectorAttributes } from "../../telemetry/collector-attributes";
import { metrics } from "../../telemetry/client-metrics";
import { installClient } from "../support/clients/claude-client";
import { runClientSessions } from "../support/clients/client-sessions";
import { assertSameAmounts } from "../support/compare";
import { runLoad, totalsOf } from "../support/clients/load-generator";
import { type MessagesApi, startMessagesApi } from "../support/clients/messages-api";
import { PipelineStack } from "../support/collectors/pipeline-stack";
import { readTotals } from "../support/prometheus/totals";

const temporalityLabel = collectorAttributes.temporality.replaceAll(".", "_");

describe("clients that were told to export cumulative totals", function () {
  this.timeout(180_000);
  let api: MessagesApi;
  let stack: PipelineStack;

  before(async () => {
    await installClient();
    api = await startMessagesApi();
    stack = await PipelineStack.start();
  });

  after(async () => {
    await stack.stop();
    await api.stop();
  });

  it("are converted, counted exactly and labelled; clients that send deltas are not", async () => {
    const settings = claudeCodeSettings({
      otlpHttpUrl: stack.otlpHttpUrl,
      metricsIntervalSeconds: 1,
      logsIntervalSeconds: 1,
    });
    const [truth, deltas] = await Promise.all([
      runClientSessions({
        api,
        directory: stack.directory,
        telemetry: settings.env,
        resourceAttributes: { team: "cumulative" },
        extraEnv: { OTEL_EXPORTER_OTLP_METRICS_TEMPORALITY_PREFERENCE: "cumulative" },
      }),
      runLoad({ url: stack.otlpHttpUrl, exports: 50, perSecond: 10, sessions: 5, team: "deltas" }),
    ]);
    await stack.drained();
    const found = await readTotals(stack.reader, { window: "1h", matchers: 'team="cumulative"' });
    assertSameAmounts(truth, found, "cumulative clients");
    const foundDeltas = await readTotals(stack.reader, { window: "1h", matchers: 'team="deltas"' });
    assertSameAmounts(totalsOf(deltas.entries), foundDeltas, "clients that send deltas");
    const labels = await stack.reader.sumOf(metrics.cost.prometheus, { window: "1h", by: ["team", temporalityLabel] });
    assert.deepEqual([...labels.keys()].sort(), ["cumulative|cumulative", "deltas|"]);
  });
});
