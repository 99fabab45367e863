/** Entry point of `npm run toolchain`. */
import { Command } from "commander";

import { ensureTools } from "./build";
import { type ToolGroup, toolGroups, type ToolName, toolNames, tools, toolVersion } from "./tools";

function list(): string {
  const rows = toolNames.map((name) => `  ${name.padEnd(28)}${toolVersion(name)}`);
  const groups = Object.entries(toolGroups).map(([group, names]) => `  ${group.padEnd(28)}${names.join(", ")}`);
  return ["Tools:", ...rows, "Groups:", ...groups].join("\n");
}

function selected(name: string): readonly ToolName[] {
  if (Object.hasOwn(tools, name)) {
    return [name as ToolName];
  }
  if (Object.hasOwn(toolGroups, name)) {
    return toolGroups[name as ToolGroup];
  }
  throw new Error(`No tool or group is called "${name}". --list shows those there are.`);
}

new Command("npm run toolchain --")
  .description(
    "Builds the binaries that the stack and its tests run on, from Go modules, and prints where they are. " +
      "What is built already is not built again.",
  )
  .argument("[names...]", "tools and groups of tools; default: all")
  .option("--list", "show the tools, their versions and the groups; build nothing")
  .action(async (names: readonly string[], options: { readonly list?: true }) => {
    if (options.list === true) {
      console.log(list());
      return;
    }
    const binaries = await ensureTools(names.length === 0 ? toolNames : names.flatMap(selected));
    for (const [name, binary] of Object.entries(binaries)) {
      console.log(`${name} ${binary}`);
    }
  })
  .parseAsync()
  .catch((error: unknown) => {
    console.error(error instanceof Error ? error.message : error);
    process.exitCode = 1;
  });
