import { stringify } from "yaml";

/** Renders a value as block YAML, no line folded; keys in alphabetical order, or in the order given. */
export function block(value: unknown, { sorted = true } = {}): string {
  return stringify(value, { lineWidth: 0, sortMapEntries: sorted, aliasDuplicateObjects: false });
}

/** Renders a value as one line of YAML, keys in the order given. */
export function flow(value: unknown): string {
  return stringify(value, { collectionStyle: "flow", lineWidth: 0, aliasDuplicateObjects: false }).trimEnd();
}
