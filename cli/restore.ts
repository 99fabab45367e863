import { parseArgs } from "node:util";

import { backedUpStores, type BackedUpStore } from "../components/backup/backup";
import { backupTemplates, runBackupJob } from "./backup-jobs";
import { stackLocation } from "./health";
import { progress, runCommand } from "./progress";
import { restoreStore } from "./restore-store";
import { stackConfig } from "./stack-file";
import { savedTarget } from "./target";

const help = `Usage: npm run restore -- [--store STORE --from BACKUP] [options]

Without --from, lists the backups. With it, brings one back: to Prometheus it is added while Prometheus runs, and what
has come since stays; Loki and Grafana are stopped meanwhile, and the backup takes the place of what they have.

  --store STORE  prometheus, loki or grafana
  --from BACKUP  a name that the list shows, or latest
  --replace      Loki or Grafana may lose what they have now
  --stack NAME   dev (default) or prod
  --help         show this`;

const stores = Object.keys(backedUpStores) as BackedUpStore[];
/** For a list; a pod that cannot start says nothing. */
const listTimeoutSeconds = 300;

runCommand(async (args) => {
  const { values } = parseArgs({
    args,
    options: {
      store: { type: "string" },
      from: { type: "string" },
      replace: { type: "boolean", default: false },
      stack: { type: "string", default: "dev" },
      help: { type: "boolean", default: false },
    },
  });
  if (values.help) {
    console.log(help);
    return 0;
  }
  const store = values.store === undefined ? undefined : readStore(values.store);
  if (values.from !== undefined && store === undefined) {
    throw new Error(`--store: found nothing; with --from expected one of ${stores.join(", ")}`);
  }
  const target = savedTarget(values.stack);
  const config = stackConfig(values.stack, target.overrides);
  const location = stackLocation(target, config);
  const templates = await backupTemplates(location);
  if (values.from === undefined || store === undefined) {
    for (const [each, template] of templates) {
      if (store === undefined || store === each) {
        const listed = await runBackupJob(location, each, template, { args: ["list"] }, listTimeoutSeconds);
        console.log(`${each}\n${listed === "" ? "  none" : listed.replaceAll(/^/gm, "  ")}`);
      }
    }
    return 0;
  }
  const template = templates.get(store);
  if (template === undefined) {
    throw new Error(
      `--store: found "${store}", which is not backed up; expected one of ${[...templates.keys()].join(", ")}`,
    );
  }
  progress(`${store}: restoring ${values.from}`);
  console.log(`${store}: ${await restoreStore(location, store, template, values.from, values.replace)}`);
  return 0;
});

function readStore(text: string): BackedUpStore {
  const store = stores.find((candidate) => candidate === text);
  if (store === undefined) {
    throw new Error(`--store: found "${text}"; expected one of ${stores.join(", ")}`);
  }
  return store;
}
