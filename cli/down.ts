import * as readline from "node:readline/promises";
import { parseArgs } from "node:util";

import { progress, runCommand } from "./progress";
import { forgetTarget, pulumiStackOn, removeCluster, savedTarget, Target, targetEnvironment } from "./target";

const help = `Usage: npm run down -- [options]

Deletes the stack with all of its data, and the cluster if npm run up made it.

  --stack NAME    dev (default) or prod
  --yes           do not ask
  --keep-cluster  delete the stack only
  --help          show this`;

runCommand(async (args) => {
  const { values } = parseArgs({
    args,
    options: {
      stack: { type: "string", default: "dev" },
      yes: { type: "boolean", default: false },
      "keep-cluster": { type: "boolean", default: false },
      help: { type: "boolean", default: false },
    },
  });
  if (values.help) {
    console.log(help);
    return 0;
  }
  const target = savedTarget(values.stack);
  const clusterToo = target.kind !== "context" && !values["keep-cluster"];
  if (!values.yes && !(await confirmed(values.stack, clusterToo))) {
    console.log("Nothing was deleted.");
    return 1;
  }
  await destroy(values.stack, target);
  if (clusterToo) {
    await removeCluster(target);
  }
  forgetTarget(values.stack);
  console.log(`Stack ${values.stack} is down.`);
  return 0;
});

async function confirmed(stack: string, clusterToo: boolean): Promise<boolean> {
  if (!process.stdin.isTTY) {
    throw new Error("nobody can be asked here; expected --yes");
  }
  const prompt = readline.createInterface({ input: process.stdin, output: process.stdout });
  const what = `stack ${stack} with all of its data${clusterToo ? " and its cluster" : ""}`;
  const answer = await prompt.question(`Delete ${what}? Type yes: `);
  prompt.close();
  return answer.trim() === "yes";
}

async function destroy(stack: string, target: Target): Promise<void> {
  const pulumiStack = pulumiStackOn(stack, target, await targetEnvironment(target));
  progress(`pulumi destroy -s ${stack}`);
  await pulumiStack.prepare();
  const { deleted } = await pulumiStack.destroy();
  progress(`pulumi: ${deleted} deleted`);
}
