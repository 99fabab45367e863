import * as assert from "node:assert/strict";

import { labels } from "../../telemetry/labels";
import { metrics } from "../../telemetry/client-metrics";
import { histogramMetrics, ledgerMetrics } from "../../telemetry/event-metrics";
import { serviceName, spans } from "../../telemetry/events";
import { metricsRequest, tracesRequest } from "../../synthetic/otlp/request";
import { apiRequestExport } from "../support/clients/event-load";
import { EventStore } from "../support/collectors/event-store";
import { PipelineStack } from "../support/collectors/pipeline-stack";
import { modelSpellings, notSpellings } from "../support/model-spellings";
import { OtlpSender } from "../support/otlp/otlp-sender";

const profile = "arn:aws:bedrock:us-east-1:123456789012:application-inference-profile/a1b2c3d4e5f6";
const modelAliases = { [profile]: "claude-opus-4-6", 'our model\'s $1 "name"': "gpt-5.4-codex" };
const known = Object.entries(modelSpellings).flatMap(([model, spellings]) =>
  [model, ...spellings].map((spelled) => ({ spelled, model, stored: model })),
);
const mapped = Object.entries(modelAliases).map(([spelled, model]) => ({ spelled, model, stored: model }));
/** Counted as one; stored as it came, so that somebody sees which it is. */
const unknown = notSpellings.map((spelled) => ({ spelled, model: "other", stored: spelled }));
const cases = [...known, ...mapped, ...unknown];
const usdOf = (index: number) => (index + 1) / 1e3;

describe("names of models", function () {
  this.timeout(90_000);
  let store: EventStore;
  let stack: PipelineStack;

  before(async () => {
    store = await EventStore.start();
    stack = await PipelineStack.start({
      stores: store,
      modelAliases,
      labelValues: { model: ["gpt-5.4-codex"] },
      // An alias holds for what clients report, whatever of it would be stored.
      privacy: { attributeLength: 64 },
    });
    const sender = new OtlpSender(stack.otlpHttpUrl);
    const timeMs = Date.now();
    const send = async (signal: "metrics" | "logs" | "traces", body: string) => {
      assert.equal((await sender.send(signal, body)).outcome, "accepted");
    };
    // In one export, so that spellings of one model become points of one series and moment.
    await send("metrics", pointsOf(timeMs));
    await send("traces", spansOf(timeMs));
    for (const [index, { spelled }] of cases.entries()) {
      const request = { session: `s-${index}`, sequence: index, costMicroUsd: (index + 1) * 1e3, durationMs: 100 };
      await send("logs", apiRequestExport(request, "core", timeMs, { model: spelled, final_model: spelled }));
    }
    sender.close();
    await stack.drained();
  });

  after(async () => {
    await stack.stop();
    await store.remove();
  });

  const expected = (value: (index: number) => number): [string, number][] => {
    const sums = new Map<string, number>();
    for (const [index, { model }] of cases.entries()) {
      sums.set(model, (sums.get(model) ?? 0) + value(index));
    }
    return rounded(sums);
  };

  for (const { prometheus } of [metrics.cost, ledgerMetrics.cost]) {
    it(`are one for a model in ${prometheus}`, async () => {
      const byModel = await stack.reader.sumOf(prometheus, { window: "1h", by: [labels.model] });
      assert.deepEqual(rounded(byModel), expected(usdOf));
    });
  }

  it("are one for a model in counts", async () => {
    const count = `${histogramMetrics.requestCost.prometheus}_count`;
    const byModel = await stack.reader.sumOf(count, { window: "1h", by: [labels.model] });
    assert.deepEqual(
      rounded(byModel),
      expected(() => 1),
    );
  });

  it("are the same in stored events and spans; what nothing names is stored as it came, and cut", () => {
    const events = new Map(store.events().map(({ attributes }) => [attributes["session.id"], attributes]));
    const stored = new Map(store.spans().map(({ attributes }) => [attributes["session.id"], attributes]));
    for (const [index, { spelled, stored: name }] of cases.entries()) {
      const cut = name.slice(0, 64);
      const [event, span] = [events.get(`s-${index}`), stored.get(`s-${index}`)];
      assert.deepEqual([event?.["model"], event?.["final_model"]], [cut, cut], spelled);
      assert.deepEqual([span?.["model"], span?.["gen_ai.request.model"]], [cut, cut], spelled);
    }
  });
});

const origin = (signal: string) => ({
  resource: { "service.name": serviceName },
  scope: { name: `com.anthropic.claude_code${signal}`, version: "2.1.330" },
});

function pointsOf(timeMs: number): string {
  const { name, unit } = metrics.cost;
  const points = cases.map(({ spelled }, index) => ({
    attributes: { "session.id": "one", model: spelled },
    startMs: timeMs - 1000,
    timeMs,
    value: usdOf(index),
  }));
  return JSON.stringify(metricsRequest(origin(""), [{ name, description: "", unit, points }]));
}

function spansOf(timeMs: number): string {
  const list = cases.map(({ spelled }, index) => ({
    name: spans.llmRequest,
    traceId: String(index + 1).padStart(32, "0"),
    spanId: String(index + 1).padStart(16, "0"),
    parentSpanId: undefined,
    startMs: timeMs - 1000,
    endMs: timeMs,
    failed: false,
    attributes: { "session.id": `s-${index}`, model: spelled, "gen_ai.request.model": spelled },
  }));
  return JSON.stringify(tracesRequest(origin(".tracing"), list));
}

/** Thousandths, sorted: sums of doubles differ in the last digit with their order. */
function rounded(sums: ReadonlyMap<string, number>): [string, number][] {
  return [...sums].map(([model, sum]): [string, number] => [model, Math.round(sum * 1e3)]).sort();
}
