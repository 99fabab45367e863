/** Values as a stack's file holds them. */
export type ConfigValue = string | number | boolean | null | readonly ConfigValue[] | ConfigValues;
/** Values by key. */
export interface ConfigValues {
  readonly [key: string]: ConfigValue;
}

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
