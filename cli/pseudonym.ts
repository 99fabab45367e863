import { parseArgs } from "node:util";

import { pseudonym } from "../client/pseudonym";
import { runCommand } from "./progress";
import { pulumiStackOn, savedTarget, targetEnvironment } from "./target";

const help = `Usage: npm run --silent pseudonym -- [--stack NAME] IDENTITY...

Prints what the stack stores in place of an e-mail address, account or user name, where its "identity" is "pseudonym".
Whoever can read the stack's secrets can run it, and nobody else: finding out who somebody is, is a decision.

  --stack NAME  dev (default) or prod
  --help        show this`;

runCommand(async (args) => {
  const { values, positionals } = parseArgs({
    args,
    allowPositionals: true,
    options: { stack: { type: "string", default: "dev" }, help: { type: "boolean", default: false } },
  });
  if (values.help) {
    console.log(help);
    return 0;
  }
  if (positionals.length === 0) {
    throw new Error("no identity given; expected e-mail addresses, accounts or user names (--help tells more)");
  }
  const target = savedTarget(values.stack);
  const { pseudonymKey } = await pulumiStackOn(values.stack, target, await targetEnvironment(target)).outputs();
  if (typeof pseudonymKey !== "string") {
    throw new Error(`stack "${values.stack}" makes no pseudonyms; expected its "identity" to be "pseudonym"`);
  }
  for (const identity of positionals) {
    console.log(`${identity} ${pseudonym(pseudonymKey, identity)}`);
  }
  return 0;
});
