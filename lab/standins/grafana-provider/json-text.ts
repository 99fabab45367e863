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
  return JSON.stringify(sorted(content));
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

/** True if a value is an object and no array. */
export function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function sorted(value: unknown): unknown {
  if (Array.isArray(value)) {
    return value.map(sorted);
  }
  if (!isObject(value)) {
    return value;
  }
  const names = Object.keys(value).sort();
  return Object.fromEntries(names.map((name) => [name, sorted(value[name])]));
}
