import { type History, span } from "../alert-history";
import type { AlertCase } from "./case";

/** The newest that counts at half past an hour, in seconds ago. */
const newest = 5 * span.minute;

/** The same hour of the four weeks before; in one of them an hour later, as when clocks were changed. */
function sameHours(history: History, usd: number): void {
  for (const week of [1, 2, 3, 4]) {
    const later = week === 2 ? span.hour : 0;
    history.spend(usd, history.at - week * span.week - 45 * span.minute + later, { user: "bob" });
  }
}

function spike(usual: number, now: number) {
  return (history: History): void => {
    sameHours(history, usual);
    history.spend(now / 2, history.at - 50 * span.minute).spend(now / 2, history.at - newest);
    // In no comparable hour, so it makes nothing usual.
    history.spend(now * 10, history.at - span.week - 6 * span.hour);
  };
}

/** A user's days with usage, the last of them two days ago. */
function days(history: History, user: string, usd: readonly number[]): void {
  usd.forEach((amount, index) => history.spend(amount, history.at - (index + 2) * span.day, { user }));
}

/** Mean 10, standard deviation 1.29: 15.2 is unusual, and so is twice the mean. */
const steady = [10, 12, 8, 10, 11, 9];

/** Histories of unusual usage. */
export const usageCases: readonly AlertCase[] = [
  {
    uid: "claude-usage-spike",
    where: "the last hour cost more than three times what such hours cost",
    fires: [{ value: 62 }],
    history: spike(20, 62),
  },
  {
    uid: "claude-usage-spike",
    where: "such hours were never used in the weeks before",
    fires: [{ value: 60 }],
    history: (history) => history.spend(60, history.at - newest),
  },
  {
    uid: "claude-usage-spike",
    where: "the last hour cost just three times what such hours cost",
    fires: [],
    history: spike(20, 60),
  },
  {
    uid: "claude-usage-spike",
    where: "it is five times as usual, but below alertMinimumUsd",
    fires: [],
    history: spike(10, 50),
  },
  {
    uid: "claude-usage-spike",
    where: "nothing is known of the weeks before",
    fires: [],
    age: 6 * span.day,
    history: (history) => history.spend(500, history.at - newest),
  },
  {
    uid: "claude-usage-user",
    where: "one user spends six times their usual, and others as much as they always do",
    fires: [{ labels: { user: "carol" }, value: 60 }],
    history: (history) => {
      days(history, "carol", steady);
      history
        .spend(50, history.at - 20 * span.hour, { user: "carol" })
        .spend(10, history.at - newest, { user: "carol" });
      days(history, "erin", [60, 60, 60, 60, 60]);
      history.spend(60, history.at - newest, { user: "erin" });
    },
  },
  {
    uid: "claude-usage-user",
    where: "users are new, below alertMinimumUsd, not at twice their mean or no four deviations above it",
    fires: [],
    history: (history) => {
      days(history, "new", [10, 10, 10, 10]);
      history.spend(500, history.at - newest, { user: "new" });
      days(history, "small", steady);
      history.spend(49, history.at - newest, { user: "small" });
      days(history, "dear", [60, 60, 60, 60, 60]);
      history.spend(119, history.at - newest, { user: "dear" });
      // Mean 40, standard deviation 30: 160 is four of them above.
      days(history, "moody", [10, 70, 10, 70, 10, 70]);
      history.spend(159, history.at - newest, { user: "moody" });
    },
  },
];
