import * as assert from "node:assert/strict";
import * as fs from "node:fs";
import * as path from "node:path";

import { rollupNames, type Timing } from "../../dashboards/rollups/levels";
import { recordingRules } from "../../dashboards/rollups/rules";
import { metrics } from "../../telemetry/client-metrics";
import { rollupName, signals } from "../../dashboards/signals";
import { ensureTools } from "../../lab/lab";
import { testedDashboards } from "../history/tested-dashboards";
import { assertSameAmounts } from "../support/compare";
import { type LedgerEntry, runLoad, totalsOf } from "../support/clients/load-generator";
import { PipelineStack } from "../support/collectors/pipeline-stack";
import { removeTemporaryDirectory, sleep, temporaryDirectory, waitUntil } from "../support/processes";
import type { PrometheusReader } from "../support/prometheus/prometheus-reader";
import { auditSessions } from "../support/prometheus/session-audit";
import { stackDefault } from "../support/stack-defaults";
import { ThanosStore } from "../support/prometheus/thanos-store";
import { readTotals } from "../support/prometheus/totals";
import { compareAnswers } from "./answers";
import { seriesOf } from "./series";
import { day, hour, secondMs } from "../../units";

/** As the stack's levels, on a scale that a test can wait for. */
const quick: Timing = {
  fine: { step: "10s", stepSeconds: 10 },
  coarse: { step: "20s", stepSeconds: 20 },
  settlingSeconds: 5,
  lateLags: [60, 120],
  repairLag: 90,
  coarseTurn: "vector(time()) % 20 == 10",
};
const teams = ["core", "web"] as const;
const perSecond = 20;

describe("a distributed store beside Prometheus", function () {
  this.timeout(600_000);
  let directory: string;
  let thanos: ThanosStore;
  let stack: PipelineStack;
  const sent: LedgerEntry[] = [];

  before(async () => {
    directory = temporaryDirectory("claude-monitoring-scale");
    const { thanos: binary } = await ensureTools(["thanos"]);
    thanos = await ThanosStore.prepare(binary, directory, stackDefault("prometheus.outOfOrderWindow"));
    await thanos.start();
    stack = await PipelineStack.start({
      collectors: 2,
      remoteStore: thanos.remoteStore,
      prometheus: {
        ruleFiles: {
          "quick.rules.yaml": () =>
            recordingRules({ promisedLateness: 60, retentionSeconds: 200 * hour, timing: quick }),
        },
      },
    });
  });

  after(async () => {
    await stack.stop();
    await thanos.stop();
    removeTemporaryDirectory(directory);
  });

  /** Sends from both teams for a time, adding to the ledger, while something happens. */
  async function underLoad(name: string, seconds: number, happening: () => Promise<void>): Promise<void> {
    const loads = teams.map((team) =>
      runLoad({ url: stack.otlpHttpUrl, exports: seconds * perSecond, perSecond, team: `${team}-${name}` }),
    );
    await happening();
    const ledgers = await Promise.all(loads);
    sent.push(...ledgers.flatMap(({ entries }) => entries));
    await stack.drained(180_000);
  }

  /** Everything against the ledger: in total, by team and kind of amount, and each session by itself. */
  async function assertEqualsLedger(reader: PrometheusReader, what: string, entries = sent): Promise<void> {
    assert.equal(entries.filter(({ outcome }) => outcome !== "accepted").length, 0, "exports that were not accepted");
    for (const team of teams) {
      const own = entries.filter(({ session }) => session.startsWith(team));
      const options = { window: "1h", matchers: `team=~"${team}-.*"` };
      assertSameAmounts(totalsOf(own), await readTotals(reader, options), `${what}, ${team}`);
      assert.deepEqual(await auditSessions(reader, own, options), [], what);
    }
  }

  /** Waits until the last pass of everything that was sent is through, and written on. */
  async function rollupsDone(): Promise<number> {
    const from = Date.now() / secondMs;
    await waitUntil(
      "the last pass of the last window",
      async () => {
        const last = `max(max_over_time(timestamp(${rollupNames.evaluated})[10m:5s]))`;
        return ((await thanos.reader.query(last))[0]?.value ?? 0) > from + 140;
      },
      300_000,
      secondMs,
    );
    return Math.floor(Date.now() / secondMs);
  }

  it("holds the same numbers, series by series, and both hold what was sent", async () => {
    await underLoad("steady", 15, () => sleep(10 * secondMs));
    await thanos.queryable();
    await assertEqualsLedger(stack.reader, "Prometheus");
    await assertEqualsLedger(thanos.reader, "Thanos");
    const at = Math.floor(Date.now() / secondMs);
    for (const metric of [metrics.cost.prometheus, metrics.tokens.prometheus]) {
      assert.deepEqual(await seriesOf(thanos.reader, metric, at), await seriesOf(stack.reader, metric, at));
    }
  });

  it("down for a minute, then killed: nothing is lost or doubled", async () => {
    await underLoad("outage", 90, async () => {
      await sleep(5 * secondMs);
      await thanos.stopReceive();
      await sleep(60 * secondMs);
      await thanos.startReceive();
      await sleep(5 * secondMs);
      await thanos.killReceive();
      await sleep(2 * secondMs);
      await thanos.startReceive();
    });
    await thanos.queryable();
    await assertEqualsLedger(stack.reader, "Prometheus");
    await assertEqualsLedger(thanos.reader, "Thanos");
  });

  it("Prometheus killed and down for half a minute: nothing is lost or doubled in either", async () => {
    await underLoad("restart", 50, async () => {
      await sleep(10 * secondMs);
      await stack.prometheus.kill();
      await sleep(30 * secondMs);
      await stack.prometheus.start();
    });
    await assertEqualsLedger(stack.reader, "Prometheus");
    await assertEqualsLedger(thanos.reader, "Thanos");
  });

  it("has every roll-up that Prometheus evaluated, once, and they add up to what was sent", async () => {
    const at = await rollupsDone();
    const rollup = rollupName(signals.cost, "user");
    assert.deepEqual(await seriesOf(thanos.reader, rollup, at), await seriesOf(stack.reader, rollup, at));
    const total = sent.reduce((sum, { amounts }) => sum + amounts.costMicroUsd, 0) / 1e6;
    const query = `sum(sum_over_time(${rollup}{${rollupNames.step}="10s"}[1h]))`;
    for (const reader of [stack.reader, thanos.reader]) {
      assertSameAmounts({ cost: total }, { cost: (await reader.query(query))[0]?.value ?? 0 }, reader.url);
    }
    assert.equal(
      (await thanos.reader.totalOf(rollup, { window: "1h", matchers: 'tenant_id="default-tenant"' })) > 0,
      true,
    );
  });

  it("answers every panel's query as Prometheus does", async () => {
    const toMs = Date.now() - 30 * secondMs;
    let answered = 0;
    for (const model of testedDashboards) {
      for (const rangeSeconds of [3600, 86_400, 30 * day]) {
        const urls = [stack.reader.url, thanos.reader.url] as const;
        const compared = await compareAnswers(model, { toMs, rangeSeconds }, urls);
        answered += compared.answered;
        assert.deepEqual(compared.differences.slice(0, 10), []);
      }
    }
    assert.ok(answered > 50, `only ${answered} queries had an answer`);
  });

  it("Prometheus lost with its data: the numbers are still there, and go on", async () => {
    await stack.prometheus.kill();
    await assertEqualsLedger(thanos.reader, "Thanos without Prometheus");
    fs.rmSync(stack.prometheus.dataDirectory, { recursive: true });
    await stack.prometheus.start();
    assert.equal(await stack.reader.totalOf(metrics.cost.prometheus, { window: "1h" }), 0);
    const before = sent.length;
    await underLoad("anew", 10, () => Promise.resolve());
    await assertEqualsLedger(thanos.reader, "Thanos");
    await assertEqualsLedger(stack.reader, "the new Prometheus", sent.slice(before));
    assert.deepEqual(refusals(), []);
  });

  /** What a collector or Prometheus gave up sending. */
  function refusals(): string[] {
    const logs = [...stack.collectors.map(({ logFile }) => logFile), stack.prometheus.logFile];
    return logs.flatMap((file) =>
      fs
        .readFileSync(path.resolve(file), "utf8")
        .split("\n")
        .filter((line) => /Dropping data|non-recoverable error/.test(line)),
    );
  }
});
