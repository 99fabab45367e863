import { runCommand } from "./progress";
import { stackOption } from "./stack-option";
import { pulumiStackOn, savedTarget, targetEnvironment } from "./target";

const help = `Usage: npm run --silent settings -- [--stack NAME] > managed-settings.json

Prints the managed settings that make Claude Code clients send to the stack. Fill in user, team, location and device.

  --stack NAME  dev (default) or prod
  --help        show this`;

runCommand(async (args) => {
  const stackName = stackOption(args, help);
  if (stackName === undefined) {
    return 0;
  }
  const target = savedTarget(stackName);
  const stack = pulumiStackOn(stackName, target, await targetEnvironment(target));
  const { claudeCodeSettings } = await stack.outputs();
  console.log(claudeCodeSettings);
  return 0;
});
