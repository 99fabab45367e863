import type { Command } from "commander";
import * as readline from "node:readline/promises";

import { stackCommand } from "../command";
import { pulumiStackOn, savedTarget } from "../deployed";
import { progress } from "../progress";
import { forgetTarget } from "../stack-folder";
import { removeCluster } from "../target";

interface DownOptions {
  readonly stack: string;
  readonly yes?: true;
  readonly keepCluster?: true;
}

/** Adds `npm run down`. */
export function register(monitor: Command): void {
  stackCommand(monitor, "down")
    .description("Deletes the stack with all of its data, and the cluster if npm run up made it.")
    .option("--yes", "do not ask")
    .option("--keep-cluster", "delete the stack only")
    .action(async (options: DownOptions) => {
      process.exitCode = (await remove(options)) ? 0 : 1;
    });
}

/** @returns whether it was confirmed and done */
async function remove({ stack, yes, keepCluster }: DownOptions): Promise<boolean> {
  const target = savedTarget(stack);
  const clusterToo = target.kind !== "context" && keepCluster !== true;
  if (yes !== true && !(await confirmed(stack, clusterToo))) {
    console.log("Nothing was deleted.");
    return false;
  }
  progress(`pulumi destroy -s ${stack}`);
  const { deleted } = await (await pulumiStackOn(stack, target)).destroy();
  progress(`pulumi: ${deleted} deleted`);
  if (clusterToo) {
    await removeCluster(target);
  }
  forgetTarget(stack);
  console.log(`Stack ${stack} is down.`);
  return true;
}

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
