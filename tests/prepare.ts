import { ensureParts } from "../cluster/bring-up";
import { progress, runCommand } from "../scripts/progress";
import { ensureTools } from "../toolchain/build";
import { toolGroups, toolNames } from "../toolchain/tools";
import { ensureGrafanaServerStandIn } from "./standins/standins";
import { installClient } from "./support/claude-client";

/**
 * Installs and builds what a tier runs on, so that no test waits for a compiler: `tests/prepare.ts pipeline|cluster`.
 * Cold, this takes the better part of an hour; warm, a second.
 */
runCommand(async ([tier]) => {
  switch (tier) {
    case "pipeline":
      await ensureTools(toolGroups.pipeline, { log: progress });
      break;
    case "cluster":
      await ensureTools(toolNames, { log: progress });
      await ensureParts([], progress);
      await ensureGrafanaServerStandIn();
      break;
    default:
      throw new Error(`found tier "${tier ?? ""}"; expected pipeline or cluster`);
  }
  await installClient();
  return 0;
});
