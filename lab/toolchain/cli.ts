import { ensureTools } from "./build";
import { isToolGroup, isToolName, toolGroups, type ToolName, toolNames, toolVersion } from "./tools";

const help = `Usage: npm run toolchain -- [--list] [name | group ...]

Builds the binaries that the stack and its tests run on, from Go modules, and prints where they are.
What is built already is not built again. Without names: all.

  --list   show the tools, their versions and the groups; build nothing
  --help   show this text`;

function list(): string {
  const rows = toolNames.map((name) => `  ${name.padEnd(28)}${toolVersion(name)}`);
  const groups = Object.entries(toolGroups).map(([group, names]) => `  ${group.padEnd(28)}${names.join(", ")}`);
  return ["Tools:", ...rows, "Groups:", ...groups].join("\n");
}

function selected(names: readonly string[]): readonly ToolName[] {
  if (names.length === 0) {
    return toolNames;
  }
  return names.flatMap((name): readonly ToolName[] => {
    if (isToolName(name)) {
      return [name];
    }
    if (isToolGroup(name)) {
      return toolGroups[name];
    }
    throw new Error(`No tool or group is called "${name}". --list shows those there are.`);
  });
}

async function main(words: readonly string[]): Promise<void> {
  const option = words.find((word) => word.startsWith("-"));
  if (option === "--help" || option === "-h") {
    console.log(help);
  } else if (option === "--list") {
    console.log(list());
  } else if (option !== undefined) {
    throw new Error(`Unknown option "${option}".\n\n${help}`);
  } else {
    const binaries = await ensureTools(selected(words));
    for (const [name, binary] of Object.entries(binaries)) {
      console.log(`${name} ${binary}`);
    }
  }
}

main(process.argv.slice(2)).catch((error: unknown) => {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
});
