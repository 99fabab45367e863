import assert from "node:assert/strict";

import { billingRules } from "../../../telemetry/billing";

/** What the rules say together: the last that fits. */
function billingOf(attributes: Readonly<Record<string, string>>): string | undefined {
  return billingRules.findLast(({ attribute, values }) => values.includes(attributes[attribute] ?? ""))?.billing;
}

describe("billing of a client's requests", () => {
  const cases: readonly (readonly [plan: string, seatType: string, billing: string | undefined])[] = [
    ["pro", "", "seat"],
    ["max", "", "seat"],
    ["team", "", "seat"],
    ["team", "premium", "seat"],
    ["team", "standard", "seat"],
    ["team", "a-new-type", "seat"],
    ["enterprise", "premium", "seat"],
    ["enterprise", "standard", "seat"],
    ["enterprise", "other", "seat"],
    ["enterprise", "usage_based", "metered"],
    // Sold either way.
    ["enterprise", "", undefined],
    ["enterprise", "a-new-type", undefined],
    ["", "", undefined],
    ["a-new-plan", "", undefined],
  ];

  for (const [plan, seatType, billing] of cases) {
    it(`is ${billing ?? "not known"} with the plan "${plan}" and the seat type "${seatType}"`, () => {
      assert.equal(billingOf({ "anthropic.plan": plan, "anthropic.seat_type": seatType }), billing);
    });
  }
});
