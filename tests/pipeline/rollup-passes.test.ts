import * as assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import * as fs from "node:fs";
import * as path from "node:path";
import { stringify } from "yaml";
import { z } from "zod";

import { type Level, rollupNames } from "../../dashboards/rollups/levels";
import { type Recomputation, openMetricsLines, recomputations } from "../../dashboards/rollups/recompute";
import { recordingRules } from "../../dashboards/rollups/rules";
import { formatDuration } from "../../components/units";
import { rollupName, signals } from "../../dashboards/telemetry";
import { queryRange } from "../history/load";
import { metricsExport } from "../support/otlp-payload";
import { OtlpSender } from "../support/otlp-sender";
import { pipelineBinaries } from "../support/pipeline-binaries";
import { removeTemporaryDirectory, sleep, temporaryDirectory, waitUntil } from "../support/processes";
import { PrometheusProcess } from "../support/prometheus-process";

const second = 1000;
/** As the stack's levels, on a scale that a test can wait for: windows of ten seconds, promised lateness of a minute. */
const quick: Level = { step: "10s", stepSeconds: 10, passes: [10, 20], lags: [60], head: "60s" };
const quickLateness = 60;
/** A level whose only pass comes after the lateness that the stack promises by default. */
const late: Level = { step: "20s", stepSeconds: 20, passes: [], lags: [30 * 3600], head: "60s" };
const promisedLateness = 30 * 3600;

const matrixSchema = z.object({
  data: z.object({
    result: z.array(
      z.object({ metric: z.record(z.string(), z.string()), values: z.array(z.tuple([z.number(), z.string()])) }),
    ),
  }),
});

interface Sent {
  readonly timeMs: number;
  readonly microUsd: number;
}

/**
 * Prometheus chooses the moment of a pass by its file's path and name, here up to ten seconds after its offset. Two
 * passes whose moments come close would leave no time for something that only the second sees.
 */
function directoryWithEarlyPasses(): string {
  const latest = 4 * second;
  for (let attempt = 0; attempt < 200; attempt++) {
    const candidate = temporaryDirectory("claude-monitoring-rollups");
    const file = path.join(candidate, "rules", "quick.rules.yaml");
    const { groups } = recordingRules({ file, promisedLateness: quickLateness, levels: [quick] });
    const waits = quick.passes.map((offset, pass) => {
      const group = groups.find(({ name }) => name.includes(`-pass-${pass}`));
      return Number.parseInt(group?.query_offset ?? "", 10) - offset * second;
    });
    if (waits.every((wait) => wait < latest)) {
      return candidate;
    }
    removeTemporaryDirectory(candidate);
  }
  throw new Error("no path gives passes soon after their offsets; expected one of 200 to");
}

describe("roll-ups that the real Prometheus evaluates by itself", function () {
  this.timeout(300_000);
  let directory: string;
  let prometheus: PrometheusProcess;
  const sent: Sent[] = [];
  const sentLongAgo: Sent[] = [];
  let outage: { readonly fromMs: number; readonly toMs: number };

  before(async () => {
    directory = directoryWithEarlyPasses();
    const { prometheus: binary } = await pipelineBinaries();
    prometheus = await PrometheusProcess.prepare(binary, directory, {
      outOfOrderTimeWindow: formatDuration(promisedLateness + 3600),
      ruleFiles: {
        "quick.rules.yaml": (file) => recordingRules({ file, promisedLateness: quickLateness, levels: [quick] }),
        "late.rules.yaml": (file) => recordingRules({ file, promisedLateness, levels: [late] }),
      },
    });
    await prometheus.start();
    outage = await live();
  });

  after(async () => {
    await prometheus.stop();
    removeTemporaryDirectory(directory);
  });

  /** A minute of usage; some of it late, and an outage of Prometheus after which its usage arrives. */
  async function live(): Promise<{ fromMs: number; toMs: number }> {
    const sender = new OtlpSender(prometheus.otlpUrl);
    const send = async (timeMs: number, ledger = sent) => {
      const microUsd = 1000 + ((ledger.length * 7919) % 9973);
      ledger.push({ timeMs, microUsd });
      const amounts = { costMicroUsd: microUsd, input: 3, output: 5, cacheRead: 7, cacheCreation: 11 };
      const body = metricsExport(
        { session: `session-${ledger.length}`, team: ledger === sent ? "now" : "long-ago", timeMs },
        { ...amounts, linesAdded: 1, linesRemoved: 0, commits: 1, sessions: 1 },
      );
      const { outcome } = await sender.send("metrics", body);
      assert.equal(outcome, "accepted");
    };
    for (let tick = 0; tick < 30; tick += 1) {
      await send(Date.now());
      await send(Date.now() - promisedLateness * second + 20 * second + tick * 2 * second, sentLongAgo);
      if (tick >= 20) {
        // Of two moments, later by the tick: of one or the other, wherever in their windows they lie, something comes
        // between the passes, so that only the second sees it.
        await send(Date.now() - (tick - 8) * second + 1);
        await send(Date.now() - (tick - 2) * second + 2);
      }
      await sleep(second);
    }
    // Exactly on the edge of a window: it belongs to the one that ends there.
    await send(Math.floor(Date.now() / (10 * second)) * 10 * second);
    const fromMs = Date.now();
    await prometheus.kill();
    await sleep(22 * second);
    await prometheus.start();
    const toMs = Date.now();
    for (let timeMs = fromMs + 500; timeMs < toMs; timeMs += 2 * second) {
      await send(timeMs);
    }
    for (let tick = 0; tick < 5; tick += 1) {
      await send(Date.now());
      await sleep(second);
    }
    sender.close();
    return { fromMs, toMs };
  }

  /** Recorded samples by the instant they stand for, in milliseconds, and by pass. */
  async function recorded(series: string, step: string): Promise<{ timeMs: number; pass: string; value: number }[]> {
    const query = `${series}{${rollupNames.step}="${step}"}[33h]`;
    const answer = await fetch(`${prometheus.reader.url}/api/v1/query?${new URLSearchParams({ query }).toString()}`);
    const { result } = matrixSchema.parse(await answer.json()).data;
    return result.flatMap(({ metric, values }) =>
      values.map(([time, value]) => ({
        timeMs: Math.round((time - Number.parseInt(metric[rollupNames.lag] ?? "0", 10)) * 1000),
        pass: metric[rollupNames.pass] ?? "",
        value: Number(value),
      })),
    );
  }

  /** What each window holds, worked out from what was sent; windows are left-open. */
  function windows(ledger: readonly Sent[], stepMs: number): Map<number, number> {
    const sums = new Map<number, number>();
    for (const { timeMs, microUsd } of ledger) {
      const instant = Math.ceil(timeMs / stepMs) * stepMs;
      sums.set(instant, (sums.get(instant) ?? 0) + microUsd);
    }
    return sums;
  }

  function byInstant(samples: readonly { timeMs: number; value: number }[]): Map<number, number> {
    const sums = new Map<number, number>();
    for (const { timeMs, value } of samples) {
      sums.set(timeMs, (sums.get(timeMs) ?? 0) + value);
    }
    return new Map([...sums].map(([timeMs, usd]) => [timeMs, Math.round(usd * 1e6)]));
  }

  const sorted = (map: ReadonlyMap<number, number>) => [...map].sort(([a], [b]) => a - b);

  it("are to the cent what was sent, window by window, after late data and an outage, once the last pass is through", async () => {
    const expected = windows(sent, 10 * second);
    const lastInstant = Math.max(...expected.keys());
    await waitUntil(
      "the last pass of the last window",
      async () =>
        (await recorded(rollupNames.evaluated, "10s")).some((s) => s.timeMs >= lastInstant && s.pass === "late"),
      120_000,
    );
    const samples = await recorded(rollupName(signals.cost, "user"), "10s");
    assert.deepEqual(sorted(byInstant(samples)), sorted(expected));
    // Each kind of pass did something: the first most, a later one what was late or missed.
    assert.deepEqual([...new Set(samples.map(({ pass }) => pass))].sort(), ["0", "1", "late"]);
    const missed = samples.filter(({ timeMs }) => timeMs > outage.fromMs - 20 * second && timeMs < outage.toMs);
    assert.ok(
      missed.some(({ pass }) => pass !== "0"),
      "no later pass has repaired the outage",
    );
  });

  it("lie exactly on multiples of the step, although Prometheus evaluates in between", async () => {
    const samples = await recorded(rollupNames.evaluated, "10s");
    assert.ok(samples.length > 10);
    assert.deepEqual(
      samples.filter(({ timeMs }) => timeMs % 10_000 !== 0),
      [],
    );
  });

  it("are recorded, and exact, as late as the stack promises", async () => {
    const samples = await recorded(rollupName(signals.cost, "user"), "20s");
    const found = byInstant(samples);
    const expected = windows(sentLongAgo, 20 * second);
    // The first and the last window may lie outside of what was evaluated meanwhile.
    const instants = [...found.keys()].sort((a, b) => a - b);
    assert.ok(instants.length >= 2, `found ${instants.length} windows`);
    for (const instant of instants) {
      assert.equal(found.get(instant), expected.get(instant), new Date(instant).toISOString());
    }
  });

  it("are filled from raw samples where no pass has been, and filling again adds nothing", async () => {
    const url = prometheus.reader.url;
    const end = Math.floor(Date.now() / 300_000) * 300;
    const ask = async (task: Recomputation) =>
      queryRange(url, task.expr, end - promisedLateness - 3600, end, task.stepSeconds).then((answer) =>
        openMetricsLines(task, answer),
      );
    const fine = recomputations("recomputed").filter(({ labels }) => labels[rollupNames.step] === "5m");
    const text = (await Promise.all(fine.map(ask))).join("");
    const file = path.join(directory, "recomputed.om");
    fs.writeFileSync(file, `${text}# EOF\n`);
    const { promtool } = await pipelineBinaries();
    await prometheus.stop();
    execFileSync(promtool, ["tsdb", "create-blocks-from", "openmetrics", file, path.join(directory, "data")]);
    await prometheus.start();
    const ended = sorted(windows([...sent, ...sentLongAgo], 300 * second)).filter(([instant]) => instant <= end * 1000);
    assert.ok(ended.length > 0);
    assert.deepEqual(sorted(byInstant(await recorded(rollupName(signals.cost, "user"), "5m"))), ended);
    assert.deepEqual((await Promise.all(fine.map(ask))).join(""), "");
  });

  it("are never dropped by Prometheus for being out of order, too old or doubled", () => {
    const complaints = fs
      .readFileSync(prometheus.logFile, "utf8")
      .match(/.*result from rule evaluation.*|.*Rule evaluation result discarded.*/g);
    assert.equal(complaints, null);
  });

  it("are valid rules for promtool", async () => {
    const { promtool } = await pipelineBinaries();
    const file = path.join(directory, "stack.rules.yaml");
    fs.writeFileSync(file, stringify(recordingRules({ file, promisedLateness }), { aliasDuplicateObjects: false }));
    assert.match(execFileSync(promtool, ["check", "rules", file], { encoding: "utf8" }), /SUCCESS: \d+ rules found/);
  });
});
