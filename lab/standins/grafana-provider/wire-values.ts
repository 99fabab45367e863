import { isObject, type Properties } from "./values";

/** Placeholder of a value that is not known yet. */
export const unknown = "04da6b54-80e4-46f7-96ec-b56ff0331ba9";

const signatureKey = "4dabf18193072939515e22adb298388d";
const secretSignature = "1b47061264138c4ac30d75fd1eb44270";

/** True if a value is not known yet. */
export function isUnknown(value: unknown): boolean {
  return value === unknown;
}

/** True if a value or anything in it is not known yet. */
export function hasUnknown(value: unknown): boolean {
  return isUnknown(value) || (typeof value === "object" && value !== null && Object.values(value).some(hasUnknown));
}

/** The value with every secret in it replaced by what it holds. */
export function revealed(value: unknown): unknown {
  if (Array.isArray(value)) {
    return value.map(revealed);
  }
  if (!isObject(value)) {
    return value;
  }
  return value[signatureKey] === secretSignature ? revealed(value["value"]) : revealedProperties(value);
}

/** {@link revealed} for each property; those that are null, which is how undefined arrives, are left out. */
export function revealedProperties(properties: Properties): Properties {
  const present = Object.entries(properties).filter(([, value]) => value !== null);
  return Object.fromEntries(present.map(([name, value]) => [name, revealed(value)]));
}
