import * as fs from "node:fs";
import * as path from "node:path";

import * as pulumi from "@pulumi/pulumi";
import { parse } from "yaml";

import type { ConfigOrigin } from "../../../config/origin";
import { withValues } from "../../../cli/overrides";
import { type ConfigValues, valueAt } from "../../../config/paths";
import { ConfigError, parseConfig, settings, type StackConfig } from "../../../config/schema";
import { productionValues } from "../../support/production-values";

/** The repository's root. */
export const root = path.resolve(__dirname, "../../..");
/** Name of the Pulumi project. */
export const project = "claude-code-monitoring";

/**
 * A stack's values as its file holds them, then what prod has to be told by whoever deploys it, then others by their path.
 */
export function stackValues(stack: string, overrides: ConfigValues = {}): ConfigValues {
  const file = parse(fs.readFileSync(path.join(root, `Pulumi.${stack}.yaml`), "utf8")) as { config: ConfigValues };
  const own = Object.entries(file.config).map(([key, value]) => [key.replace(`${project}:`, ""), value] as const);
  return withValues(Object.fromEntries(own), { ...(stack === "prod" ? productionValues : {}), ...overrides });
}

/** Keys whose values hold a secret, which a stack's file would have encrypted. */
export function secretKeys(values: ConfigValues): ReadonlySet<string> {
  const held = settings.filter(({ path: name, secret }) => secret && valueAt(values, name.split(".")) !== undefined);
  return new Set(held.map(({ path: name }) => name.slice(0, name.indexOf("."))));
}

/** A stack's configuration, the secrets of prod encrypted. */
export function stackConfig(stack: string, overrides: ConfigValues = {}, origin: ConfigOrigin = {}): StackConfig {
  const values = stackValues(stack, overrides);
  return parseConfig(values, { encrypted: stack === "prod" ? secretKeys(values) : new Set(), ...origin });
}

/** What is refused of it; none where it can be deployed. */
export function problemsOf(stack: string, overrides: ConfigValues = {}, origin?: ConfigOrigin): readonly string[] {
  try {
    stackConfig(stack, overrides, origin);
    return [];
  } catch (error) {
    if (error instanceof ConfigError) {
      return error.problems;
    }
    throw error;
  }
}

/** What an output holds, with the secrets in it. */
export function settled<T>(output: pulumi.Input<T>): Promise<pulumi.Unwrap<T>> {
  return new Promise((resolve) => {
    pulumi.output(output).apply(resolve);
  });
}
