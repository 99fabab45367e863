import { ensureGenerator } from "./bench/history";
import { clusterToolNames, ensureGrafanaServerStandIn, ensureParts, ensureTools, toolGroups } from "../lab/lab";
import { progress, runCommand } from "../cli/progress";
import { installClient } from "./support/clients/claude-client";
import { ensureRuleSimulator } from "./support/prometheus/rule-simulation";

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
  await ensureParts({ install: true, log: progress });
  await ensureGrafanaServerStandIn();
}
