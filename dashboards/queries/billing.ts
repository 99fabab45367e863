import type { Billing } from "../../telemetry/billing";
import { labels } from "../../telemetry/labels";
import type { Plan } from "../options";
import type { Matchers } from "./selector";

/** The matchers that pick cost by the way in which it is paid for. Cost without the label is paid for as the plan says. */
export function billedAs(billing: Billing, { kind }: Plan): Matchers {
  const unsaid: Billing = kind === "seats" ? "seat" : "metered";
  const other: Billing = unsaid === "seat" ? "metered" : "seat";
  return [billing === unsaid ? `${labels.billing}!="${other}"` : `${labels.billing}="${other}"`];
}
