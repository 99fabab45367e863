import * as assert from "node:assert/strict";
import { claudeCodeSettings } from "../../client/settings";
import { clientVersion, installClient } from "../support/clients/claude-client";
import { runClientSessions } from "../support/clients/client-sessions";
import { assertSameAmounts } from "../support/compare";
import { type MessagesApi, startMessagesApi } from "../support/clients/messages-api";
import { PipelineStack } from "../support/collectors/pipeline-stack";
import { readTotals } from "../support/prometheus/totals";

describe(`real client ${clientVersion}: what it reports is what Prometheus holds`, function () {
  this.timeout(180_000);
  let api: MessagesApi;
  let stack: PipelineStack | undefined;

  before(async () => {
    await installClient();
  });

  beforeEach(async () => {
    api = await startMessagesApi();
  });

  afterEach(async () => {
    await stack?.stop();
    await api.stop();
  });

  it("equals the truth with one collector over http/protobuf, as the settings handed out say: difference 0", async () => {
    stack = await PipelineStack.start();
    await checkSessions(stack, stack.otlpHttpUrl, {});
  });

  it("equals the truth with two collectors behind one address, over gRPC: difference 0", async () => {
    stack = await PipelineStack.start({ collectors: 2 });
    await checkSessions(stack, stack.otlpGrpcUrl, { OTEL_EXPORTER_OTLP_PROTOCOL: "grpc" });
  });

  async function checkSessions(target: PipelineStack, url: string, extraEnv: Record<string, string>): Promise<void> {
    const settings = claudeCodeSettings({ otlpHttpUrl: url, metricsIntervalSeconds: 10, logsIntervalSeconds: 5 });
    const truth = await runClientSessions({
      api,
      directory: target.directory,
      telemetry: settings.env,
      resourceAttributes: { user: "dev one", team: "core", location: "home", device: "laptop" },
      extraEnv,
    });
    await target.drained();
    const matchers = 'user="dev one",team="core",location="home",device="laptop"';
    const found = await readTotals(target.reader, { window: "1h", matchers });
    assertSameAmounts(truth, found, "Prometheus against the scripted API");
    for (const collector of target.collectors) {
      const door = { receiver: "otlp" };
      const received = (await collector.selfMetric("otelcol_receiver_accepted_metric_points", door)) ?? 0;
      assert.ok(received > 0, `${collector.name} received no metrics; expected every collector to take part`);
    }
  }
});
