/**
 * Entry point: deploys a release of this program and records what the engine keeps of it, for `upgrade.test.ts`.
 * `previous-release.ts` then names the release, and its commit.
 *
 *   git worktree add ../release v0.1.0 && ln -s "$PWD/node_modules" ../release/node_modules
 *   npx ts-node --transpileOnly tests/cluster/record-release.ts ../release 0.1.0
 */
import * as fs from "node:fs";
import * as path from "node:path";

import { runCommand } from "../../cli/progress";
import { recordedState, releaseFile } from "./release-state";
import { TestCluster } from "./test-cluster";

runCommand(async ([folder, version]) => {
  if (folder === undefined || version === undefined) {
    throw new Error(`found ${process.argv.length - 2} arguments; expected a folder with the release, and its version`);
  }
  const cluster = await TestCluster.get();
  try {
    for (const [stack, namespace] of [
      ["dev", "claude-monitoring-dev"],
      ["prod", "claude-monitoring-prod"],
    ] as const) {
      await record(cluster, { stack, namespace, version, program: path.resolve(folder) });
    }
  } finally {
    await TestCluster.end();
  }
  return 0;
});

async function record(
  cluster: TestCluster,
  release: { stack: string; namespace: string; version: string; program: string },
): Promise<void> {
  const { stack: name, namespace, version, program } = release;
  const grafana = await cluster.forward(namespace, `${name}-grafana`, 3000);
  const stack = cluster.stack(name, { grafanaApiUrl: grafana.url }, undefined, program);
  await stack.prepare();
  await stack.up();
  const state = recordedState(await stack.pulumi(["stack", "export", "--stack", name]));
  fs.writeFileSync(releaseFile(version, name), `${JSON.stringify(state, undefined, 1)}\n`);
  await grafana.stop();
}
