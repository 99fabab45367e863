import { parseArgs } from "node:util";

import { runCommand } from "./progress";
import { PulumiStack } from "./pulumi-stack";
import { savedTarget, targetEnvironment, workspaceFolder } from "./target";

const help = `Usage: npm run --silent settings -- [--stack NAME] > managed-settings.json

Prints the managed settings that make Claude Code clients send to the stack. Fill in user, team, location and device.

  --stack NAME  dev (default) or prod
  --help        show this`;

runCommand(async (args) => {
  const { values } = parseArgs({
    args,
    options: { stack: { type: "string", default: "dev" }, help: { type: "boolean", default: false } },
  });
  if (values.help) {
    console.log(help);
    return 0;
  }
  const target = savedTarget(values.stack);
  const stack = new PulumiStack({
    stack: values.stack,
    workspace: workspaceFolder(values.stack),
    overrides: target.overrides,
    environment: await targetEnvironment(target),
  });
  const { claudeCodeSettings } = await stack.outputs();
  console.log(claudeCodeSettings);
  return 0;
});
