import { type ConfigValue, type ConfigValues, isObject } from "../config/paths";

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

/** Values with others in their place, each by its path; what is beside a path stays. */
export function withValues(values: ConfigValues, changes: ConfigValues): ConfigValues {
  return Object.entries(changes).reduce<ConfigValues>(
    (changed, [path, value]) => withValue(changed, parsePath(path), value) as ConfigValues,
    values,
  );
}

function withValue(values: unknown, [first, ...rest]: readonly Segment[], value: ConfigValue): ConfigValue {
  if (first === undefined) {
    return value;
  }
  if (typeof first === "number") {
    const list = Array.isArray(values) ? [...(values as readonly ConfigValue[])] : [];
    list[first] = withValue(list[first], rest, value);
    return list;
  }
  const object = isObject(values) ? values : {};
  return { ...object, [first]: withValue(object[first], rest, value) };
}

type Segment = string | number;

/**
 * The parts of a path.
 *
 * @throws Error if it is none
 */
function parsePath(path: string): Segment[] {
  const part = /\.?(?<key>[^.[\]"]+)|\[(?<index>\d+)\]|\["(?<quoted>[^"]*)"\]/y;
  const segments: Segment[] = [];
  while (part.lastIndex < path.length) {
    const { key, quoted = key, index } = part.exec(path)?.groups ?? {};
    const segment = index === undefined ? quoted : Number(index);
    if (segment === undefined) {
      throw new Error(`found path "${path}"; expected one such as prometheus.retention or teams[0].name`);
    }
    segments.push(segment);
  }
  return segments;
}
