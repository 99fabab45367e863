import type { AttributeName } from "../../telemetry/attributes";

/** An attribute in one context, as OTTL writes it. */
export function attribute(context: string, name: AttributeName): string {
  return `${context}.attributes["${name}"]`;
}

/** A list of texts, as OTTL writes it. */
export function list(values: readonly string[]): string {
  return `[${values.map((value) => JSON.stringify(value)).join(", ")}]`;
}

/** A regular expression for exactly one of the values, as OTTL writes it. */
export function oneOf(values: readonly string[]): string {
  return `"^(${values.map((value) => value.replaceAll(".", "[.]")).join("|")})$"`;
}

/** A text as OTTL writes it in the collector's configuration, where a dollar sign begins a variable. */
export function literal(text: string): string {
  return JSON.stringify(text).replaceAll("$", "$$$$");
}
