import type { Command } from "commander";

import { backedUpStores, type BackedUpStore } from "../../components/backup/backup";
import { type BackupTemplate, backupTemplates, runBackupJob } from "../backup-jobs";
import { oneOf, stackCommand } from "../command";
import { deployedStack } from "../deployed";
import type { StackLocation } from "../target";
import { progress } from "../progress";
import { restoreStore } from "../restore-store";

interface RestoreOptions {
  readonly store?: BackedUpStore;
  readonly from?: string;
  readonly replace?: boolean;
  readonly stack: string;
}

const stores = Object.keys(backedUpStores) as BackedUpStore[];
/** For a list; a pod that cannot start says nothing. */
const listTimeoutSeconds = 300;

/** Adds `npm run restore`. */
export function register(monitor: Command): void {
  stackCommand(monitor, "restore")
    .usage("[--store STORE --from BACKUP] [options]")
    .description(
      "Lists the backups, or brings one back. To Prometheus it is added while Prometheus runs, " +
        "and what has come since stays; Loki and Grafana are stopped meanwhile, and the backup takes the place of what " +
        "they have.",
    )
    .option("--store <store>", stores.join(", "), oneOf("--store", stores))
    .option("--from <backup>", "a name that the list shows, or latest")
    .option("--replace", "Loki or Grafana may lose what they have now")
    .action(async ({ stack, store, from, replace = false }: RestoreOptions) => {
      if (from !== undefined && store === undefined) {
        throw new Error(`--store: found nothing; with --from expected one of ${stores.join(", ")}`);
      }
      const { location } = deployedStack(stack);
      const templates = await backupTemplates(location);
      if (from === undefined || store === undefined) {
        await listBackups(
          location,
          [...templates].filter(([each]) => store === undefined || store === each),
        );
        return;
      }
      const template = templates.get(store);
      if (template === undefined) {
        const expected = [...templates.keys()].join(", ");
        throw new Error(`--store: found "${store}", which is not backed up; expected one of ${expected}`);
      }
      progress(`${store}: restoring ${from}`);
      console.log(`${store}: ${await restoreStore(location, store, template, from, replace)}`);
    });
}

async function listBackups(
  location: StackLocation,
  templates: readonly (readonly [BackedUpStore, BackupTemplate])[],
): Promise<void> {
  for (const [store, template] of templates) {
    const listed = await runBackupJob(location, store, template, { args: ["list"] }, listTimeoutSeconds);
    console.log(`${store}\n${listed === "" ? "  none" : listed.replaceAll(/^/gm, "  ")}`);
  }
}
