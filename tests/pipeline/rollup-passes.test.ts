import * as assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import * as fs from "node:fs";
import * as path from "node:path";

import { rulesFileText } from "../../components/prometheus/config";
import { formatDuration, hour, secondMs } from "../../units";
import { rollupNames, type Timing } from "../../dashboards/rollups/levels";
import {
  firstWindowEnd,
  openMetricsLines,
  type Recomputation,
  recomputations,
  youngestWindow,
} from "../../cli/recompute/recomputations";
import { recordingRules } from "../../dashboards/rollups/rules";
import { rollupName, type Scope, signals } from "../../dashboards/signals";
import { metricsExport } from "../support/otlp/otlp-payload";
import { OtlpSender } from "../support/otlp/otlp-sender";
import { pipelineBinaries } from "../support/collectors/pipeline-binaries";
import { removeTemporaryDirectory, sleep, temporaryDirectory, waitUntil } from "../support/processes";
import { PrometheusProcess } from "../support/prometheus/prometheus-process";

/** As the stack's timing, on a scale that a test can wait for. */
const quick: Timing = {
  fine: { step: "10s", stepSeconds: 10 },
  coarse: { step: "20s", stepSeconds: 20 },
  settlingSeconds: 2,
  lateLags: [20, 80],
  repairLag: 40,
  coarseTurn: "vector(time()) % 20 == 10",
};
const promisedLateness = 30 * hour;
const retentionSeconds = 200 * hour;
const scopes: readonly Scope[] = ["team", "user", "device"];

describe("roll-ups that the real Prometheus evaluates by itself", function () {
  this.timeout(300_000);
  let directory: string;
  let prometheus: PrometheusProcess;
  /** Millionths of a dollar. */
  let sent = 0;
  /** The same, of what is as late as the stack promises. */
  let sentLongAgo = 0;
  let lastSampleMs = 0;

  before(async () => {
    directory = temporaryDirectory("claude-monitoring-rollups");
    const { prometheus: binary } = await pipelineBinaries();
    prometheus = await PrometheusProcess.prepare(binary, directory, {
      outOfOrderTimeWindow: formatDuration(promisedLateness + 3600),
      ruleFiles: {
        "quick.rules.yaml": () => recordingRules({ promisedLateness: 60, retentionSeconds, timing: quick }),
      },
    });
    await prometheus.start();
    await live();
  });

  after(async () => {
    await prometheus.stop();
    removeTemporaryDirectory(directory);
  });

  /** Usage, some of it late, a kill, an outage with a renamed rules file, and what waited for its end. */
  async function live(): Promise<void> {
    const sender = new OtlpSender(prometheus.otlpUrl);
    let session = 0;
    const send = async (timeMs: number, longAgo = false) => {
      session += 1;
      const microUsd = 1000 + ((session * 7919) % 9973);
      const amounts = { costMicroUsd: microUsd, input: 3, output: 5, cacheRead: 7, cacheCreation: 11 };
      const body = metricsExport(
        { session: `session-${session}`, team: longAgo ? "long-ago" : "now", timeMs },
        { ...amounts, linesAdded: 1, linesRemoved: 0, commits: 1, sessions: 1 },
      );
      assert.equal((await sender.send("metrics", body)).outcome, "accepted");
      if (longAgo) {
        sentLongAgo += microUsd;
      } else {
        sent += microUsd;
        lastSampleMs = Math.max(lastSampleMs, timeMs);
      }
    };
    const begin = Date.now();
    for (let tick = 0; tick < 50; tick += 1) {
      await send(Date.now());
      await send(begin - promisedLateness * secondMs + tick * 20 * secondMs, true);
      if (tick >= 40) {
        // For the first late pass, and for the second.
        await send(Date.now() - 25 * secondMs + 1);
        await send(begin - 10 * secondMs + tick);
      }
      await sleep(secondMs);
    }
    const fromMs = Date.now();
    await prometheus.kill();
    const rules = path.join(directory, "rules");
    fs.renameSync(path.join(rules, "quick.rules.yaml"), path.join(rules, "renamed.rules.yaml"));
    await sleep(22 * secondMs);
    await prometheus.start();
    for (let timeMs = fromMs + 500; timeMs < Date.now(); timeMs += 2 * secondMs) {
      await send(timeMs);
    }
    for (let tick = 0; tick < 5; tick += 1) {
      await send(Date.now());
      await sleep(secondMs);
    }
    sender.close();
  }

  /** Millionths of a dollar of a roll-up, in all. */
  async function booked(scope: Scope, step: string, more = ""): Promise<number> {
    const series = `${rollupName(signals.cost, scope)}{${rollupNames.step}="${step}"${more}}`;
    const [total] = await prometheus.reader.query(`sum(sum_over_time(${series}[33h]))`);
    return Math.round((total?.value ?? 0) * 1e6);
  }

  it("add up to what was sent once the last pass is through, at every level and scope", async () => {
    const last = Math.max(...quick.lateLags) * secondMs + 40 * secondMs;
    await waitUntil(
      "the last pass of the last window",
      () => Promise.resolve(Date.now() > lastSampleMs + last),
      180_000,
    );
    for (const step of [quick.fine.step, quick.coarse.step]) {
      for (const scope of scopes) {
        assert.equal(await booked(scope, step, ',team="now"'), sent, `${step} ${scope}`);
      }
    }
    for (const lag of ["", "20s", "80s"]) {
      const found = await booked("device", quick.fine.step, `,team="now",${rollupNames.lag}="${lag}"`);
      assert.notEqual(found, 0, `the pass with lag "${lag}" has booked nothing`);
    }
  });

  it("are filled from raw samples where no pass has been, and filling again adds nothing", async () => {
    const end = Math.floor(Date.now() / secondMs) - youngestWindow;
    const from = end - promisedLateness - 3600;
    const ask = async (task: Recomputation) => {
      const start = firstWindowEnd(task.level, from);
      const answer = await prometheus.reader.queryRange(task.expr, { start, end, step: task.level.stepSeconds });
      return openMetricsLines(task, answer, 200);
    };
    const asked = async (round: readonly Recomputation[]) => (await Promise.all(round.map(ask))).join("");
    const { promtool } = await pipelineBinaries();
    for (const [index, round] of recomputations("recomputed").entries()) {
      const text = await asked(round);
      assert.notEqual(text, "");
      const file = path.join(directory, `recomputed-${index}.om`);
      fs.writeFileSync(file, `${text}# EOF\n`);
      await prometheus.stop();
      execFileSync(promtool, ["tsdb", "create-blocks-from", "openmetrics", file, path.join(directory, "data")]);
      await prometheus.start();
    }
    for (const step of ["5m", "1h"]) {
      for (const scope of scopes) {
        assert.equal(await booked(scope, step, ',team="long-ago"'), sentLongAgo, `${step} ${scope}`);
      }
    }
    for (const round of recomputations("again")) {
      assert.equal(await asked(round), "");
    }
  });

  it("are never dropped by Prometheus for being out of order, too old or doubled", () => {
    const complaints = fs
      .readFileSync(prometheus.logFile, "utf8")
      .match(/.*result from rule evaluation.*|.*Rule evaluation result discarded.*|.*Evaluating rule failed.*/g);
    assert.equal(complaints, null);
  });

  it("are valid rules for promtool", async () => {
    const { promtool } = await pipelineBinaries();
    const file = path.join(directory, "stack.rules.yaml");
    const rules = recordingRules({ promisedLateness, retentionSeconds });
    fs.writeFileSync(file, rulesFileText(rules));
    assert.match(execFileSync(promtool, ["check", "rules", file], { encoding: "utf8" }), /SUCCESS: \d+ rules found/);
  });
});
