import * as assert from "node:assert/strict";
import * as fs from "node:fs";
import * as path from "node:path";
import { claudeCodeSettings } from "../../client/settings";
import { runClient } from "../support/clients/claude-client";
import { startMessagesApi } from "../support/clients/messages-api";
import { answer, promptFor } from "../support/clients/messages-script";
import { OtlpSender } from "../support/otlp/otlp-sender";
import { PipelineStack } from "../support/collectors/pipeline-stack";
import { metrics } from "../../telemetry/client-metrics";

const captures = path.join(__dirname, "..", "fixtures", "captures");

describe("logs, metrics and traces", function () {
  this.timeout(90_000);
  let stack: PipelineStack;

  before(async () => {
    stack = await PipelineStack.start();
  });

  after(async () => {
    await stack.stop();
  });

  for (const [signal, capture] of [
    ["logs", "logs.write-commit-text.1.json"],
    ["metrics", "metrics.delta.write-commit-text.1.json"],
    ["traces", "traces.write-commit-text.json"],
  ] as const) {
    it(`${signal} as the real client sends them are answered with 200`, async () => {
      const sender = new OtlpSender(stack.otlpHttpUrl);
      const body = fs.readFileSync(path.join(captures, capture), "utf8");
      assert.equal((await sender.post(signal, body)).status, 200);
      sender.close();
    });
  }

  it("of a real one-shot client arrive, and no contents are in the collector's log", async () => {
    const api = await startMessagesApi();
    api.add({
      name: "signals",
      turns: [answer("secret-answer", { input: 1, output: 1, cacheRead: 0, cacheCreation5m: 0, cacheCreation1h: 0 })],
    });
    const settings = claudeCodeSettings({
      otlpHttpUrl: stack.otlpHttpUrl,
      metricsIntervalSeconds: 60,
      logsIntervalSeconds: 5,
    });
    const result = await runClient({
      prompt: `${promptFor("signals")} secret-prompt`,
      home: path.join(stack.directory, "home"),
      cwd: path.join(stack.directory, "work"),
      messagesUrl: api.url,
      telemetry: settings.env,
      resourceAttributes: { team: "signals" },
      extraEnv: {
        CLAUDE_CODE_ENHANCED_TELEMETRY_BETA: "1",
        OTEL_TRACES_EXPORTER: "otlp",
        OTEL_LOG_USER_PROMPTS: "1",
      },
    });
    await api.stop();
    assert.equal(result.code, 0, result.stdout + result.stderr);
    await stack.drained();
    assert.equal(
      await stack.reader.totalOf(metrics.sessions.prometheus, { window: "1h", matchers: 'team="signals"' }),
      1,
    );
    const received = async (what: string): Promise<number> =>
      (await stack.collector.selfMetric(`otelcol_receiver_accepted_${what}`)) ?? 0;
    // More than the captures alone hold.
    assert.ok((await received("spans")) > spansInCapture(), "spans of the real client arrived");
    assert.ok((await received("log_records")) > logRecordsInCapture(), "log records of the real client arrived");
    const log = fs.readFileSync(stack.collector.logFile, "utf8");
    assert.ok(log.includes('"level":"info"'), "the collector writes a log");
    assert.ok(!log.includes("secret-"), "the collector's log holds contents of a prompt or an answer");
  });
});

function spansInCapture(): number {
  return fs.readFileSync(path.join(captures, "traces.write-commit-text.json"), "utf8").split('"spanId"').length - 1;
}

function logRecordsInCapture(): number {
  return fs.readFileSync(path.join(captures, "logs.write-commit-text.1.json"), "utf8").split('"body"').length - 1;
}
