import { type ConfigValues, withValues } from "../config/paths";

/** The namespace of the program's own keys. */
export const project = "claude-code-monitoring";

/** Configuration on top of a stack's file, by path; keys without a namespace are the project's own. */
export type Overrides = ConfigValues;

/** A stack's configuration with overrides. Values beside their paths stay. */
export function withOverrides(config: ConfigValues, overrides: Overrides): ConfigValues {
  const changes = Object.entries(overrides).map(([at, value]) => [
    /^[\w-]+:/.test(at) ? at : `${project}:${at}`,
    value,
  ]);
  return withValues(config, Object.fromEntries(changes) as ConfigValues);
}
