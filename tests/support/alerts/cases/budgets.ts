import { budgets } from "../alert-options";
import { type History, span } from "../alert-history";
import { type AlertCase, daysInMonth, midnight, monthBegin } from "./case";

const metered = { claude_monitoring_billing: "metered" } as const;
const onSeat = { claude_monitoring_billing: "seat" } as const;
const begin = { day: midnight, month: monthBegin } as const;
type Unit = keyof typeof begin;

/** The newest that counts at half past an hour, in seconds ago: of a day up to 25, of a month up to 55 minutes past. */
const newest = { day: 5 * span.minute, month: 35 * span.minute } as const;

/**
 * Somebody's spending of a day or month: what was booked before its begin does not count, what was booked right after it
 * and at last does, and what is not yet booked does not. Metered use counts, said or not. That of a seat never does, nor
 * that at a guessed price.
 */
function spendSince(unit: Unit, usd: number, who: { user?: string; team?: string } = {}) {
  return (history: History): void => {
    const start = begin[unit](history.at);
    history
      .spend(5000, start - 5 * span.minute, who)
      .spend(usd / 2, start - 5 * span.minute + 1, who)
      .spend(usd / 4, history.at - newest[unit], who)
      .spend(usd / 4, history.at - newest[unit], { ...who, ...metered })
      .spend(5000, history.at - newest[unit], { ...who, ...onSeat })
      .spend(5000, history.at - newest[unit], { ...who, model: "other" })
      .spend(5000, history.at - newest[unit] + 1, who);
  };
}

function pair(
  uid: string,
  limit: number,
  labels: Record<string, string>,
  spend: (usd: number) => AlertCase["history"],
) {
  const budget = (share: number) => limit * share;
  const of = (severity: string, share: number, least: number): AlertCase[] => [
    {
      uid: `${uid}-${severity}`,
      where: `${share * 100} % of the budget is spent`,
      fires: [{ labels, value: share }],
      history: spend(budget(share)),
    },
    {
      uid: `${uid}-${severity}`,
      where: `${least * 100} % is spent, and the rest of it before the budget's time began`,
      fires: [],
      history: spend(budget(least)),
    },
  ];
  return [...of("warning", 0.8125, 0.75), ...of("critical", 1.0625, 1)];
}

/** Histories of the budgets. */
export const budgetCases: readonly AlertCase[] = [
  ...(["day", "month"] as const).flatMap((unit) => [
    ...pair(`claude-budget-org-${unit}`, budgets.organisation[unit], {}, (usd) => (history) => {
      spendSince(unit, usd / 2, { user: "alice" })(history);
      spendSince(unit, usd / 2, { user: "bob", team: "web" })(history);
    }),
    ...pair(
      `claude-budget-team-${unit}`,
      budgets.teams[unit].get("platform") ?? 0,
      { team: "platform" },
      (usd) => (history) => {
        spendSince(unit, usd / 2, { user: "alice" })(history);
        spendSince(unit, usd / 2, { user: "bob" })(history);
        // No budget, no alert.
        spendSince(unit, 10_000, { user: "carol", team: "web" })(history);
      },
    ),
    ...pair(`claude-budget-user-${unit}`, budgets.user[unit], { user: "alice" }, (usd) => (history) => {
      spendSince(unit, usd / 2, { user: "alice", team: "platform" })(history);
      spendSince(unit, usd / 2, { user: "alice", team: "web" })(history);
      spendSince(unit, budgets.user[unit] / 2, { user: "bob" })(history);
    }),
  ]),
  {
    uid: "claude-budget-forecast",
    where: "every day of the last four weeks cost 40 USD",
    fires: [{ value: (at) => forecastShare(40, at) }],
    history: everyDay(40),
  },
  {
    uid: "claude-budget-forecast",
    where: "every day of the last four weeks cost 30 USD",
    fires: [],
    history: everyDay(30),
  },
];

/** Noon by noon. */
function everyDay(usd: number) {
  return (history: History): void => {
    for (let day = 0; day <= 40; day += 1) {
      const noon = midnight(history.at) - day * span.day + 12 * span.hour;
      history.spend(usd, noon).spend(1000, noon, onSeat);
    }
  };
}

/** The days of the month whose noon has passed, and the rest of the month at the same price. */
function forecastShare(usd: number, at: number): number {
  const passed = Math.round((midnight(at) - monthBegin(at)) / span.day) + 1;
  const remaining = daysInMonth(at) - (at - monthBegin(at)) / span.day;
  return (usd * passed + usd * remaining) / budgets.organisation.month;
}
