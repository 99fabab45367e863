/** Inputs, outputs or settings by name. */
export type Properties = Readonly<Record<string, unknown>>;

/** True if a value is an object and no array. */
export function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** The objects of a list; anything else counts as empty. */
export function objects(value: unknown): readonly Properties[] {
  return Array.isArray(value) ? value.filter(isObject) : [];
}

/** The object that a JSON text holds, or undefined. */
export function jsonObject(text: unknown): Record<string, unknown> | undefined {
  try {
    const content: unknown = typeof text === "string" ? JSON.parse(text) : undefined;
    return isObject(content) ? content : undefined;
  } catch {
    return undefined;
  }
}

/**
 * A JSON text with its keys sorted, so that equal content is equal text. Anything but the text of a JSON object comes
 * back as it is.
 * @param change makes changes to the content before
 */
export function canonicalJson(text: unknown, change?: (content: Record<string, unknown>) => void): unknown {
  const content = jsonObject(text);
  if (content === undefined) {
    return text;
  }
  change?.(content);
  const sorted = (_key: string, value: unknown): unknown =>
    isObject(value) ? pick(value, Object.keys(value).sort()) : value;
  return JSON.stringify(content, sorted);
}

/** Properties out of `all` that are there. */
export function pick(all: Properties, names: readonly string[]): Properties {
  return Object.fromEntries(names.filter((name) => name in all).map((name) => [name, all[name]]));
}

/** Less what is undefined, null, or as good as left out: an empty text, list or object, or false. */
export function present(properties: Properties): Properties {
  return Object.fromEntries(Object.entries(properties).filter(([, value]) => !isEmpty(value)));
}

function isEmpty(value: unknown): boolean {
  const empty = typeof value === "object" && value !== null && Object.keys(value).length === 0;
  return value === undefined || value === null || value === "" || value === false || empty;
}

/** {@link present} in all depths, JSON texts with their keys in order, for comparisons. */
export function comparable(value: unknown): unknown {
  if (Array.isArray(value)) {
    return value.map(comparable);
  }
  if (isObject(value)) {
    return present(Object.fromEntries(Object.entries(value).map(([name, part]) => [name, comparable(part)])));
  }
  return canonicalJson(value);
}
