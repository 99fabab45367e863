import * as fs from "node:fs";
import * as path from "node:path";

import { parse } from "yaml";

import { productionValues } from "../../support/production-values";

/** The repository's root. */
export const root = path.resolve(__dirname, "../../..");
/** Name of the Pulumi project. */
export const project = "claude-code-monitoring";

interface ProjectFile {
  readonly config: Readonly<Record<string, { type: string; description: string; default: string | number | boolean }>>;
}

/** `Pulumi.yaml`, read as the engine reads it. */
export function projectFile(): ProjectFile {
  return parse(fs.readFileSync(path.join(root, "Pulumi.yaml"), "utf8")) as ProjectFile;
}

/**
 * A stack's configuration as the program receives it: defaults of `Pulumi.yaml`, then the stack's own file, then what prod
 * has to be told by whoever deploys it.
 */
export function stackConfig(stack: string, overrides: Readonly<Record<string, string>> = {}): Record<string, string> {
  const defaults = Object.entries(projectFile().config).map(([key, { default: value }]) => [key, String(value)]);
  const file = parse(fs.readFileSync(path.join(root, `Pulumi.${stack}.yaml`), "utf8")) as {
    config: Record<string, string | number | boolean>;
  };
  const own = Object.entries(file.config).map(([key, value]) => [key.replace(`${project}:`, ""), String(value)]);
  const told = stack === "prod" ? productionValues : {};
  return { ...(Object.fromEntries([...defaults, ...own]) as Record<string, string>), ...told, ...overrides };
}
