import type { Command } from "commander";

import { monitorCommand } from "../../../cli/command";

/**
 * Types a command.
 *
 * @returns what it printed of itself
 * @throws Error for whatever is wrong with it
 */
export async function type(register: (monitor: Command) => void, ...args: readonly string[]): Promise<string> {
  let printed = "";
  const monitor = monitorCommand()
    .exitOverride()
    .configureOutput({ writeOut: (text) => (printed += text), writeErr: () => undefined });
  register(monitor);
  await monitor.parseAsync(args, { from: "user" }).catch((error: unknown) => {
    if ((error as { code?: string }).code !== "commander.helpDisplayed") {
      throw error;
    }
  });
  return printed;
}
