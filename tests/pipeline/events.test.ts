import * as assert from "node:assert/strict";
import * as path from "node:path";
import { claudeCodeSettings } from "../../client/settings";
import { metrics } from "../../telemetry/client-metrics";
import { contentKinds } from "../../telemetry/content-kinds";
import { countMetrics, histogramMetrics, ledgerMetrics } from "../../telemetry/event-metrics";
import { events, spans as spanNames } from "../../telemetry/events";
import { clientVersion, installClient } from "../support/clients/claude-client";
import { runClientSessions } from "../support/clients/client-sessions";
import { type Amounts, assertSameAmounts } from "../support/compare";
import { EventStore } from "../support/collectors/event-store";
import { type MessagesApi, startMessagesApi } from "../support/clients/messages-api";
import { type CapturedExport, type OtlpCapture, startOtlpCapture } from "../support/otlp/otlp-capture";
import { type Event, eventsOf, spansOf } from "../support/otlp/otlp-json";
import { PipelineStack } from "../support/collectors/pipeline-stack";
import { removeTemporaryDirectory, temporaryDirectory } from "../support/processes";

const window = "1h";
/** What the sessions' scripts ask for, counted by hand. */
const toolCalls: Amounts = { Write: 2, Edit: 1, Bash: 3, Agent: 1, mcp_tool: 1 };

describe(`events and spans of the real client ${clientVersion}`, function () {
  this.timeout(240_000);
  let directory: string;
  let api: MessagesApi;
  let store: EventStore;
  let stack: PipelineStack;
  let capture: OtlpCapture;
  let truth: Amounts;

  before(async () => {
    await installClient();
    directory = temporaryDirectory("claude-monitoring-events");
    api = await startMessagesApi();
    store = await EventStore.start();
    stack = await PipelineStack.start({ collectors: 2, stores: store });
    capture = await startOtlpCapture(stack.otlpHttpUrl);
    truth = await runSessions(capture, api, directory);
    await stack.drained();
  });

  after(async () => {
    await capture.stop();
    await stack.stop();
    await store.remove();
    await api.stop();
    removeTemporaryDirectory(directory);
  });

  async function runSessions({ url }: OtlpCapture, messagesApi: MessagesApi, folder: string): Promise<Amounts> {
    const settings = claudeCodeSettings({
      otlpHttpUrl: url,
      metricsIntervalSeconds: 10,
      logsIntervalSeconds: 5,
      traces: true,
    });
    return runClientSessions({
      api: messagesApi,
      directory: folder,
      telemetry: settings.env,
      resourceAttributes: { user: "dev one", team: "core", location: "home", device: "laptop" },
      extraEnv: { OTEL_EXPORTER_OTLP_PROTOCOL: "http/json" },
      withEventSessions: true,
    });
  }

  it("are of every kind that these sessions can make", () => {
    const kinds = new Set(sentEvents(capture).map(nameOf));
    const expected = [
      events.userPrompt,
      events.apiRequest,
      events.apiError,
      events.apiRetriesExhausted,
      events.toolDecision,
      events.toolResult,
      events.mcpServerConnection,
      events.subagentCompleted,
      events.pluginLoaded,
    ];
    assert.deepEqual(
      expected.filter((kind) => !kinds.has(kind)),
      [],
      `sent: ${[...kinds].join(", ")}`,
    );
  });

  it("are stored, every event once and with its fields, contents left out", () => {
    const stored = new Map(store.events().map((event) => [keyOf(event), event]));
    const sent = sentEvents(capture);
    assert.equal(new Set(sent.map(keyOf)).size, sent.length, "two events of one key");
    assert.equal(stored.size, sent.length);
    const contents = new Set<string>(Object.values(contentKinds).flatMap((kind) => [...kind.eventAttributes]));
    for (const event of sent) {
      const found = stored.get(keyOf(event));
      assert.ok(found, `${keyOf(event)} is not stored`);
      assert.equal(found.timeUnixNano, event.timeUnixNano, keyOf(event));
      assert.equal(found.traceId, event.traceId, keyOf(event));
      assert.equal(found.resource["service.name"], "claude-code");
      for (const [name, value] of Object.entries(event.attributes)) {
        const expected = contents.has(name) ? undefined : value;
        if (!droppedByDesign.has(name)) {
          assert.deepEqual(found.attributes[name], expected, `${keyOf(event)}: ${name}`);
        }
      }
    }
  });

  it("have lines that tell two events of one millisecond apart, as Loki needs it", () => {
    const sent = sentEvents(capture);
    const asSent = new Set(sent.map(({ timeUnixNano, line }) => `${timeUnixNano} ${line}`));
    assert.ok(asSent.size < sent.length, "no two events share time and line; expected plug-ins to be loaded at once");
    assert.equal(store.events().length, sent.length);
  });

  it("are stored, every span in its trace, below its parent", () => {
    const sent = capture.exports.filter(({ signal }) => signal === "traces").flatMap(({ body }) => spansOf(body));
    const stored = new Map(store.spans().map((span) => [span.spanId, span]));
    assert.ok(sent.length > 20, `${sent.length} spans sent`);
    assert.equal(stored.size, sent.length);
    for (const { spanId, traceId, parentSpanId, name } of sent) {
      const found = stored.get(spanId);
      assert.deepEqual(
        { traceId: found?.traceId, parentSpanId: found?.parentSpanId, name: found?.name },
        { traceId, parentSpanId, name },
      );
    }
    console.log("    spans: checked on the collector's output; Tempo's binary is in no registry");
  });

  it("make the ledger that the scripted API's log says, and both ledgers agree for every session", async () => {
    const cost = await stack.reader.totalOf(ledgerMetrics.cost.prometheus, { window });
    const tokens = await stack.reader.sumOf(ledgerMetrics.tokens.prometheus, { window, by: ["type"] });
    const found = { cost, ...Object.fromEntries([...tokens].map(([type, value]) => [`tokens|${type}`, value])) };
    const expected = Object.entries(truth).filter(([name]) => name === "cost" || name.startsWith("tokens"));
    assertSameAmounts(Object.fromEntries(expected), found, "events against the scripted API");
    for (const [ours, theirs] of [
      [ledgerMetrics.cost.prometheus, metrics.cost.prometheus],
      [ledgerMetrics.tokens.prometheus, metrics.tokens.prometheus],
    ] as const) {
      const by = ["session_id", "user", "team", "model", "query_source", "type"];
      const [byEvents, byMetrics] = await Promise.all([
        stack.reader.sumOf(ours, { window, by }),
        stack.reader.sumOf(theirs, { window, by }),
      ]);
      assert.ok(byMetrics.size >= 7, `${byMetrics.size} groups`);
      assertSameAmounts(Object.fromEntries(byMetrics), Object.fromEntries(byEvents), `${ours} against ${theirs}`);
    }
  });

  it("make the counts that the scripted API's log and the scripts say", async () => {
    const total = async (metric: string, matchers = "") => stack.reader.totalOf(metric, { window, matchers });
    const answered = api.log.filter(({ usage }) => usage !== undefined).length;
    const { requestDuration, timeToFirstToken, requestCost, requestContext, toolDuration } = histogramMetrics;
    for (const { prometheus } of [requestDuration, timeToFirstToken, requestCost, requestContext]) {
      assert.equal(await total(`${prometheus}_count`), answered, prometheus);
      assert.equal(await total(`${prometheus}_bucket`, 'le="+Inf"'), answered, prometheus);
    }
    assertSameAmounts({ cost: truth["cost"] ?? 0 }, { cost: await total(`${requestCost.prometheus}_sum`) }, "cost");
    assert.equal(await total(countMetrics.apiErrors.prometheus, 'status_code="529"'), 1);
    assert.equal(await total(countMetrics.retriesExhausted.prometheus, 'status_code="529"'), 1);
    assert.equal(await total(countMetrics.prompts.prometheus), truth["sessions"]);
    const called = await stack.reader.sumOf(`${toolDuration.prometheus}_count`, { window, by: ["tool_name"] });
    assertSameAmounts(toolCalls, Object.fromEntries(called), "tool calls against the scripts");
    assert.equal(await total(countMetrics.subagents.prometheus, 'agent_type="general-purpose"'), 1);
    assert.equal(await total(countMetrics.mcpConnections.prometheus, 'status="connected"'), 1);
    assert.equal(await total(countMetrics.foldedValues.prometheus), 0);
  });

  it("make the counts and sums that the captured exports say", async () => {
    const sent = sentEvents(capture);
    const byTool = (name: string, value: (event: Event) => number) =>
      sumBy(
        sent.filter((event) => nameOf(event) === name),
        (event) => String(event.attributes["tool_name"]),
        value,
      );
    const read = async (metric: string, by: string) =>
      Object.fromEntries(await stack.reader.sumOf(metric, { window, by: [by] }));
    const seconds = (event: Event) => Number(event.attributes["duration_ms"]) / 1000;
    const size = (event: Event) => Number(event.attributes["tool_result_size_bytes"]);
    const { toolDuration, toolWait, requestDuration } = histogramMetrics;
    assertSameAmounts(
      byTool(events.toolResult, seconds),
      await read(`${toolDuration.prometheus}_sum`, "tool_name"),
      "durations of tools",
    );
    assertSameAmounts(
      byTool(events.toolResult, size),
      await read(countMetrics.toolResultSize.prometheus, "tool_name"),
      "sizes of results",
    );
    assertSameAmounts(
      byTool(events.toolDecision, () => 1),
      await read(countMetrics.toolDecisions.prometheus, "tool_name"),
      "decisions",
    );
    const requests = sent.filter((event) => nameOf(event) === events.apiRequest);
    assertSameAmounts(
      sumBy(requests, (event) => String(event.attributes["model"]), seconds),
      await read(`${requestDuration.prometheus}_sum`, "model"),
      "durations of requests",
    );
    const waits = store.spans().filter(({ name }) => name === spanNames.toolBlockedOnUser).length;
    assert.ok(waits > 0);
    assert.equal(await stack.reader.totalOf(`${toolWait.prometheus}_count`, { window }), waits);
  });

  it("lose one export, and the ledgers differ in that session by that amount", async () => {
    let lost: CapturedExport | undefined;
    const lossy = await startOtlpCapture(stack.otlpHttpUrl, (captured) => {
      const first = lost === undefined && captured.signal === "logs" && hasRequests(captured);
      lost = first ? captured : lost;
      return first;
    });
    const sessionsBefore = await sessionCosts(metrics.cost.prometheus);
    const otherApi = await startMessagesApi();
    await runSessions(lossy, otherApi, path.join(directory, "lossy"));
    await otherApi.stop();
    await lossy.stop();
    await stack.drained();
    assert.ok(lost, "no export held a request");
    const missing = eventsOf(lost.body).filter((event) => nameOf(event) === events.apiRequest);
    const expected = sumBy(
      missing,
      (event) => String(event.attributes["session.id"]),
      (event) => Number(event.attributes["cost_usd"]),
    );
    const byEvents = await sessionCosts(ledgerMetrics.cost.prometheus);
    const byMetrics = await sessionCosts(metrics.cost.prometheus);
    assert.ok(byMetrics.size > sessionsBefore.size);
    const differences = [...byMetrics].flatMap(([session, cost]) => {
      const difference = cost - (byEvents.get(session) ?? 0);
      return Math.abs(difference) > 1e-9 ? [[session, difference] as const] : [];
    });
    assert.equal(differences.length, 1);
    assertSameAmounts(expected, Object.fromEntries(differences), "what is missing");
  });

  async function sessionCosts(metric: string): Promise<Map<string, number>> {
    return stack.reader.sumOf(metric, { window, by: ["session_id"] });
  }
});

/** A list, which is stored as text; folded-values.test.ts has it. */
const droppedByDesign = new Set(["managed_settings.sources"]);

function sentEvents({ exports }: OtlpCapture): Event[] {
  return exports.filter(({ signal }) => signal === "logs").flatMap(({ body }) => eventsOf(body));
}

function hasRequests({ body }: CapturedExport): boolean {
  return eventsOf(body).some((event) => nameOf(event) === events.apiRequest);
}

function nameOf(event: Event): string {
  return String(event.attributes["event.name"]);
}

/** What tells an event from all others: its sequence repeats when a session is resumed. */
function keyOf({ attributes }: Event): string {
  return ["session.id", "event.timestamp", "event.sequence"].map((name) => attributes[name]).join(" ");
}

function sumBy<T>(items: readonly T[], key: (item: T) => string, value: (item: T) => number): Record<string, number> {
  const sums: Record<string, number> = {};
  for (const item of items) {
    sums[key(item)] = (sums[key(item)] ?? 0) + value(item);
  }
  return sums;
}
