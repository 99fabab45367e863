import { parseArgs } from "node:util";

/**
 * The stack that a command with no other options is for.
 *
 * @returns undefined if only help was asked for, which is then printed
 * @throws Error for any other option
 */
export function stackOption(args: string[], help: string): string | undefined {
  const { values } = parseArgs({
    args,
    options: { stack: { type: "string", default: "dev" }, help: { type: "boolean", default: false } },
  });
  if (values.help) {
    console.log(help);
    return undefined;
  }
  return values.stack;
}
