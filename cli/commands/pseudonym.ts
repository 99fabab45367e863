import type { Command } from "commander";

import { stackCommand } from "../command";
import { deployedPulumiStack } from "../deployed";
import { pseudonym } from "../pseudonym";

/** Adds `npm run pseudonym`. */
export function register(monitor: Command): void {
  stackCommand(monitor, "pseudonym")
    .description(
      'Prints what the stack stores in place of an e-mail address, account or user name, where its "identity" is ' +
        '"pseudonym". Whoever can read the stack\'s secrets can run it, and nobody else: finding out who somebody is, ' +
        "is a decision.",
    )
    .argument("<identity...>", "e-mail addresses, accounts or user names")
    .action(async (identities: readonly string[], { stack }: { stack: string }) => {
      const { pseudonymKey } = await (await deployedPulumiStack(stack)).outputs(true);
      if (typeof pseudonymKey !== "string") {
        throw new Error(`stack "${stack}" makes no pseudonyms; expected its "identity" to be "pseudonym"`);
      }
      for (const identity of identities) {
        console.log(`${identity} ${pseudonym(pseudonymKey, identity)}`);
      }
    });
}
