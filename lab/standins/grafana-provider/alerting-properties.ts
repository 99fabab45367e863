import { canonicalJson, isObject, jsonObject } from "./json-text";
import { inputProperties } from "./package-schema";
import { type Properties } from "./resource-kind";

/** A list of objects; anything else counts as empty. */
export function objects(value: unknown): readonly Properties[] {
  return Array.isArray(value) ? value.filter(isObject) : [];
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
  return jsonObject(value) === undefined ? value : canonicalJson(value);
}

/** Inputs of a type that the stand-in does not know. */
export function allBut(type: string, known: readonly string[]): readonly string[] {
  return inputProperties(type)
    .map(({ name }) => name)
    .filter((name) => !known.includes(name));
}

/** Names that an object has and that are not known, for a problem's reason; undefined if there are none. */
export function unknownNames(value: Properties, known: readonly string[]): string | undefined {
  const names = Object.keys(value).filter((name) => !known.includes(name));
  return names.length === 0 ? undefined : `the stand-in for pulumi-resource-grafana does not know ${names.join(", ")}`;
}
