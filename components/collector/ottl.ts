import type { AttributeName } from "../../telemetry/attributes";

/** An attribute in one context, as OTTL writes it. */
export function attribute(context: string, name: AttributeName): string {
  return `${context}.attributes["${name}"]`;
}
