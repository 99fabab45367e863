/** The namespace of the program's own keys. */
export const project = "claude-code-monitoring";

/** A configuration value; `secure` is a secret as the engine encrypted it. */
export type ConfigValue = string | number | boolean | { readonly secure: string };

/** Configuration on top of a stack's file, by key; keys without a namespace are the project's own. */
export type Overrides = Readonly<Record<string, ConfigValue>>;

/** A stack's configuration with other values in place of its own. */
export function withOverrides(
  config: Readonly<Record<string, unknown>>,
  overrides: Overrides,
): Record<string, unknown> {
  const full = Object.entries(overrides).map(([key, value]) => [key.includes(":") ? key : `${project}:${key}`, value]);
  return { ...config, ...(Object.fromEntries(full) as Overrides) };
}
