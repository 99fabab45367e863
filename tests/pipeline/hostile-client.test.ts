import * as assert from "node:assert/strict";
import { metrics } from "../../telemetry/client-metrics";
import { histogramMetrics, ledgerMetrics } from "../../telemetry/event-metrics";
import { assertSameAmounts, sameAmount } from "../support/compare";
import { apiRequestExport, runEventLoad } from "../support/clients/event-load";
import { EventStore } from "../support/collectors/event-store";
import { runLoad, totalsOf } from "../support/clients/load-generator";
import { OtlpSender } from "../support/otlp/otlp-sender";
import { PipelineStack } from "../support/collectors/pipeline-stack";
import { sleep } from "../support/processes";
import { readTotals } from "../support/prometheus/totals";

const seconds = 15;
/** Of a hostile client's requests; on a slow machine more would only wait, in this process' memory. */
const mostUnderWay = 16;

/** What a hostile client sends, again and again until it is told to stop. */
type Attack = (sender: OtlpSender, index: number) => Promise<{ status: number }>;

/** Written once: this process sends what everybody else sends, too. */
const largeBody = Buffer.from(
  apiRequestExport(request(0), "hostile", Date.now(), { prompt: "y".repeat(10 * 1024 * 1024) }),
);

const attacks: Readonly<Record<string, { readonly perSecond: number; readonly attack: Attack }>> = {
  "attribute values without bound": {
    perSecond: 50,
    attack: async (sender, index) => {
      const more = Object.fromEntries(
        ["model", "tool_name", "query_source", "vcs.repository.name", "language", "agent.name"].map((name) => [
          name,
          `${name}-${index}-${"x".repeat(20_000)}`,
        ]),
      );
      return sender.post("logs", apiRequestExport(request(index), "hostile", Date.now(), more));
    },
  },
  "bodies of 10 MB": { perSecond: 5, attack: async (sender) => sender.post("logs", largeBody) },
  "up to 1,000 exports a second": {
    perSecond: 1000,
    attack: async (sender, index) => sender.post("logs", apiRequestExport(request(index), "hostile", Date.now())),
  },
  "numbers that are none, and amounts that cannot be": {
    perSecond: 50,
    attack: async (sender, index) => {
      const [value = ""] = ["NaN", "1e300", "-5", "12 USD", "Infinity", "1_000"].slice(index % 6);
      const body = apiRequestExport(request(index), "hostile", Date.now()).replace(
        /\{"key":"(cost_usd|duration_ms|ttft_ms|input_tokens)","value":\{[^}]*\}\}/g,
        (_, name: string) => `{"key":"${name}","value":{"stringValue":"${value}"}}`,
      );
      return sender.post("logs", body);
    },
  },
};

describe("a hostile client beside everybody else", function () {
  this.timeout(300_000);
  let store: EventStore;
  let stack: PipelineStack;

  beforeEach(async () => {
    store = await EventStore.start();
    stack = await PipelineStack.start({ stores: store });
  });

  afterEach(async () => {
    await stack.stop();
    await store.remove();
  });

  for (const [name, { perSecond, attack }] of Object.entries(attacks)) {
    it(`sends ${name}: nobody else loses anything`, async () => {
      const running = new AbortController();
      const attacking = attackUntil(running.signal, perSecond, attack);
      const [points, requests] = await Promise.all([
        runLoad({ url: stack.otlpHttpUrl, exports: 40 * seconds, perSecond: 40, team: "others" }),
        runEventLoad({ url: stack.otlpHttpUrl, exports: 40 * seconds, perSecond: 40, team: "others" }),
      ]);
      running.abort();
      const statuses = await attacking;
      await stack.drained(120_000);
      console.log(`    the hostile client was answered ${JSON.stringify(statuses)}`);

      const window = { window: "1h", matchers: 'team="others"' };
      assert.deepEqual([...points.statusCounts().keys()], [200]);
      assertSameAmounts(totalsOf(points.entries), await readTotals(stack.reader, window), "everybody else's metrics");
      const cost = requests.reduce((sum, { costMicroUsd }) => sum + costMicroUsd, 0) / 1e6;
      const duration = requests.reduce((sum, { durationMs }) => sum + durationMs, 0) / 1000;
      const total = async (metric: string) => stack.reader.totalOf(metric, window);
      const { requestDuration } = histogramMetrics;
      assert.deepEqual(
        requests.filter(({ outcome }) => outcome !== "accepted"),
        [],
      );
      assert.ok(sameAmount(cost, await total(ledgerMetrics.cost.prometheus)), "the ledger");
      assert.equal(await total(`${requestDuration.prometheus}_count`), requests.length);
      assert.ok(sameAmount(duration, await total(`${requestDuration.prometheus}_sum`)), "durations");
      const stored = store.events().filter(({ attributes }) => attributes["team"] === "others");
      assert.equal(stored.length, requests.length);
      assertNumbersThatAdd();
      await assertBoundedLabels();
    });
  }

  /** Loki adds up what it takes for numbers: one "NaN" makes everybody's sum NaN. */
  function assertNumbersThatAdd(): void {
    const values = store.events().flatMap(({ attributes }) => [attributes["cost_usd"], attributes["duration_ms"]]);
    const strange = values.filter((value) => value !== undefined && !/^\d+(\.\d+)?(e[-+]?\d+)?$/.test(String(value)));
    assert.deepEqual([...new Set(strange)], []);
    assert.ok(values.length > 1000, String(values.length));
  }

  async function assertBoundedLabels(): Promise<void> {
    const counted = await stack.reader.query(
      `count({__name__="${histogramMetrics.requestDuration.prometheus}_count"})`,
    );
    // A team, a model and a source each for hostile and others; what is unknown is one more.
    assert.ok((counted[0]?.value ?? 0) <= 8, `${counted[0]?.value ?? 0} series`);
    const models = await stack.reader.sumOf(ledgerMetrics.cost.prometheus, { window: "1h", by: ["model"] });
    assert.deepEqual(
      [...models.keys()].filter((model) => !["claude-sonnet-4-5", "other"].includes(model)),
      [],
    );
    const sums = await stack.reader.query(`sum(sum_over_time(${histogramMetrics.requestCost.prometheus}_sum[1h]))`);
    assert.ok((sums[0]?.value ?? 0) < 1e6, "an amount that cannot be");
    assert.equal(await stack.reader.totalOf(metrics.cost.prometheus, { window: "1h", matchers: 'team="hostile"' }), 0);
  }

  async function attackUntil(signal: AbortSignal, perSecond: number, attack: Attack): Promise<Record<string, number>> {
    const sender = new OtlpSender(stack.otlpHttpUrl);
    const statuses: Record<string, number> = {};
    const underWay = new Set<Promise<void>>();
    const started = performance.now();
    // Bounded in time by the load beside it, and in number by this.
    for (let index = 0; index < perSecond * seconds * 2 && !signal.aborted; index++) {
      await sleep(Math.max(0, started + (index * 1000) / perSecond - performance.now()));
      if (underWay.size >= mostUnderWay) {
        await Promise.race(underWay);
      }
      const one: Promise<void> = attack(sender, index).then(({ status }) => {
        statuses[status] = (statuses[status] ?? 0) + 1;
        underWay.delete(one);
      });
      underWay.add(one);
    }
    await Promise.all(underWay);
    sender.close();
    return statuses;
  }
});

function request(index: number) {
  return { session: `hostile-${index}`, sequence: index, costMicroUsd: 1000, durationMs: 100 };
}
