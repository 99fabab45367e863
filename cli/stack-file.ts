import * as fs from "node:fs";
import * as path from "node:path";

import { parse } from "yaml";
import { z } from "zod";

import { parseConfig, StackConfig } from "../config/schema";
import { Overrides, withOverrides } from "./overrides";
import { repository } from "./repository";

const prefix = "claude-code-monitoring:";
const scalar = z.union([z.string(), z.number(), z.boolean()]);
const projectFile = z.object({ config: z.record(z.string(), z.object({ default: scalar })) });
const stackFile = z.object({ config: z.record(z.string(), z.union([scalar, z.object({ secure: z.string() })])) });
/** Stands for a secret that only the engine can read; it passes as a URL, a password or a token. */
const unreadable = "https://encrypted.invalid";

/** The stacks that have a file. */
export const stackNames = ["dev", "prod"] as const;

/**
 * A stack's configuration as the program will see it, validated before any cluster is touched. A secret that only the
 * engine can read counts as given and right.
 *
 * @throws ConfigError naming all problems
 */
export function stackConfig(stack: string, overrides: Overrides): StackConfig {
  return configOfFile(read(`Pulumi.${stack}.yaml`), overrides);
}

/** The same for the content of a stack's file. */
export function configOfFile(content: unknown, overrides: Overrides): StackConfig {
  const own = Object.entries(
    stackFile.parse({ config: withOverrides(stackFile.parse(content).config, overrides) }).config,
  )
    .filter(([key]) => key.startsWith(prefix))
    .map(([key, value]) => ({ key: key.slice(prefix.length), value }));
  const encrypted = own.filter(({ value }) => typeof value === "object").map(({ key }) => key);
  const values = own.map(({ key, value }) => [key, typeof value === "object" ? unreadable : String(value)] as const);
  return parseConfig({ ...defaults(), ...Object.fromEntries(values) }, new Set(encrypted));
}

/** The configuration of a stack that sets nothing of its own. Production asks for more: that has no default. */
export function defaultConfig(): StackConfig {
  return parseConfig({ ...defaults(), environment: "development" });
}

function defaults(): Record<string, string> {
  const { config } = projectFile.parse(read("Pulumi.yaml"));
  return Object.fromEntries(Object.entries(config).map(([key, { default: value }]) => [key, String(value)]));
}

function read(name: string): unknown {
  return parse(fs.readFileSync(path.join(repository, name), "utf8"));
}
