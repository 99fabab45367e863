import { parse } from "yaml";

import { type ConfigValue, isObject } from "../config/paths";
import { secretPaths } from "../config/schema";
import type { Overrides } from "./overrides";

/**
 * Returns the values over a stack's file from now on: those of earlier `--config` that are not dropped, and those of
 * now.
 *
 * @param pairs `PATH=VALUE` each
 * @param dropped paths
 * @throws Error naming the option, what was found and what was expected
 */
export function keptOverrides(before: Overrides, pairs: readonly string[], dropped: readonly string[]): Overrides {
  const paths = Object.keys(before);
  const unknown = dropped.find((path) => !paths.includes(path));
  if (unknown !== undefined) {
    const expected = paths.length === 0 ? "nothing, as no value was given with --config" : `one of ${paths.join(", ")}`;
    throw new Error(`--reset: found "${unknown}"; expected ${expected}`);
  }
  const kept = Object.entries(before).filter(([path]) => !dropped.includes(path));
  return Object.fromEntries<ConfigValue>([...kept, ...pairs.map(readPair)]);
}

/** Lists and objects are YAML. */
function readPair(pair: string): readonly [string, ConfigValue] {
  const at = pair.indexOf("=");
  if (at < 1) {
    throw new Error(`--config: found "${pair}"; expected PATH=VALUE`);
  }
  const value = pair.slice(at + 1);
  return [pair.slice(0, at), /^[[{]/.test(value) ? (parse(value) as ConfigValue) : value];
}

/**
 * Returns the values with secrets encrypted, so none is kept in plain text.
 *
 * @param encrypt is called for one secret at a time
 */
export async function withEncryptedSecrets(
  values: Overrides,
  encrypt: (secret: string) => Promise<ConfigValue>,
  parent = "",
): Promise<Overrides> {
  const result: Record<string, ConfigValue> = {};
  for (const [key, value] of Object.entries(values)) {
    const path = `${parent}${key}`;
    if (secretPaths.has(path) && typeof value !== "object") {
      result[key] = await encrypt(String(value));
    } else {
      result[key] = isObject(value) ? await withEncryptedSecrets(value, encrypt, `${path}.`) : value;
    }
  }
  return result;
}
