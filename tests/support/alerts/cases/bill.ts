import { billMetrics, billTimes } from "../../../../telemetry/bill";
import { type History, span } from "../alert-history";
import { type AlertCase, instant, midnight } from "./case";

/** Noon of a day that is settled for 48 hours: 0 is the newest one, negative ones are not settled yet. */
function noon({ at }: History, daysBefore: number): number {
  return midnight(at - 2 * span.day) - span.day / 2 - daysBefore * span.day;
}

/** A day's charges for Claude Code and for something else. */
function charge(history: History, daysBefore: number, usd: number): void {
  const labels = { user: "alice", team: "platform", model: "claude-sonnet-4-5", charged_to: "person" };
  const { prometheus: charged } = billMetrics.charged;
  history.add(charged, { ...labels, product: "claude_code" }, noon(history, daysBefore), usd);
  history.add(charged, { ...labels, product: "chat" }, noon(history, daysBefore), 1000);
}

/** A difference of a day, as first read and as corrected. */
function differ(history: History, daysBefore: number, reason: string, ...usd: readonly number[]): void {
  usd.forEach((value, index) => {
    history.add(billMetrics.difference.prometheus, { reason, user: "alice" }, noon(history, daysBefore) + index, value);
  });
}

/** Runs of the job, some minutes before the end. */
function ran(history: History, outcome: string, ...minutesAgo: readonly number[]): void {
  for (const minutes of minutesAgo) {
    const at = history.at - minutes * span.minute;
    history.add(billTimes.run.prometheus, { outcome }, at, at);
  }
}

/** Up to when the figures were complete, as a run half an hour before the end found it and another one two hours before. */
function complete(history: History, hoursAgo: number): void {
  for (const minutes of [30, 120]) {
    const at = history.at - minutes * span.minute;
    history.add(billTimes.refreshed.prometheus, {}, at, history.at - hoursAgo * span.hour);
  }
}

const week = [0, 1, 2, 3, 4, 5, 6];

const coverage: readonly Omit<AlertCase, "uid">[] = [
  {
    where: "a fourteenth of what was charged for Claude Code was not seen",
    fires: [{ value: 1 - 5 / 70 }],
    history: (history) => {
      week.forEach((day) => {
        charge(history, day, 10);
      });
      differ(history, 0, "unmatched", 3);
      differ(history, 6, "not_reporting", 2, -1);
      differ(history, 3, "unexplained", 1);
    },
  },
  {
    where: "little is missing, more of days that are not settled or long ago, and much is another price or product",
    fires: [],
    history: (history) => {
      week.forEach((day) => {
        charge(history, day, 10);
      });
      differ(history, 2, "not_reporting", 5, -2);
      differ(history, -1, "not_reporting", 500);
      differ(history, 7, "not_reporting", 500);
      differ(history, 1, "price", 30);
      differ(history, 1, "other_products", 1000);
      differ(history, 1, "provisional", 30);
    },
  },
  { where: "nothing was charged", fires: [], history: () => undefined },
];

const unexplained: readonly Omit<AlertCase, "uid">[] = [
  {
    where: "both directions of a settled day are more together than either alone",
    fires: [{ value: 5.5 }],
    history: (history) => {
      differ(history, 2, "unexplained", 3.5, 0.5);
      differ(history, 2, "never_charged", -1.5);
      differ(history, 1, "unexplained", 2);
    },
  },
  {
    where: "a correction has explained the most of it, and larger ones are not settled, or long ago",
    fires: [],
    history: (history) => {
      differ(history, 0, "unexplained", 9, -6);
      differ(history, 0, "never_charged", -1.9);
      differ(history, 1, "unexplained", 4.9);
      differ(history, 1, "price", 50);
      differ(history, -1, "unexplained", 20);
      differ(history, 3, "unexplained", 20);
    },
  },
];

const key: readonly Omit<AlertCase, "uid">[] = [
  {
    where: "the newest run was refused",
    fires: [{ value: 1 }],
    history: (history) => {
      ran(history, "complete", 140, 80);
      ran(history, "refused", 20);
    },
  },
  {
    where: "no run was ever anything else",
    fires: [{ value: 1 }],
    history: (history) => {
      ran(history, "refused", 20);
    },
  },
  {
    where: "a later run was complete",
    fires: [],
    history: (history) => {
      ran(history, "refused", 80);
      ran(history, "complete", 140, 20);
    },
  },
  {
    where: "a later run failed for another reason",
    fires: [],
    history: (history) => {
      ran(history, "refused", 80);
      ran(history, "failed", 20);
    },
  },
];

/** Its end is that of `testDashboardOptions`: 30 June 2030. */
const keyExpires: readonly Omit<AlertCase, "uid">[] = [
  {
    where: "the key has nine days and a half",
    fires: [{ value: 9.5 }],
    at: instant("2030-06-20T12:00:00Z"),
    history: () => undefined,
  },
  {
    where: "the key is expired",
    fires: [{ value: -2 }],
    at: instant("2030-07-02T00:00:00Z"),
    history: () => undefined,
  },
  {
    where: "the key has fifteen days",
    fires: [],
    at: instant("2030-06-15T00:00:00Z"),
    history: () => undefined,
  },
];

const stale: readonly Omit<AlertCase, "uid">[] = [
  {
    where: "the last complete run ended seven hours and a half ago, and others failed since",
    fires: [{ value: 1 }],
    history: (history) => {
      ran(history, "complete", 450);
      ran(history, "failed", 330, 30);
      complete(history, 20);
    },
  },
  {
    where: "runs are complete, and the figures are not for two days",
    fires: [{ value: 1 }],
    history: (history) => {
      ran(history, "complete", 270, 150, 30);
      complete(history, 50);
    },
  },
  { where: "the job never ran", fires: [{ value: 1 }], history: () => undefined },
  {
    where: "the last complete run ended five hours ago, and the figures are complete up to two days before",
    fires: [],
    history: (history) => {
      ran(history, "complete", 300);
      complete(history, 47);
    },
  },
  {
    where: "the next run is late by half an hour",
    fires: [],
    history: (history) => {
      ran(history, "complete", 390);
      complete(history, 20);
    },
  },
];

/** Histories of what the provider charged, and of the job that reads it. */
export const billCases: readonly AlertCase[] = [
  ...coverage.map((each) => ({ uid: "claude-bill-coverage", ...each })),
  ...unexplained.map((each) => ({ uid: "claude-bill-unexplained", ...each })),
  ...key.map((each) => ({ uid: "claude-bill-key", ...each })),
  ...keyExpires.map((each) => ({ uid: "claude-bill-key-expires", ...each })),
  ...stale.map((each) => ({ uid: "claude-bill-stale", ...each })),
];
