import * as assert from "node:assert/strict";

import { countMetrics, histogramMetrics } from "../../telemetry/event-metrics";
import { events, serviceName } from "../../telemetry/events";
import { EventStore } from "../support/collectors/event-store";
import { PipelineStack } from "../support/collectors/pipeline-stack";
import type { Event } from "../support/otlp/otlp-json";
import { OtlpSender } from "../support/otlp/otlp-sender";
import { keyValues, unixNano } from "../../synthetic/otlp/request";

const text = (stringValue: string) => ({ stringValue });
const list = (...values: readonly string[]) => ({ arrayValue: { values: values.map(text) } });

describe("events with values and lists of their own", function () {
  this.timeout(60_000);
  let store: EventStore;
  let stack: PipelineStack;

  before(async () => {
    store = await EventStore.start();
    stack = await PipelineStack.start({ stores: store });
    const sender = new OtlpSender(stack.otlpHttpUrl);
    const sent = [
      record(events.toolResult, { tool_name: text("Frobnicate"), success: text("true") }),
      record(events.toolResult, { tool_name: text("Artifact"), success: text("true") }),
      record(events.toolDecision, { tool_name: text("Bash"), decision: text("accept"), source: text("classifier") }),
      record(events.managedSettingsResolved, { "managed_settings.sources": list("remote", "file") }),
      record(events.safetyEvent, { category: text("sandbox_network"), decision: text("sent_back") }),
      record(events.safetyEvent, { category: text("Anything else that a client may say") }),
      record(events.apiRefusal, { category: text("private") }),
      ...["sdk", "agent:custom", "hook_agent", "compact", "plugin_model_complete"].map((source) =>
        record(events.apiRequest, { query_source: text(source), duration_ms: text("1000") }),
      ),
      record(events.systemPrompt, { system_prompt: text("private") }),
    ];
    assert.equal((await sender.post("logs", request(sent))).status, 200);
    sender.close();
    await stack.drained();
  });

  after(async () => {
    await stack.stop();
    await store.remove();
  });

  const stored = (name: string): Event[] =>
    store.events().filter(({ attributes }) => attributes["event.name"] === name);

  it("keep the value that is counted as other, with a mark; a value on the list has none", () => {
    const tools = stored(events.toolResult).map(({ attributes }) => [
      attributes["tool_name"],
      attributes["claude_monitoring.folded.tool_name"],
    ]);
    assert.deepEqual(tools.toSorted(), [
      ["Artifact", undefined],
      ["Frobnicate", true],
    ]);
  });

  it("are counted by the label's name", async () => {
    const read = async (metric: string, by: string) =>
      Object.fromEntries(await stack.reader.sumOf(metric, { window: "1h", by: [by] }));
    assert.deepEqual(await read(countMetrics.foldedValues.prometheus, "folded_label"), { tool_name: 1 });
    assert.deepEqual(await read(countMetrics.toolDecisions.prometheus, "source"), { classifier: 1 });
  });

  it("are counted by the part of the client that its own metrics name", async () => {
    const metric = `${histogramMetrics.requestDuration.prometheus}_count`;
    const counts = await stack.reader.sumOf(metric, { window: "1h", by: ["query_source"] });
    const expected = { main: 1, subagent: 2, auxiliary: 1, plugin_model_complete: 1 };
    assert.deepEqual(Object.fromEntries(counts), expected);
  });

  it("keep the list of sources as text", () => {
    const sources = stored(events.managedSettingsResolved).map((event) => event.attributes["managed_settings.sources"]);
    assert.deepEqual(sources, ['["remote","file"]']);
  });

  it("keep a category of rules, and not that of a refusal; whole prompts are not stored at all", () => {
    const categories = stored(events.safetyEvent).map(({ attributes }) => attributes["safety_category"]);
    assert.deepEqual(categories.toSorted(), ["sandbox_network", undefined]);
    assert.ok(!JSON.stringify(store.events()).includes("private"));
    assert.equal(stored(events.apiRefusal).length, 1);
    assert.deepEqual(stored(events.systemPrompt), []);
  });
});

let sequence = 0;

function record(name: string, attributes: Readonly<Record<string, object>>): object {
  const own = Object.entries(attributes).map(([key, value]) => ({ key, value }));
  const known = { "event.name": name, "session.id": "folded", "event.sequence": sequence++ };
  return { timeUnixNano: unixNano(Date.now()), body: text(name), attributes: [...keyValues(known), ...own] };
}

function request(logRecords: readonly object[]): string {
  const resource = { attributes: keyValues({ "service.name": serviceName }) };
  const scope = { name: "com.anthropic.claude_code.events" };
  return JSON.stringify({ resourceLogs: [{ resource, scopeLogs: [{ scope, logRecords }] }] });
}
