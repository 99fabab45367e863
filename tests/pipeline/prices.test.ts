import * as assert from "node:assert/strict";

import { highestCost, lowestCost, outsideCost, searchesCost, unpricedTokens } from "../../dashboards/queries/prices";
import { cost } from "../../dashboards/queries/cost";
import { metrics } from "../../telemetry/client-metrics";
import { serviceName } from "../../telemetry/events";
import { labels } from "../../telemetry/labels";
import { listPricesOnly, pricesOf } from "../../telemetry/prices";
import { metricsRequest } from "../../synthetic/otlp/request";
import { PipelineStack } from "../support/collectors/pipeline-stack";
import { byHand, dearest } from "../support/hand-prices";
import { OtlpSender } from "../support/otlp/otlp-sender";

type Type = "input" | "output" | "cacheRead" | "cacheCreation";

/** One request: its tokens, and its bill as the provider would write it. */
interface Request {
  readonly model: string;
  readonly kind: string;
  readonly type: Type;
  readonly tokens: number;
  readonly usd: number;
}

/** No prompt is above this but the long one. */
const tokens = 100_000;

/** Billed by list price alone, which the four types of tokens tell: a tenth of the price of a million. */
const plain: readonly Request[] = Object.entries(byHand).flatMap(([model, [input, output, cacheRead, write]]) =>
  [
    { kind: "input", type: "input" as const, usd: input / 10 },
    { kind: "output", type: "output" as const, usd: output / 10 },
    { kind: "read", type: "cacheRead" as const, usd: cacheRead / 10 },
    { kind: "write", type: "cacheCreation" as const, usd: write / 10 },
  ].map((request) => ({ model, tokens, ...request })),
);

/** Billed by what no type of tokens tells. */
const special: readonly Request[] = [
  ...Object.entries(byHand).flatMap(([model, [input, , , , hour]]) => [
    { model, kind: "hour", type: "cacheCreation" as const, tokens, usd: hour / 10 },
    { model, kind: "us", type: "input" as const, tokens, usd: (input / 10) * 1.1 },
    { model, kind: "us-hour", type: "cacheCreation" as const, tokens, usd: (hour / 10) * 1.1 },
  ]),
  // Fast mode, or twice the longest plain prompt.
  ...Object.entries(dearest).flatMap(([model, [input, output, cacheRead, write, hour]]) => [
    { model, kind: "dear", type: "input" as const, tokens: 2 * tokens, usd: input / 5 },
    { model, kind: "dear-output", type: "output" as const, tokens, usd: output / 10 },
    { model, kind: "dear-read", type: "cacheRead" as const, tokens: 2 * tokens, usd: cacheRead / 5 },
    { model, kind: "dear-write", type: "cacheCreation" as const, tokens: 2 * tokens, usd: write / 5 },
    { model, kind: "dear-us-hour", type: "cacheCreation" as const, tokens: 2 * tokens, usd: (hour / 5) * 1.1 },
  ]),
];

/** Bills that are no price of any kind of request, and a cent for a web search, which is on no token. */
const wrong: readonly Request[] = [
  { model: "claude-sonnet-5", kind: "cheap", type: "input", tokens, usd: 0.15 },
  { model: "claude-sonnet-5", kind: "expensive", type: "input", tokens, usd: 0.3 },
  { model: "claude-sonnet-5", kind: "search", type: "input", tokens, usd: 0.23 },
];
const unknown: Request = { model: "claude-next-9", kind: "unknown", type: "input", tokens, usd: 1 };
const requests = [...plain, ...special, ...wrong, unknown];
const kinds = [...new Set(requests.map(({ kind }) => kind))];

const prices = pricesOf(listPricesOnly);
const contracted = pricesOf({
  multiplier: 0.5,
  models: { "claude-sonnet-5": { input: 3, output: 12, cacheRead: 1, cacheWrite: 4 } },
});

describe("prices, against bills that are worked out by hand", function () {
  this.timeout(90_000);
  let stack: PipelineStack;

  before(async () => {
    stack = await PipelineStack.start();
    const sender = new OtlpSender(stack.otlpHttpUrl);
    assert.equal((await sender.send("metrics", exportOf(requests))).outcome, "accepted");
    sender.close();
    await stack.drained();
  });

  after(async () => {
    await stack.stop();
  });

  const of = (kind: string) => ({ source: "raw" as const, matchers: [`team="${kind}"`] });
  const client = (kind: string) => cost("1h", { ...of(kind), by: [labels.model] });
  const asked = async (expr: string) =>
    new Map((await stack.reader.query(expr)).map(({ labels: { model = "" }, value }) => [model, value]));

  async function bounds(kind: string, known = prices) {
    const [lowest, highest] = [lowestCost(known, "1h", of(kind)), highestCost(known, "1h", of(kind))];
    const outside = outsideCost(client(kind), lowest, highest);
    return { lowest: await asked(lowest), highest: await asked(highest), outside: await asked(outside) };
  }

  it("differ by nothing where tokens tell the price: every model, every type", async () => {
    for (const kind of ["input", "output", "read", "write"]) {
      const { lowest, outside } = await bounds(kind);
      const expected = plain.filter((request) => request.kind === kind);
      assert.equal(lowest.size, expected.length);
      for (const { model, usd } of expected) {
        assertClose(lowest.get(model), usd, `${kind} of ${model}`);
        assertClose(outside.get(model), 0, `${kind} of ${model}`);
      }
    }
  });

  it("hold the bill between lowest and highest where they do not: long writes, fast, long prompts, the US", async () => {
    for (const kind of new Set(special.map((request) => request.kind))) {
      const { lowest, highest, outside } = await bounds(kind);
      for (const { model, usd } of special.filter((request) => request.kind === kind)) {
        assert.ok((lowest.get(model) ?? Infinity) < usd, `${kind} of ${model}: ${lowest.get(model)} < ${usd}`);
        assert.ok((highest.get(model) ?? 0) >= usd * (1 - 1e-12), `${kind} of ${model}: ${highest.get(model)}`);
        assertClose(outside.get(model), 0, `${kind} of ${model}`);
      }
    }
    const { highest } = await bounds("us-hour");
    // 100,000 tokens at twice 15 USD a million, and a tenth more.
    assertClose(highest.get("claude-opus-4-1"), 3.3, "the highest is that of an hour in the US");
  });

  it("say by how much a bill is out of bounds", async () => {
    // 100,000 tokens of input at 2 USD a million: 0.20, in the US 0.22.
    for (const [kind, usd] of [
      ["cheap", -0.05],
      ["expensive", 0.08],
      ["search", 0.01],
    ] as const) {
      assertClose((await bounds(kind)).outside.get("claude-sonnet-5"), usd, kind);
    }
  });

  it("allow for no web search where none was counted", async () => {
    assert.deepEqual([...(await asked(searchesCost(prices, "1h", of("search")))).values()], [0]);
  });

  it("are the contracted ones where there are some, with one price for both kinds of writing", async () => {
    // Half of 0.1 times 3, 12, 1 and 4; Opus 4.1 at half of the list.
    for (const [kind, usd] of [
      ["input", 0.15],
      ["output", 0.6],
      ["read", 0.05],
      ["write", 0.2],
      ["hour", 0.2],
    ] as const) {
      const { lowest, highest } = await bounds(kind, contracted);
      assertClose(lowest.get("claude-sonnet-5"), usd, kind);
      assertClose(highest.get("claude-sonnet-5"), usd, kind);
    }
    assertClose((await bounds("input", contracted)).lowest.get("claude-opus-4-1"), 0.75, "half of 1.5");
  });

  it("leave out a model without one, and name its tokens", async () => {
    const { lowest, highest, outside } = await bounds("unknown");
    assert.deepEqual([lowest.size, highest.size, outside.size], [0, 0, 0]);
    const unpriced = await Promise.all(kinds.map((kind) => asked(unpricedTokens(prices, "1h", of(kind)))));
    assert.deepEqual(
      unpriced.flatMap((found) => [...found]),
      [[unknown.model, tokens]],
    );
  });
});

function exportOf(all: readonly Request[]): string {
  const timeMs = Date.now();
  const point = ({ model, kind }: Request, more: Readonly<Record<string, string>>, value: number) => ({
    attributes: { "session.id": "one", team: kind, model, ...more },
    startMs: timeMs - 1000,
    timeMs,
    value,
  });
  const origin = { resource: { "service.name": serviceName }, scope: { name: "com.anthropic.claude_code" } };
  return JSON.stringify(
    metricsRequest(origin, [
      { ...metrics.cost, points: all.map((request) => point(request, {}, request.usd)) },
      { ...metrics.tokens, points: all.map((request) => point(request, { type: request.type }, request.tokens)) },
    ]),
  );
}

function assertClose(found: number | undefined, expected: number, what: string): void {
  const difference = Math.abs((found ?? Number.NaN) - expected);
  assert.ok(difference <= 1e-9, `${what}: found ${found}; expected ${expected}`);
}
