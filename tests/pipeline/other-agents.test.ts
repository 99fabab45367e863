import * as assert from "node:assert/strict";

import { countMetrics } from "../../telemetry/event-metrics";
import { keyValues, unixNano } from "../../synthetic/otlp/request";
import { EventStore } from "../support/collectors/event-store";
import { PipelineStack } from "../support/collectors/pipeline-stack";
import { OtlpSender } from "../support/otlp/otlp-sender";

const personal = "ada.lovelace@example.com";
const time = unixNano(Date.now());
const attributes = keyValues({ user: personal, "auth.email": personal, model: "some-model" });
const delta = { aggregationTemporality: 1, isMonotonic: true };

/** A data point of a sum. */
const point = (value: number) => ({ timeUnixNano: time, startTimeUnixNano: time, asDouble: value, attributes });
const histogram = {
  aggregationTemporality: 1,
  dataPoints: [{ ...point(0), timeUnixNano: time, count: "3", sum: 7, bucketCounts: ["1", "2"], explicitBounds: [5] }],
};

function metricsOf(service: string, metrics: readonly object[], scope = service) {
  const resource = { attributes: keyValues({ "service.name": service, "host.name": personal }) };
  return JSON.stringify({ resourceMetrics: [{ resource, scopeMetrics: [{ scope: { name: scope }, metrics }] }] });
}

function eventsOf(service: string, names: readonly string[]) {
  const resource = { attributes: keyValues({ "service.name": service, "host.name": personal }) };
  const logRecords = names.map((name) => ({
    timeUnixNano: time,
    body: { stringValue: personal },
    attributes: keyValues({ "event.name": name, "user.email": personal, prompt: personal, cost_usd: "5" }),
  }));
  return JSON.stringify({ resourceLogs: [{ resource, scopeLogs: [{ scope: { name: service }, logRecords }] }] });
}

describe("other agents' telemetry", function () {
  this.timeout(120_000);
  let store: EventStore;
  let stack: PipelineStack;

  before(async () => {
    store = await EventStore.start();
    stack = await PipelineStack.start({ stores: store });
    const sender = new OtlpSender(stack.otlpHttpUrl);
    const send = async (signal: "metrics" | "logs", body: string) => {
      assert.equal((await sender.post(signal, body)).status, 200);
    };
    const sum = (name: string, ...values: readonly number[]) => ({
      name,
      sum: { ...delta, dataPoints: values.map(point) },
    });
    // In the same moment, as two clients may: no point may contradict another.
    await Promise.all([
      send(
        "metrics",
        metricsOf("codex_cli_rs", [{ name: "codex.turn.token_usage", histogram }, sum("codex.tool.call", 1)]),
      ),
      send("metrics", metricsOf("codex_cli_rs", [sum("codex.tool.call", 1), sum("codex.not.known", 4)])),
      send(
        "metrics",
        metricsOf("gemini-cli", [
          sum("gemini_cli.token.usage", 1, 2),
          { name: "gen_ai.client.token.usage", histogram },
        ]),
      ),
      send("metrics", metricsOf("github-copilot", [{ name: "gen_ai.client.operation.duration", histogram }])),
      send("metrics", metricsOf("cursor", [sum("token.usage", 900), sum("cost.usage", 12)], "cursor.telemetry")),
      send("metrics", metricsOf("claude-code", [sum("claude_code.brand.new", 1)])),
      send("metrics", metricsOf("anything", [sum(personal, 1)])),
      send(
        "logs",
        eventsOf("codex_cli_rs", ["codex.sse_event", "codex.sse_event", "codex.user_prompt", "codex.brand.new"]),
      ),
      send("logs", eventsOf("gemini-cli", ["gemini_cli.api_response"])),
    ]);
    sender.close();
    await stack.drained();
  });

  after(async () => {
    await stack.stop();
    await store.remove();
  });

  it("is counted by product and name, data point by data point and event by event", async () => {
    const received = await stack.reader.sumOf(countMetrics.otherAgents.prometheus, {
      window: "1h",
      by: ["agent_product", "signal_name"],
    });
    assert.deepEqual(Object.fromEntries(received), {
      "codex|codex.turn.token_usage": 1,
      "codex|codex.tool.call": 2,
      "codex|other": 2,
      "codex|codex.sse_event": 2,
      "codex|codex.user_prompt": 1,
      "gemini|gemini_cli.token.usage": 2,
      "gemini|gen_ai.client.token.usage": 1,
      "gemini|gemini_cli.api_response": 1,
      "copilot|gen_ai.client.operation.duration": 1,
      "cursor|token.usage": 1,
      "cursor|cost.usage": 1,
      "claude-code|other": 1,
      "other|other": 1,
    });
  });

  it("is not stored, and nobody's cost: neither its values, nor who it is of", async () => {
    const names = await stack.reader.query('count by (__name__) ({__name__=~".*(claude|codex|gemini|token|cost).*"})');
    assert.deepEqual(
      names.map(({ labels }) => labels["__name__"]),
      [countMetrics.otherAgents.prometheus],
    );
    assert.deepEqual(store.events(), []);
    const series = await stack.reader.query(`{__name__=~".+", job!=""}`);
    assert.ok(!JSON.stringify(series).includes("ada"), JSON.stringify(series));
  });
});
