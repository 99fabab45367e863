import { budgets } from "../alert-options";
import { type AlertCase, instant } from "./case";

const timeZone = "Europe/Berlin";
const day = { uid: "claude-budget-org-day-critical", timeZone } as const;
const month = { uid: "claude-budget-org-month-critical", timeZone } as const;
const usd = budgets.organisation;

/** Histories at the edges of days and months in a zone whose clocks are changed. */
export const calendarCases: readonly AlertCase[] = [
  {
    ...day,
    where: "clocks were set forward at night: the day is 23 hours old at 11 p.m.",
    at: instant("2025-03-30T21:58:00Z"),
    fires: [{ value: 1.5 }],
    // Midnight was at 23:00 UTC. The last five minutes before it are booked after it, and count for this day.
    history: (history) => {
      history.spend(usd.day * 4, instant("2025-03-29T22:30:00Z")).spend(usd.day * 4, instant("2025-03-29T22:55:00Z"));
      history.spend(usd.day, instant("2025-03-29T22:55:01Z")).spend(usd.day / 2, instant("2025-03-30T21:55:00Z"));
    },
  },
  {
    ...day,
    where: "clocks were set forward last night, so that midnight came an hour earlier in UTC",
    at: instant("2026-03-29T22:10:00Z"),
    fires: [],
    history: (history) => {
      history.spend(usd.day * 4, instant("2026-03-29T21:50:00Z")).spend(usd.day, instant("2026-03-29T22:05:00Z"));
    },
  },
  {
    ...day,
    where: "clocks were set forward last night, and the day that began an hour earlier is over its budget",
    at: instant("2024-03-31T22:10:00Z"),
    fires: [{ value: 1.5 }],
    history: (history) => {
      history.spend(usd.day * 4, instant("2024-03-31T21:50:00Z")).spend(usd.day * 1.5, instant("2024-03-31T22:05:00Z"));
    },
  },
  {
    ...day,
    where: "clocks were set back at night: the day is 25 hours long, and some of it was reported late",
    at: instant("2025-10-26T22:58:00Z"),
    fires: [{ value: 1.25 }],
    history: (history) => {
      history.spend(usd.day * 4, instant("2025-10-25T21:55:00Z")).spend(usd.day, instant("2025-10-25T22:00:01Z"));
      const labels = { user: "bob", team: "web", model: "claude-sonnet-4-5" };
      // Two hours later it is found, and counts then.
      history.spendLate(usd.day * 4, instant("2025-10-25T19:55:00Z"), labels);
      history.spendLate(usd.day / 8, instant("2025-10-25T19:55:01Z"), labels);
      history.spendLate(usd.day / 8, instant("2025-10-26T09:30:00Z"), labels);
    },
  },
  {
    ...month,
    where: "clocks were set back within the month: October begins in summer time and ends in winter time",
    at: instant("2023-10-31T22:50:00Z"),
    fires: [{ value: 1.5 }],
    history: (history) => {
      history.spend(usd.month * 4, instant("2023-09-30T21:55:00Z")).spend(usd.month, instant("2023-09-30T21:55:01Z"));
      history.spend(usd.month / 4, instant("2023-10-31T21:55:00Z"));
      history.spendLate(usd.month / 4, instant("2023-10-15T09:30:00Z"), { user: "bob", team: "web" });
    },
  },
  {
    ...month,
    where: "the month has just begun, an hour before it does in UTC",
    at: instant("2023-12-31T23:58:00Z"),
    fires: [],
    history: (history) => {
      history.spend(usd.month * 4, instant("2023-12-31T22:55:00Z")).spend(usd.month, instant("2023-12-31T23:10:00Z"));
    },
  },
];
