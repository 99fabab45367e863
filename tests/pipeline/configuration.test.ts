import * as assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import * as fs from "node:fs";

import { featureGates } from "../../components/collector/outgoing";
import { recordingRules } from "../../dashboards/rollups/rules";
import { pipelineBinaries } from "../support/collectors/pipeline-binaries";
import { PipelineStack } from "../support/collectors/pipeline-stack";
import { waitUntil } from "../support/processes";
import { hour } from "../../units";

describe("the configuration that the stack generates", function () {
  this.timeout(60_000);
  let stack: PipelineStack;

  before(async () => {
    stack = await PipelineStack.start();
  });

  after(async () => {
    await stack.stop();
  });

  it("is valid for the real collector, with nothing deprecated in it", async () => {
    const { collector } = await pipelineBinaries();
    execFileSync(collector, ["validate", featureGates, `--config=${stack.collector.configFile}`], { stdio: "pipe" });
    const complaints = fs
      .readFileSync(stack.collector.logFile, "utf8")
      .split("\n")
      .filter((line) => /"level":"(warn|error)"|deprecated/.test(line));
    assert.deepEqual(complaints, []);
  });

  it("is valid for the real Prometheus, rules included", async () => {
    const { promtool } = await pipelineBinaries();
    const output = execFileSync(promtool, ["check", "config", stack.prometheus.configFile], { encoding: "utf8" });
    assert.match(output, /1 rule files found/);
    assert.doesNotMatch(fs.readFileSync(stack.prometheus.logFile, "utf8"), /level=(WARN|ERROR)/);
  });

  it("makes Prometheus load every recording rule", async () => {
    const expected = recordingRules({ promisedLateness: 30 * hour, retentionSeconds: 200 * hour }).groups.flatMap(
      (group) => group.rules.map(({ record }) => record),
    );
    const loaded = (await stack.reader.ruleGroups()).flatMap(({ rules }) => rules.map(({ name }) => name));
    assert.ok(expected.length > 0);
    assert.deepEqual(loaded.sort(), expected.sort());
  });

  it("makes Prometheus scrape itself", async () => {
    await waitUntil("Prometheus scraped itself", async () =>
      (await stack.reader.targets()).some(({ scrapePool, health }) => scrapePool === "prometheus" && health === "up"),
    );
  });
});
