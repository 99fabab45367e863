import * as fs from "node:fs";
import * as path from "node:path";

import { parse } from "yaml";

import { repository } from "../../cli/pulumi-stack";

const begin = "<!-- config reference: written by npm run docs -->";
const end = "<!-- end of config reference -->";

type Scalar = string | number | boolean;

interface Key {
  readonly type: string;
  readonly description: string;
  readonly default: Scalar;
}

/** The configuration reference as a Markdown table: every key of `Pulumi.yaml`, and what each stack sets instead. */
export function configReference(): string {
  const { config } = read("Pulumi.yaml") as { config: Record<string, Key> };
  const dev = stackValues("dev");
  const prod = stackValues("prod");
  const rows = Object.entries(config).map(([key, { type, description, default: value }]) =>
    row([`\`${key}\``, type, code(value), code(dev[key]), code(prod[key]), description]),
  );
  return [row(["Key", "Type", "Default", "dev", "prod", "Meaning"]), row(Array<string>(6).fill("---")), ...rows].join(
    "\n",
  );
}

/**
 * A page with the reference between its markers brought up to date.
 *
 * @throws Error if the markers are missing
 */
export function withConfigReference(page: string): string {
  const [from, to] = [page.indexOf(begin), page.indexOf(end)];
  if (from < 0 || to < from) {
    throw new Error(`docs/configuration.md: found no "${begin}" followed by "${end}"`);
  }
  return `${page.slice(0, from + begin.length)}\n\n${configReference()}\n\n${page.slice(to)}`;
}

function stackValues(stack: string): Record<string, Scalar> {
  const { config } = read(`Pulumi.${stack}.yaml`) as { config: Record<string, Scalar> };
  return Object.fromEntries(Object.entries(config).map(([key, value]) => [key.slice(key.indexOf(":") + 1), value]));
}

function read(file: string): unknown {
  return parse(fs.readFileSync(path.join(repository, file), "utf8"));
}

function code(value: Scalar | undefined): string {
  return value === undefined || value === "" ? "" : `\`${String(value)}\``;
}

function row(cells: readonly string[]): string {
  // A bar ends a cell, also within code.
  return `| ${cells.map((cell) => cell.replaceAll("|", "\\|")).join(" | ")} |`;
}
