import * as assert from "node:assert/strict";
import * as path from "node:path";

import { claudeCodeSettings } from "../../client/settings";
import { lostCost, sessionDifferences } from "../../dashboards/queries/reconciliation";
import { texts } from "../../dashboards/text/texts";
import { metrics } from "../../telemetry/client-metrics";
import { ledgerMetrics } from "../../telemetry/event-metrics";
import { runClient } from "../support/clients/claude-client";
import { costNanoUsd } from "../support/clients/list-prices";
import { startMessagesApi } from "../support/clients/messages-api";
import { advisedAnswer, promptFor, type Usage } from "../support/clients/messages-script";
import { PipelineStack } from "../support/collectors/pipeline-stack";
import { assertSameAmounts, sameAmount } from "../support/compare";
import { removeTemporaryDirectory, temporaryDirectory } from "../support/processes";

const { causes } = texts.en.trust.reconciliation.sessions;
const uncached = { cacheRead: 0, cacheCreation5m: 0, cacheCreation1h: 0 };
const model = "claude-sonnet-4-5";
const advisor = "claude-opus-4-5";
const own: Usage = { ...uncached, input: 1000, output: 500 };
const advice: Usage = { ...uncached, input: 4000, output: 800 };
const usd = (of: string, usage: Usage) => costNanoUsd(of, usage) / 1e9;

describe("a reply for which the model asked an advisor", function () {
  this.timeout(120_000);

  it("costs the same in both ledgers, and has its advisor's tokens and model in the metrics only", async () => {
    const directory = temporaryDirectory("claude-monitoring-advised");
    const api = await startMessagesApi();
    const stack = await PipelineStack.start();
    api.add({ name: "advised", turns: [advisedAnswer(own, { model: advisor, usage: advice })] });
    const { env } = claudeCodeSettings({
      otlpHttpUrl: stack.otlpHttpUrl,
      metricsIntervalSeconds: 5,
      logsIntervalSeconds: 2,
    });
    const { code, stderr } = await runClient({
      prompt: promptFor("advised"),
      home: path.join(directory, "home"),
      cwd: path.join(directory, "work"),
      messagesUrl: api.url,
      telemetry: env,
      model,
    });
    assert.equal(code, 0, stderr);
    await stack.drained();
    await api.stop();

    const byModel = async (metric: string) =>
      Object.fromEntries(await stack.reader.sumOf(metric, { window: "1h", by: ["model"] }));
    const [ofModel, ofAdvisor] = [usd(model, own), usd(advisor, advice)];
    const paid = { [model]: ofModel, [advisor]: ofAdvisor };
    assertSameAmounts(paid, await byModel(metrics.cost.prometheus), "metrics, each model its own");
    const booked = { [model]: ofModel + ofAdvisor };
    assertSameAmounts(booked, await byModel(ledgerMetrics.cost.prometheus), "events, all under the first model");
    const tokens = async (metric: string) => stack.reader.totalOf(metric, { window: "1h" });
    assert.ok(sameAmount(await tokens(metrics.tokens.prometheus), 1500 + 4800));
    assert.ok(sameAmount(await tokens(ledgerMetrics.tokens.prometheus), 1500));

    // Sessions are compared some minutes later, when all must have arrived.
    const at = Date.now() / 1000 + 15 * 60;
    const [lost] = await stack.reader.query(lostCost({ intervalSeconds: 5 }), { at });
    assert.equal(lost?.value, 0);
    assert.deepEqual(await stack.reader.query(sessionDifferences("cause", causes, { intervalSeconds: 5 }), { at }), []);
    await stack.stop();
    removeTemporaryDirectory(directory);
  });
});
