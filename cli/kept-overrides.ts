import { parse } from "yaml";

import type { ConfigValue } from "../config/paths";
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
  const keys = Object.keys(before);
  const unknown = dropped.find((key) => !keys.includes(key));
  if (unknown !== undefined) {
    const expected = keys.length === 0 ? "nothing, as no value was given with --config" : `one of ${keys.join(", ")}`;
    throw new Error(`--reset: found "${unknown}"; expected ${expected}`);
  }
  const kept = Object.entries(before).filter(([key]) => !dropped.includes(key));
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
