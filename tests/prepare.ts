import { ensureGenerator } from "../bench/history";
import { ensureParts } from "../cluster/bring-up";
import { progress, runCommand } from "../scripts/progress";
import { ensureTools } from "../toolchain/build";
import { clusterToolNames, toolGroups } from "../toolchain/tools";
import { ensureGrafanaServerStandIn } from "./standins/standins";
import { installClient } from "./support/claude-client";
import { ensureRuleSimulator } from "./support/rule-simulation";

/**
 * Installs and builds what a tier runs on, so that no test waits for a compiler: `tests/prepare.ts pipeline|cluster|scale`.
 * Cold, this takes the better part of an hour; warm, a second.
 */
runCommand(async ([tier]) => {
  switch (tier) {
    case "pipeline":
      await ensureTools(toolGroups.pipeline, { log: progress });
      await ensureGenerator();
      await ensureRuleSimulator();
      break;
    case "cluster":
      await prepareCluster();
      break;
    case "scale":
      await prepareCluster();
      await ensureTools(toolGroups.scale, { log: progress });
      return 0;
    default:
      throw new Error(`found tier "${tier ?? ""}"; expected pipeline, cluster or scale`);
  }
  await installClient();
  return 0;
});

async function prepareCluster(): Promise<void> {
  await ensureTools(clusterToolNames, { log: progress });
  await ensureParts([], progress);
  await ensureGrafanaServerStandIn();
}
