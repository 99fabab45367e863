import type { Billing } from "../../telemetry/billing";
import { foldedValue, labels } from "../../telemetry/labels";
import type { Plan } from "../options";
import type { Matchers } from "./selector";

/**
 * Cost that no budget counts: of models that are no Claude and have no name in the configuration. A client gives such a
 * model the price of its default model, which is a guess.
 */
export const guessed: Matchers = [`${labels.model}="${foldedValue}"`];

/**
 * The matchers that pick cost by the way in which it is paid for, without {@link guessed}. Cost without the label is paid
 * for as the plan says.
 */
export function billedAs(billing: Billing, { kind }: Plan): Matchers {
  const unsaid: Billing = kind === "seats" ? "seat" : "metered";
  const other: Billing = unsaid === "seat" ? "metered" : "seat";
  const known = `${labels.model}!="${foldedValue}"`;
  return [billing === unsaid ? `${labels.billing}!="${other}"` : `${labels.billing}="${other}"`, known];
}
