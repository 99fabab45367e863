import * as assert from "node:assert/strict";
import * as path from "node:path";

import { claudeCodeSettings } from "../../client/settings";
import {
  eventAttributes,
  machineAttribute,
  pointAttributes,
  resourceAttributes,
  spanAttributes,
} from "../../telemetry/attributes";
import { metrics } from "../../telemetry/client-metrics";
import { contentKindNames, contentKinds } from "../../telemetry/content-kinds";
import { dropped } from "../../telemetry/dropped";
import { events, spans } from "../../telemetry/events";
import { clientVersion, installClient } from "../support/clients/claude-client";
import { startMessagesApi } from "../support/clients/messages-api";
import { runScenario, scenarioNames } from "../support/clients/scenarios";
import { type OtlpCapture, startOtlpCapture } from "../support/otlp/otlp-capture";
import { namesIn, type OtlpNames, type Place, places } from "../support/otlp/otlp-names";
import { removeTemporaryDirectory, temporaryDirectory } from "../support/processes";

const droppedNames = dropped.flatMap(({ names }) => names);
const kinds = Object.values(contentKinds);
const contentsOf = (signal: "eventAttributes" | "spanAttributes") => kinds.flatMap((kind) => [...kind[signal]]);

/** Names that the scenarios bring about: without these, they ran into nothing. */
const expected: Partial<Record<Place, readonly string[]>> = {
  // User-side active time needs a person at a keyboard; its name is the same.
  metric: Object.values(metrics).map(({ name }) => name),
  event: [
    ...[events.userPrompt, events.assistantResponse, events.atMention, events.apiRequest, events.apiError],
    ...[events.apiRetriesExhausted, events.apiRefusal, events.apiRequestBody, events.apiResponseBody],
    ...[events.toolDecision, events.toolResult, events.tool, events.systemPrompt, events.mcpServerConnection],
    ...[events.skillActivated, events.subagentCompleted, events.hookRegistered, events.hookExecutionStart],
    ...[events.hookExecutionComplete, events.pluginLoaded, events.compaction, events.managedSettingsResolved],
  ],
  span: [spans.interaction, spans.llmRequest, spans.tool, spans.toolBlockedOnUser, spans.toolExecution, spans.hook],
  spanEvent: ["gen_ai.request.attempt", "tool.output"],
  resourceAttribute: [machineAttribute],
};

type Environment = Readonly<Record<string, string>>;

/** Names that the catalogue has a place for. */
const known: Readonly<Record<Place, readonly string[]>> = {
  metric: Object.values(metrics).map(({ name }) => name),
  pointAttribute: [...pointAttributes, ...droppedNames],
  event: Object.values(events),
  eventAttribute: [...eventAttributes, ...contentsOf("eventAttributes"), ...droppedNames],
  span: Object.values(spans),
  spanAttribute: [...spanAttributes, ...contentsOf("spanAttributes"), ...droppedNames],
  spanEvent: ["gen_ai.request.attempt", "tool.output", "exception"],
  spanEventAttribute: [...spanAttributes, ...contentsOf("spanAttributes"), ...droppedNames],
  resourceAttribute: [...resourceAttributes, machineAttribute, ...droppedNames],
  scope: ["", ".events", ".tracing"].map((part) => `com.anthropic.claude_code${part}`),
  scopeAttribute: [],
  linked: [],
};

describe(`every name that the real client ${clientVersion} sends`, function () {
  this.timeout(180_000);
  let found: OtlpNames;

  before(async () => {
    await installClient();
    const directory = temporaryDirectory("claude-monitoring-catalogue");
    const capture = await startOtlpCapture("", () => true);
    const json = { OTEL_EXPORTER_OTLP_PROTOCOL: "http/json", OTEL_LOG_MANAGED_SETTINGS: "1" };
    const detailed = { ...json, ENABLE_BETA_TRACING_DETAILED: "1", BETA_TRACING_ENDPOINT: capture.url };
    await runScenarios(scenarioNames, path.join(directory, "all"), capture, json);
    await runScenarios(["tools", "subagent"], path.join(directory, "detailed"), capture, detailed);
    await capture.stop();
    removeTemporaryDirectory(directory);
    found = namesIn(capture.exports);
    for (const place of places) {
      console.log(`    ${place}: ${found[place].join(", ")}`);
    }
  });

  it("is one of many: the scenarios ran as they should", () => {
    for (const [place, names] of Object.entries(expected) as [Place, readonly string[]][]) {
      const missing = names.filter((name) => !found[place].includes(name));
      assert.deepEqual(missing, [], place);
    }
  });

  for (const place of places) {
    it(`has a place in the catalogue: ${place}`, () => {
      const unknown = found[place].filter((name) => !known[place].includes(name));
      assert.deepEqual(unknown, [], "name these in a list of telemetry/, or in telemetry/dropped.ts with the reason");
    });
  }
});

/** Three at a time: a client mostly waits. */
async function runScenarios(names: readonly string[], directory: string, { url }: OtlpCapture, env: Environment) {
  const api = await startMessagesApi();
  const settings = { otlpHttpUrl: url, metricsIntervalSeconds: 10, logsIntervalSeconds: 5, traces: true };
  const options = {
    api,
    directory,
    plain: claudeCodeSettings(settings).env,
    detailed: claudeCodeSettings({ ...settings, contents: contentKindNames }).env,
  };
  const remaining = [...names];
  const run = async () => {
    for (let name = remaining.shift(); name !== undefined; name = remaining.shift()) {
      await runScenario(name, options, env);
    }
  };
  await Promise.all([run(), run(), run()]);
  await api.stop();
}
