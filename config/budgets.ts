import { z } from "zod";

import type { Budgets as AlertBudgets } from "../dashboards/alerts/options";
import type { Plan } from "../dashboards/options";
import { day } from "../units";
import type { Storage } from "./storage";
import type { Teams } from "./teams";
import * as value from "./values";

export const title = "Plan and budgets";

const ofOne = value.group({
  monthly: value.optionalUsd.describe("USD of a month"),
  daily: value.optionalUsd.describe("USD of a day"),
});

export const schema = {
  plan: value.group({
    kind: value
      .oneOf("api", "seats")
      .prefault("api")
      .describe(
        "Payment for clients that do not say it (before 2.1.330, or without a subscription): `api` by use, `seats` by seat",
      ),
    seats: value
      .wholeNumber(0, 1_000_000)
      .prefault(0)
      .describe("Number of seats that are paid for; Spend then shows whether they are worth it"),
    seatPrice: value.optionalUsd.describe("USD for each seat and month, with `plan.seats`"),
  }),
  budgets: value.group({
    monthly: value.optionalUsd.describe("USD that the organisation means to spend in a month"),
    daily: value.optionalUsd.describe("USD that the organisation means to spend in a day"),
    teams: z
      .record(z.string(), ofOne, { error: "expected budgets by team" })
      .prefault({})
      .describe("USD of a month and of a day by team, e.g. `{ web: { monthly: 3000 } }`"),
    perUser: ofOne.describe("USD that each user may spend"),
    warningPercent: value.wholeNumber(1, 99).prefault(80).describe("Share of a budget from which on a warning fires"),
  }),
};

export type Budgets = value.ValuesOf<typeof schema>;

/** A month, and a day for the zone and the first hour. */
const monthAndDay = 32 * day;

/** Seats without a price, and budgets whose alerts would count wrongly. */
export function contradictions({ budgets, plan, prometheus, teams }: Budgets & Storage & Teams): string[] {
  const all = { ...prefixed("", budgets), ...prefixed("perUser.", budgets.perUser) };
  for (const [team, budget] of Object.entries(budgets.teams)) {
    Object.assign(all, prefixed(`teams.${team}.`, budget));
  }
  const given = Object.keys(all).filter((key) => all[key] !== undefined);
  const short = prometheus.retention < monthAndDay;
  return [
    ...planContradictions(plan),
    ...given
      .filter((key) => short && key.endsWith("monthly"))
      .map((key) => `prometheus.retention: found less than 32d; with ${key} expected at least that`),
    ...Object.keys(budgets.teams)
      .filter((team) => teams.size > 0 && !teams.has(team))
      .map((team) => `budgets.teams: found "${team}"; expected one of teams, ${[...teams.keys()].join(", ")}`),
  ];
}

function prefixed(prefix: string, { monthly, daily }: z.output<typeof ofOne>): Record<string, number | undefined> {
  return { [`budgets.${prefix}monthly`]: monthly, [`budgets.${prefix}daily`]: daily };
}

function planContradictions({ kind, seats, seatPrice }: Budgets["plan"]): string[] {
  const [some, price] = [seats > 0, seatPrice !== undefined];
  if (kind === "seats" && !(some && price)) {
    return ['plan.seats, plan.seatPrice: found none; with plan.kind "seats" expected both'];
  }
  return some === price ? [] : ["plan.seats, plan.seatPrice: found one; expected both or neither"];
}

/** The organisation's plan. */
export function planOf({ plan }: Budgets): Plan {
  const { kind, seats, seatPrice } = plan;
  // A price is there with seats, and only then: that has been validated.
  return seatPrice === undefined ? { kind } : { kind, seats: { count: seats, price: seatPrice } };
}

/** Budgets as alerts ask for them. */
export function budgetsOf({ budgets }: Budgets): AlertBudgets {
  const { monthly, daily, perUser, warningPercent } = budgets;
  const byTeam = (unit: "monthly" | "daily") =>
    new Map(
      Object.entries(budgets.teams).flatMap(([team, { [unit]: amount }]) =>
        amount === undefined ? [] : [[team, amount] as const],
      ),
    );
  return {
    organisation: { day: daily, month: monthly },
    teams: { day: byTeam("daily"), month: byTeam("monthly") },
    user: { day: perUser.daily, month: perUser.monthly },
    warningPercent,
  };
}
