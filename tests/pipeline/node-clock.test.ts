import * as assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import * as fs from "node:fs";
import { hasRoomScript } from "../../components/prometheus/probes";
import { metrics as clientMetrics } from "../../telemetry/client-metrics";
import { histogramMetrics, ledgerMetrics } from "../../telemetry/event-metrics";
import { balance } from "../faults/balance";
import { assertSameAmounts } from "../support/compare";
import { runEventLoad, type SentRequest } from "../support/clients/event-load";
import { type LedgerEntry, runLoad, totalsOf } from "../support/clients/load-generator";
import { PipelineStack } from "../support/collectors/pipeline-stack";
import type { PrometheusReader } from "../support/prometheus/prometheus-reader";
import { sleep } from "../support/processes";
import { auditSessions } from "../support/prometheus/session-audit";
import { clocksCanBeShifted, ShiftedClock } from "../support/shifted-clock";
import { readTotals } from "../support/prometheus/totals";
import { day, hour, hourMs, minuteMs } from "../../units";

/** Exports of each signal to each of two collectors. */
const perSecond = 10;
const stayMs = 10_000;
/** Prometheus refuses what is further ahead of its clock. */
const prometheusAheadMs = 10 * minuteMs;
/**
 * Longer than an export is on its way from a collector's door to Prometheus, also while that writes blocks. On a busy
 * machine, one that is tried again takes more than 6 s.
 */
const onItsWayMs = 8_000;
/** Of the generator's exports. */
const pointsOfExport = 10;
/** Counts are added up before that, for a second here. */
const countedMs = onItsWayMs + 1_500;
const team = 'team=~"clock-.*"';
const requestDuration = histogramMetrics.requestDuration.prometheus;

/** How far the node's clock is ahead of the clients', one after the other. */
const jumps = [
  { name: "right", offsetMs: 0 },
  { name: "two hours ahead", offsetMs: 2 * hourMs },
  { name: "right again", offsetMs: 0 },
  { name: "two hours behind", offsetMs: -2 * hourMs },
  { name: "three minutes ahead", offsetMs: 3 * minuteMs },
  // Beyond `clockBehindTolerance`, and enough for Prometheus to write blocks of what it had in memory.
  { name: "ten hours ahead", offsetMs: 10 * hourMs },
  { name: "right at the end", offsetMs: 0 },
] as const;

describe("the node's clock jumps under load", function () {
  this.timeout(240_000);
  let clock: ShiftedClock | undefined;
  let stack: PipelineStack | undefined;
  let metrics: readonly LedgerEntry[];
  let events: readonly SentRequest[];
  let began: number;
  /** When the clock went back so far that Prometheus refuses what was stamped before. */
  const stepsBack: number[] = [];

  before(async function () {
    if (!clocksCanBeShifted) {
      this.skip();
    }
    clock = await ShiftedClock.create();
    stack = await PipelineStack.start({ collectors: 2, launcher: clock.launcher });
    began = Date.now();
    const loads = sendTo(stack, (perSecond * jumps.length * stayMs) / 1000);
    let before = 0;
    for (const { offsetMs } of jumps) {
      clock.jumpTo(offsetMs);
      if (before - offsetMs > prometheusAheadMs) {
        stepsBack.push(Date.now());
      }
      before = offsetMs;
      await sleep(stayMs);
    }
    ({ metrics, events } = await loads);
    await allSent(stack);
  });

  after(async () => {
    await stack?.stop();
    clock?.remove();
  });

  const reader = (): PrometheusReader => {
    assert.ok(stack !== undefined);
    return stack.reader;
  };
  /** By the clients' clock, wide enough for every jump. */
  const everything = () => ({ window: "30h", at: began / 1000 + 12 * hour, matchers: team });
  /** What was on its way when the clock went back may be stored or not, but whole, as if it had got no answer. */
  const audited = <T extends LedgerEntry | SentRequest>(sent: readonly T[]): T[] =>
    sent.map((each) => (justBefore(each, onItsWayMs) ? { ...each, outcome: "unknown" } : each));
  const justBefore = ({ sentMs }: { sentMs: number }, spanMs: number): boolean =>
    stepsBack.some((stepMs) => sentMs > stepMs - spanMs && sentMs <= stepMs + 50);

  it("both collectors and Prometheus saw it: there are counts at every time that the clock showed", async () => {
    for (const { name, offsetMs } of jumps) {
      const around = { window: "150s", at: (began + offsetMs + 2 * minuteMs) / 1000, matchers: team };
      const counted = await reader().sumOf(`${requestDuration}_count`, { ...around, by: ["collector"] });
      assert.deepEqual([...counted.keys()].sort(), ["collector-0", "collector-1"], name);
    }
  });

  it("every export was answered 200 at its first try", () => {
    assert.deepEqual([...new Set([...metrics, ...events].flatMap(({ statuses }) => statuses))], [200]);
  });

  it("metrics: nothing is lost or doubled but what was on its way when the clock went back", async () => {
    assert.deepEqual(await auditSessions(reader(), audited(metrics), everything()), []);
    const refused = new Set((await auditSessions(reader(), metrics, everything())).map((line) => line.split(":")[0]));
    const kept = metrics.filter(({ session }) => !refused.has(session));
    assertSameAmounts(totalsOf(kept), await readTotals(reader(), everything()), "accepted against stored");
    const failed = (stack?.collectors ?? []).map(async (collector) =>
      collector.selfMetric("otelcol_exporter_send_failed_metric_points", { exporter: "otlp_http/prometheus" }),
    );
    const told = (await Promise.all(failed)).reduce<number>((sum, points) => sum + (points ?? 0), 0);
    assert.ok(told >= refused.size * pointsOfExport, `${told} lost points are counted, ${refused.size} exports lost`);
    console.log(`      refused: ${refused.size} of ${metrics.length} exports of metrics`);
  });

  it("ledger of events: nothing is lost or doubled but what was on its way when the clock went back", async () => {
    const stored = await reader().sumOf(ledgerMetrics.cost.prometheus, { ...everything(), by: ["session_id"] });
    const usdOf = (sent: readonly SentRequest[]) =>
      balance(
        "events",
        "USD",
        sent.map((request) => ({ ...request, amount: request.costMicroUsd })),
        stored,
      );
    assert.deepEqual(usdOf(audited(events)).wrongSessions, []);
    assert.equal(usdOf(events).surplus, 0);
    console.log(`      refused: ${usdOf(events).lost} of ${usdOf(events).sent} USD of events`);
  });

  it("counts, which carry the node's time: at most one batch of a collector at each step back", async () => {
    const stored = async (part: string, more = "") =>
      reader().totalOf(`${requestDuration}_${part}`, { ...everything(), matchers: `${team}${more}` });
    const count = await stored("count");
    const lost = events.length - count;
    const mayBeLost = events.filter((event) => justBefore(event, countedMs)).length;
    assert.ok(lost >= 0 && lost <= mayBeLost, `${events.length} sent, ${count} counted`);
    assert.equal(await stored("bucket", ',le="+Inf"'), count);
    console.log(`      refused: ${lost} of ${events.length} requests counted`);
  });
});

describe("the node's clock goes back while exports wait for Prometheus", function () {
  this.timeout(60_000);
  let clock: ShiftedClock | undefined;
  let stack: PipelineStack | undefined;

  before(async function () {
    if (!clocksCanBeShifted) {
      this.skip();
    }
    clock = await ShiftedClock.create();
    stack = await PipelineStack.start({ collectors: 2, launcher: clock.launcher });
  });

  after(async () => {
    await stack?.stop();
    clock?.remove();
  });

  it("what waited is stored, though it was stamped two hours from now", async () => {
    assert.ok(stack !== undefined && clock !== undefined);
    const began = Date.now();
    await stack.prometheus.stop();
    const { metrics, events } = await sendTo(stack, perSecond * 8);
    // What is added up has been handed on by then.
    await sleep(3_000);
    clock.jumpTo(-2 * hourMs);
    await stack.prometheus.start();
    await allSent(stack);
    const window = { window: "12h", at: began / 1000 + 6 * hour, matchers: team };
    const counted = await stack.reader.totalOf(`${requestDuration}_count`, window);
    const cost = { metrics: metricsCost(metrics), events: eventsCost(events), counted: events.length };
    const stored = {
      metrics: await stack.reader.totalOf(clientMetrics.cost.prometheus, window),
      events: await stack.reader.totalOf(ledgerMetrics.cost.prometheus, window),
      counted,
    };
    assertSameAmounts(cost, stored, "accepted against stored");
    assert.deepEqual(await auditSessions(stack.reader, metrics, window), []);
  });
});

describe("the node's clock was further ahead than Prometheus' window", function () {
  this.timeout(90_000);
  let clock: ShiftedClock | undefined;
  let stack: PipelineStack | undefined;

  before(async function () {
    if (!clocksCanBeShifted) {
      this.skip();
    }
    clock = await ShiftedClock.create();
    stack = await PipelineStack.start({ launcher: clock.launcher });
  });

  after(async () => {
    await stack?.stop();
    clock?.remove();
  });

  it("its probe lets nothing in then, and with a wider window what waited is stored", async () => {
    assert.ok(stack !== undefined && clock !== undefined);
    const { prometheus } = stack;
    const { port, dataDirectory } = prometheus;
    const { launcher } = clock;
    const letsIn = (aheadSeconds: number): boolean => {
      const script = hasRoomScript({ port, dataDirectory, floorKib: 1, aheadSeconds });
      return spawnSync(launcher[0], [...launcher.slice(1), "/bin/sh", "-c", script]).status === 0;
    };
    const began = Date.now();
    assert.equal(letsIn(day), true, "the clock is right");
    clock.jumpTo(48 * hourMs);
    const ahead = await sendTo(stack, perSecond * 2);
    await allSent(stack);
    assert.equal(letsIn(day), true, "the clock is two days ahead, as the newest sample is");
    clock.jumpTo(0);
    assert.equal(letsIn(day), false, "the clock is right again, and the newest sample ahead of it");

    await prometheus.stop();
    const waited = await sendTo(stack, perSecond * 2);
    const config = fs.readFileSync(prometheus.configFile, "utf8");
    fs.writeFileSync(prometheus.configFile, config.replace(/(out_of_order_time_window:) .*/, "$1 80h"));
    await prometheus.start();
    assert.equal(letsIn(74 * hour), true, "the window is wider");
    await allSent(stack);
    const window = { window: "60h", at: began / 1000 + 50 * hour, matchers: team };
    const cost = metricsCost(ahead.metrics) + metricsCost(waited.metrics);
    assertSameAmounts(
      { cost },
      { cost: await stack.reader.totalOf(clientMetrics.cost.prometheus, window) },
      "both loads",
    );
  });
});

const metricsCost = (sent: readonly LedgerEntry[]): number => totalsOf(sent)["cost"] ?? 0;
const eventsCost = (sent: readonly SentRequest[]): number =>
  sent.reduce((sum, { costMicroUsd }) => sum + costMicroUsd, 0) / 1e6;

/** Steady load on every collector, so that none is idle when the clock jumps. */
async function sendTo({ collectors }: PipelineStack, exports: number) {
  const loads = collectors.map(({ otlpHttpUrl: url, name }) => ({ url, exports, perSecond, team: `clock-${name}` }));
  const [metrics, events] = await Promise.all([Promise.all(loads.map(runLoad)), Promise.all(loads.map(runEventLoad))]);
  return { metrics: metrics.flatMap(({ entries }) => entries), events: events.flat() };
}

async function allSent(stack: PipelineStack): Promise<void> {
  // Counts are not in a queue yet while they are added up.
  for (const pause of [0, 2_000]) {
    await sleep(pause);
    await stack.drained();
  }
}
