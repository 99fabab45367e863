import type { Command } from "commander";

import { backupTemplates, runBackupJob } from "../backup-jobs";
import { stackCommand } from "../command";
import { deployedStack } from "../deployed";
import { progress } from "../progress";

/** Adds `npm run backup`. */
export function register(monitor: Command): void {
  stackCommand(monitor, "backup")
    .description(
      "Takes a backup of each store now, as the schedule does (backup.schedule), and prints what was saved. The stores " +
        "run on.",
    )
    .action(async ({ stack }: { stack: string }) => {
      const { location } = deployedStack(stack);
      for (const [store, template] of await backupTemplates(location)) {
        progress(`${store}: being copied`);
        const printed = await runBackupJob(location, store, template, { args: ["backup"] });
        console.log(`${store} ${printed.split("\n").at(-1) ?? ""}`);
      }
    });
}
