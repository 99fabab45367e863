import * as fs from "node:fs";
import * as path from "node:path";

import { parse } from "yaml";
import { z } from "zod";

import { formatPath, isObject } from "../config/paths";
import { parseConfig, StackConfig } from "../config/schema";
import { Overrides, withOverrides } from "./overrides";
import { repository } from "./repository";

const prefix = "claude-code-monitoring:";
const stackFile = z.object({ config: z.record(z.string(), z.json()) });
/** A value that the engine has encrypted. */
const ciphertext = z.strictObject({ secure: z.string() });
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
  return configOfFile(parse(fs.readFileSync(path.join(repository, `Pulumi.${stack}.yaml`), "utf8")), overrides);
}

/** The same for the content of a stack's file. */
export function configOfFile(content: unknown, overrides: Overrides): StackConfig {
  const config = withOverrides(stackFile.parse(content).config, overrides);
  const own = Object.entries(config)
    .filter(([key]) => key.startsWith(prefix))
    .map(([key, value]) => [key.slice(prefix.length), value] as const);
  const paths = own.flatMap(([key, value]) => encryptedPaths(value, [key]));
  return parseConfig(readable(Object.fromEntries(own)) as Record<string, unknown>, {
    encrypted: new Set(paths.map(([key]) => String(key))),
    unreadable: new Set(paths.map(formatPath)),
  });
}

/** The configuration of a stack that sets nothing of its own. Production asks for more: that has no default. */
export function defaultConfig(): StackConfig {
  return parseConfig({ environment: "development" });
}

function encryptedPaths(value: unknown, at: readonly PropertyKey[]): (readonly PropertyKey[])[] {
  if (ciphertext.safeParse(value).success) {
    return [at];
  }
  const inner = Array.isArray(value) ? [...value.entries()] : isObject(value) ? Object.entries(value) : [];
  return inner.flatMap(([key, element]) => encryptedPaths(element, [...at, key]));
}

function readable(value: unknown): unknown {
  if (ciphertext.safeParse(value).success) {
    return unreadable;
  }
  if (Array.isArray(value)) {
    return value.map(readable);
  }
  return isObject(value)
    ? Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, readable(inner)]))
    : value;
}
