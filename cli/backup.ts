import { backupTemplates, runBackupJob } from "./backup-jobs";
import { stackLocation } from "./health";
import { progress, runCommand } from "./progress";
import { stackConfig } from "./stack-file";
import { stackOption } from "./stack-option";
import { savedTarget } from "./target";

const help = `Usage: npm run backup -- [--stack NAME]

Takes a backup of each store now, as the schedule does (backup.schedule), and prints what was saved. The stores run on.

  --stack NAME  dev (default) or prod
  --help        show this`;

runCommand(async (args) => {
  const stackName = stackOption(args, help);
  if (stackName === undefined) {
    return 0;
  }
  const target = savedTarget(stackName);
  const config = stackConfig(stackName, target.overrides);
  const location = stackLocation(target, config);
  for (const [store, template] of await backupTemplates(location)) {
    progress(`${store}: being copied`);
    const printed = await runBackupJob(location, store, template, { args: ["backup"] });
    console.log(`${store} ${printed.split("\n").at(-1) ?? ""}`);
  }
  return 0;
});
