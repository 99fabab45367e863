import type { AttributeName } from "./attributes";

/** Ways in which a request is paid for: `metered` by use, `seat` within the price of a subscription's seat. */
export const billings = ["metered", "seat"] as const;

/** One of {@link billings}. */
export type Billing = (typeof billings)[number];

/** Values of an attribute that tell how the client's requests are paid for. */
export interface BillingRule {
  readonly attribute: AttributeName;
  readonly values: readonly string[];
  readonly billing: Billing;
}

/**
 * Rules by what clients 2.1.330 and newer say of a subscription; a later one outweighs an earlier one.
 *
 * Clients without a subscription say nothing, as do older ones. `enterprise` alone says nothing either: it is sold by
 * seat and by use, and clients leave out a seat's type that they do not know. No rule fits all these, and the stack's own
 * plan decides.
 */
export const billingRules: readonly BillingRule[] = [
  { attribute: "anthropic.plan", values: ["pro", "max", "team"], billing: "seat" },
  { attribute: "anthropic.seat_type", values: ["premium", "standard", "other"], billing: "seat" },
  { attribute: "anthropic.seat_type", values: ["usage_based"], billing: "metered" },
];
