import * as assert from "node:assert/strict";
import * as path from "node:path";

import { claudeCodeSettings } from "../../client/settings";
import { lostCost, sessionDifferences } from "../../dashboards/queries/reconciliation";
import { texts } from "../../dashboards/text/texts";
import { metrics } from "../../telemetry/client-metrics";
import { ledgerMetrics } from "../../telemetry/event-metrics";
import { sameAmount } from "../support/compare";
import { runInterruptedClient } from "../support/clients/interrupted-client";
import { costNanoUsd } from "../support/clients/list-prices";
import { startMessagesApi } from "../support/clients/messages-api";
import { answer, endlessAnswer, promptFor, type Usage } from "../support/clients/messages-script";
import { PipelineStack } from "../support/collectors/pipeline-stack";
import { removeTemporaryDirectory, temporaryDirectory } from "../support/processes";

const model = "claude-sonnet-4-5";
const tokens = { cacheRead: 0, cacheCreation5m: 0, cacheCreation1h: 0 };
/** Paid as far as it came. The client estimates the output of a reply whose end it has not seen. */
const begun: Usage = { ...tokens, input: 1000, output: 0 };
const whole: Usage = { ...tokens, input: 40_000, output: 2000 };
const causes = texts.en.trust.reconciliation.sessions.causes;

describe("a reply that the user interrupts", function () {
  this.timeout(180_000);

  it("is paid, has no event, and is neither lost nor an alarm", async () => {
    const directory = temporaryDirectory("claude-monitoring-interrupted");
    const api = await startMessagesApi();
    const stack = await PipelineStack.start();
    api.add({ name: "begun", turns: [endlessAnswer(begun)] });
    api.add({ name: "whole", turns: [answer("Done.", whole)] });
    const { env } = claudeCodeSettings({
      otlpHttpUrl: stack.otlpHttpUrl,
      metricsIntervalSeconds: 5,
      logsIntervalSeconds: 2,
      resourceAttributes: { user: "ada" },
    });
    await runInterruptedClient(
      { home: path.join(directory, "home"), cwd: path.join(directory, "work"), messagesUrl: api.url, telemetry: env },
      [promptFor("begun"), promptFor("whole")],
    );
    await stack.drained();
    await api.stop();

    const of = (metric: string) => stack.reader.totalOf(metric, { window: "1h" });
    const [paid, evented] = [await of(metrics.cost.prometheus), await of(ledgerMetrics.cost.prometheus)];
    const [ofBegun, ofWhole] = [begun, whole].map((usage) => costNanoUsd(model, usage) / 1e9);
    console.log(`    metrics ${paid} USD, events ${evented} USD; billed ${ofBegun} and ${ofWhole}`);
    assert.ok(sameAmount(evented, ofWhole!), "events have the whole reply only");
    const interrupted = paid - evented;
    assert.ok(interrupted > ofBegun! && interrupted < ofBegun! * 1.02, "metrics have both");

    // Sessions are compared some minutes later, when all must have arrived.
    const at = Date.now() / 1000 + 15 * 60;
    const [lost] = await stack.reader.query(lostCost({ intervalSeconds: 5 }), { at });
    assert.equal(lost?.value, 0);
    const differences = await stack.reader.query(sessionDifferences("cause", causes, { intervalSeconds: 5 }), { at });
    assert.deepEqual(
      differences.map(({ labels }) => labels["cause"]),
      [causes.interrupted],
    );
    assert.ok(sameAmount(differences[0]!.value, interrupted), String(differences[0]!.value));
    await stack.stop();
    removeTemporaryDirectory(directory);
  });
});
