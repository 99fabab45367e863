import * as assert from "node:assert/strict";
import * as fs from "node:fs";
import { day, parseQuantity } from "../../units";
import { histogramMetrics, ledgerMetrics } from "../../telemetry/event-metrics";
import { assertSameAmounts, sameAmount } from "../support/compare";
import { runEventLoad } from "../support/clients/event-load";
import { fuzzCase } from "../support/fuzz/cases";
import { FuzzClient } from "../support/fuzz/client";
import { Tally } from "../support/fuzz/tally";
import { runLoad, totalsOf } from "../support/clients/load-generator";
import { PipelineStack } from "../support/collectors/pipeline-stack";
import { sleep, waitUntil } from "../support/processes";
import { stackDefault } from "../support/stack-defaults";
import { readTotals } from "../support/prometheus/totals";

/** `FUZZ_SEED` and `FUZZ_CASE` make one case again. */
const seed = Number(process.env["FUZZ_SEED"] ?? 20_261_124);
const cases = 10_000;
const atOnce = 12;
const honestSeconds = 45;
/** Of the honest clients. Some bytes are shown as this. */
const team = "core";

describe("10,000 requests that are malformed, cut off, too large, too deep or hostile", function () {
  this.timeout(240_000);
  let stack: PipelineStack;
  const memoryLimit = parseQuantity(stackDefault("collector.resources.memory"))?.bytes ?? 0;

  before(async () => {
    // As in its pod, whose memory it cannot see here.
    const limits = {
      limit_mib: Math.floor((memoryLimit * 0.8) / 2 ** 20),
      spike_limit_mib: Math.floor((memoryLimit * 0.2) / 2 ** 20),
    };
    stack = await PipelineStack.start({
      queueBytes: 2 ** 30,
      collectorEnv: { GOMEMLIMIT: `${Math.floor(memoryLimit * 0.8)}B` },
      adjustCollectorConfig: (config) => ({
        ...config,
        processors: { ...(config["processors"] as object), memory_limiter: { check_interval: "1s", ...limits } },
      }),
    });
  });

  after(async () => {
    await stack.stop();
  });

  it("are refused with a reason or taken without harm; nobody else's numbers change", async () => {
    const { collector } = stack;
    const pid = collector.pid;
    console.log(`    seed ${seed}; a case again: FUZZ_SEED=${seed} FUZZ_CASE=<number>`);

    const tally = new Tally();
    const started = performance.now();
    const [points, requests] = await Promise.all([
      runLoad({ url: stack.otlpHttpUrl, exports: 20 * honestSeconds, perSecond: 20, sessions: 40, team }),
      runEventLoad({ url: stack.otlpHttpUrl, exports: 20 * honestSeconds, perSecond: 20, team }),
      fuzz(tally),
    ]);
    const seconds = (performance.now() - started) / 1000;
    await stack.drained(90_000);
    const peak = statusBytes(pid, "VmHWM");
    console.log(tally.table());
    console.log(
      `    ${tally.total} requests in ${seconds.toFixed(0)} s; longest answer ${tally.longestMs.toFixed(0)} ms; ` +
        `collector's peak ${(peak / 2 ** 20).toFixed(0)} MiB of ${memoryLimit / 2 ** 20} MiB`,
    );

    assert.deepEqual(tally.faults.slice(0, 20), []);
    assert.equal(collector.pid, pid);
    assert.ok(fs.existsSync(`/proc/${pid}`), "the collector has ended");
    assert.ok(peak < memoryLimit, `${peak} bytes`);
    const { otlpHttp, otlpGrpc } = collector.ports;
    await waitUntil("all connections are closed", () => openConnections(otlpHttp, otlpGrpc) === 0);

    const window = { window: "1h", matchers: `team="${team}"` };
    assert.equal(points.with("accepted").length, points.entries.length);
    assertSameAmounts(totalsOf(points.entries), await readTotals(stack.reader, window), "everybody else's metrics");
    assert.deepEqual(
      requests.filter(({ outcome }) => outcome !== "accepted"),
      [],
    );
    const cost = requests.reduce((sum, { costMicroUsd }) => sum + costMicroUsd, 0) / 1e6;
    const duration = requests.reduce((sum, { durationMs }) => sum + durationMs, 0) / 1000;
    const total = async (metric: string) => stack.reader.totalOf(metric, window);
    assert.ok(sameAmount(cost, await total(ledgerMetrics.cost.prometheus)), "the ledger");
    assert.equal(await total(`${histogramMetrics.requestDuration.prometheus}_count`), requests.length);
    assert.ok(sameAmount(duration, await total(`${histogramMetrics.requestDuration.prometheus}_sum`)), "durations");
    await assertPlausibleSums();
  });

  async function fuzz(tally: Tally): Promise<void> {
    const { ports } = stack.collector;
    const client = new FuzzClient(ports.otlpHttp, ports.otlpGrpc);
    const only = process.env["FUZZ_CASE"];
    const numbers = only === undefined ? Array.from({ length: cases }, (_, index) => index) : [Number(only)];
    const endless: Promise<void>[] = [];
    const one = async (number: number): Promise<void> => {
      const made = fuzzCase(seed, number);
      const answered = client.send(made).then((answer) => {
        tally.add(made, answer);
      });
      if (made.expected === "closed") {
        endless.push(answered);
      } else {
        await answered;
      }
    };
    const workers = Array.from({ length: atOnce }, async () => {
      for (let number = numbers.shift(); number !== undefined; number = numbers.shift()) {
        await one(number);
        // Lets the honest clients be on time: they live in this process.
        await sleep(0);
      }
    });
    await Promise.all(workers);
    await Promise.all(endless);
    client.close();
  }

  /** What was taken must not have made anybody's sum infinite, negative or absurd. */
  async function assertPlausibleSums(): Promise<void> {
    const answer = (await (await fetch(`${stack.reader.url}/api/v1/label/__name__/values`)).json()) as {
      data: string[];
    };
    const names = answer.data.filter((name) => /^claude_code_.*_(total|sum|count)$/.test(name));
    assert.ok(names.length > 10, "there must be something to look at");
    const sums = await Promise.all(
      names.map(async (name) => ({ name, sum: await stack.reader.totalOf(name, { window: "1h" }) })),
    );
    assert.deepEqual(
      sums.filter(({ sum }) => !(sum >= 0 && sum < 1e15)),
      [],
    );
    const wait = histogramMetrics.toolWait.prometheus;
    const mean = `sum(sum_over_time(${wait}_sum[1h])) / sum(sum_over_time(${wait}_count[1h]))`;
    const meanWait = (await stack.reader.query(mean))[0]?.value ?? NaN;
    assert.ok(meanWait >= 0 && meanWait < 7 * day, `tools wait ${meanWait} s`);
    await assertValidLabels();
    const dropped = await stack.collector.selfMetric("otelcol_exporter_send_failed_metric_points", {
      exporter: "otlp_http/event-metrics",
    });
    console.log(`    points of counts that Prometheus refused: ${dropped ?? 0}`);
  }

  async function assertValidLabels(): Promise<void> {
    const selector = new URLSearchParams({ "match[]": '{__name__=~"claude_code_.+"}' });
    const response = await fetch(`${stack.reader.url}/api/v1/series?${selector.toString()}`);
    const series = await response.text();
    assert.ok(response.ok && series.includes("session_id"));
    // The first is what reading makes of bytes that are no UTF-8.
    assert.deepEqual(
      ["\ufffd", "\\u0000"].filter((text) => series.includes(text)),
      [],
    );
  }
});

/** Connections to loopback ports that their server has not closed. */
function openConnections(...ports: readonly number[]): number {
  const established = "01";
  const closedByClient = "08";
  return fs
    .readFileSync("/proc/net/tcp", "utf8")
    .split("\n")
    .map((line) => /^ *\d+: [0-9A-F]+:([0-9A-F]{4}) \S+ ([0-9A-F]{2}) /.exec(line))
    .filter((match) => match !== null && ports.includes(parseInt(match[1] ?? "", 16)))
    .filter((match) => [established, closedByClient].includes(match?.[2] ?? "")).length;
}

/** A figure of `/proc/<pid>/status`, in bytes. */
function statusBytes(pid: number, name: string): number {
  const [, kilobytes] = new RegExp(`${name}:\\s+(\\d+) kB`).exec(fs.readFileSync(`/proc/${pid}/status`, "utf8")) ?? [];
  return Number(kilobytes) * 1024;
}
