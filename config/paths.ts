/** Values as a stack's file holds them. */
export type ConfigValue = string | number | boolean | null | readonly ConfigValue[] | ConfigValues;
/** Values by key. */
export interface ConfigValues {
  readonly [key: string]: ConfigValue;
}

type Segment = string | number;

/** A path as `pulumi config set --path` takes it, e.g. `teams[0].name`. */
export function formatPath(path: readonly PropertyKey[]): string {
  return path.reduce<string>((text, segment) => {
    if (typeof segment === "number") {
      return `${text}[${segment}]`;
    }
    const key = String(segment);
    return /[.[\]"]/.test(key) ? `${text}[${JSON.stringify(key)}]` : text === "" ? key : `${text}.${key}`;
  }, "");
}

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

/** Values without those at some paths. Elements of lists are not taken out: the whole list is. */
export function withoutValues(values: unknown, paths: readonly (readonly PropertyKey[])[]): unknown {
  if (!isObject(values)) {
    return values;
  }
  const entries = Object.entries(values).flatMap(([key, value]) => {
    const rests = paths.filter(([first]) => first === key).map(([, ...rest]) => rest);
    const gone = rests.some(([next]) => next === undefined || typeof next === "number");
    return gone ? [] : [[key, withoutValues(value, rests)] as const];
  });
  return Object.fromEntries(entries);
}

/** The value at a path; undefined if there is none. */
export function valueAt(values: unknown, path: readonly PropertyKey[]): unknown {
  return path.reduce<unknown>(
    (value, key) => (typeof value === "object" && value !== null ? Reflect.get(value, key) : undefined),
    values,
  );
}

/** True for a value with keys. */
export function isObject(value: unknown): value is ConfigValues {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
