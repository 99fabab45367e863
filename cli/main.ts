import type { Command } from "commander";
import { createRequire } from "node:module";

import { monitorCommand } from "./command";
import { runCommand } from "./progress";

/** A file of `commands/`. */
interface CommandFile {
  /** Adds the command. */
  register(monitor: Command): void;
}

const names = [
  "up",
  "status",
  "settings",
  "pseudonym",
  "down",
  "demo",
  "doctor",
  "backup",
  "restore",
  "recompute",
  "report",
  "dashboards",
];
const load = createRequire(__filename);

/** Entry point of every command: `npm run <name> -- [options]`, or `npm run monitor -- <name> [options]`. */
runCommand(async (args) => {
  const monitor = monitorCommand();
  // Only what was typed is loaded: all of them take seconds.
  for (const name of names.filter((each) => each === args[0] || !names.includes(args[0] ?? ""))) {
    (load(`./commands/${name}`) as CommandFile).register(monitor);
  }
  await monitor.parseAsync(args, { from: "user" });
  return Number(process.exitCode ?? 0);
});
