import assert from "node:assert/strict";
import * as fs from "node:fs";
import * as path from "node:path";

import { fullHistory, historyKey, smallHistory } from "../../bench/history";
import { historySpec } from "../../bench/history-spec";
import { linkBlocks } from "../../bench/prometheus";
import { readTruth } from "../../bench/truth";
import { youngestWindow } from "../../../cli/recompute/recomputations";
import { metrics } from "../../../telemetry/client-metrics";
import { clientVersions } from "../../../synthetic/company";
import { rollupName, signals } from "../../../dashboards/signals";
import { temporaryDirectory } from "../../support/processes";
import { everyScope } from "../dashboards/rollup-scope";
import { root } from "../config/stack-config";

describe("the benchmark's history", () => {
  it("is told every metric of clients, and its roll-ups", () => {
    const spec = historySpec();
    assert.equal(spec.metrics.cost, "claude_code_cost_usage_USD_total");
    assert.deepEqual(Object.keys(spec.metrics), Object.keys(metrics));
    assert.deepEqual(
      spec.rollups.map(({ record }) => record),
      Object.entries(signals)
        .filter(([, { metric }]) => Object.values(spec.metrics).includes(metric))
        .flatMap(([, signal]) => everyScope.map((scope) => rollupName(signal, scope))),
    );
    const cost = spec.rollups.filter(({ record }) => record.endsWith("_model:claude_code_cost_usage_USD:sum"));
    const team = ["team", "location", "claude_monitoring_demo"];
    const of = (scope: string, ...labels: string[]) => ({
      metric: "claude_code_cost_usage_USD_total",
      record: `${scope}_model:claude_code_cost_usage_USD:sum`,
      labels: [...team, ...labels, "model", "claude_monitoring_billing"],
    });
    assert.deepEqual(cost, [of("team"), of("user", "user"), of("device", "user", "device", "vcs_repository_name")]);
    const { stepLabel, marker } = spec;
    assert.deepEqual([stepLabel, marker], ["rollup_step", "claude_code:rollups:evaluated"]);
    assert.ok(spec.rollups.every(({ labels }) => !labels.includes("session_id")));
  });

  it("is told what the developers work with, and what that costs", () => {
    const { models, prices, newestClient, locations, languages } = historySpec().company;
    assert.deepEqual(prices, {
      [models.usual]: { input: 3, output: 15 },
      [models.large]: { input: 5, output: 25 },
      [models.small]: { input: 1, output: 5 },
    });
    assert.equal(`${newestClient.line}.${newestClient.patch}`, clientVersions.newest);
    assert.ok(locations.length > 1);
    assert.equal(new Set(languages).size, languages.length);
  });

  it("is told when the rules are evaluated, and what they read then", () => {
    const { levels, delaySeconds, intervalSeconds } = historySpec();
    // Windows end at full five minutes, and five minutes before full hours: then the next evaluation is in the next hour.
    assert.deepEqual(levels, [
      { step: "5m", stepSeconds: 300, phaseSeconds: 0 },
      { step: "1h", stepSeconds: 3600, phaseSeconds: 55 * 60 },
    ]);
    assert.equal(intervalSeconds, 300);
    assert.ok(delaySeconds > youngestWindow - intervalSeconds && delaySeconds < youngestWindow);
  });

  it("has a place in the cache for each set of parameters, generator and roll-ups", () => {
    const spec = historySpec();
    const keys = [
      historyKey("a", fullHistory, spec),
      historyKey("b", fullHistory, spec),
      historyKey("a", { ...fullHistory, seed: 2 }, spec),
      historyKey("a", fullHistory, { ...spec, rollups: [] }),
      historyKey("a", smallHistory, spec),
    ];
    assert.equal(new Set(keys).size, keys.length);
    assert.match(keys[0]!, /^history-1000x90-[0-9a-f]{16}$/);
    assert.equal(fullHistory.end % 3600, 0);
  });

  it("is written with the version of Prometheus that reads it", () => {
    const versions = ["tests/bench/history/go.mod", "lab/toolchain/prometheus/go.mod"].map(
      (file) => /github\.com\/prometheus\/prometheus (v\S+)/.exec(fs.readFileSync(path.join(root, file), "utf8"))?.[1],
    );
    assert.match(versions[0]!, /^v\d/);
    assert.equal(versions[0], versions[1]);
  });

  it("is linked, not copied, for a run", () => {
    const folder = temporaryDirectory("bench-test");
    const file = path.join("01M85DMB00DBK7GFTFQQMHPVNR", "chunks", "000001");
    fs.mkdirSync(path.dirname(path.join(folder, "history", file)), { recursive: true });
    fs.writeFileSync(path.join(folder, "history", file), "samples");
    fs.writeFileSync(path.join(folder, "history", "truth.json"), "{}");
    linkBlocks(path.join(folder, "history"), path.join(folder, "run"));
    const [original, linked] = ["history", "run"].map((name) => fs.statSync(path.join(folder, name, file)).ino);
    assert.equal(original, linked);
    assert.deepEqual(fs.readdirSync(path.join(folder, "run")), ["01M85DMB00DBK7GFTFQQMHPVNR"]);
  });

  it("is refused without a whole truth", () => {
    const folder = temporaryDirectory("bench-test");
    assert.throws(() => readTruth(folder), /ENOENT/);
    fs.writeFileSync(path.join(folder, "truth.json"), '{"windows": []}');
    assert.throws(() => readTruth(folder), /parameters/);
  });
});
