import { hourMs } from "../units";
import { metric } from "./metric";

/*
 * What the provider charged, as the bill job writes it to Prometheus.
 *
 * Figures of a day lie at noon of that day, in UTC as the provider counts, so that a range in any time zone takes whole
 * days. The first sample is the figure as first read. A later one corrects it by the difference, a second later each, so
 * `sum_over_time` gives the newest figure, and a day that is read twice changes nothing.
 */

/** Figures by day. Amounts are USD. */
export const billMetrics = {
  /** Charged amount after discounts, before credits. Labels: user, team, model, product, workspace, `charged_to`. */
  charged: metric("claude_monitoring.bill.charged", "USD"),
  /** The same at list price. Labels: model, product. */
  list: metric("claude_monitoring.bill.list", "USD"),
  /** Tokens that were charged. Labels: model, product, type as the client's own metric has it. */
  tokens: metric("claude_monitoring.bill.tokens", "tokens"),
  /** Metered cost that clients reported for the day, as the job found it. Labels: user, team. */
  reported: metric("claude_monitoring.bill.reported", "USD"),
  /** Charged minus reported, by {@link billReasons}. Labels: `reason`, user, team. */
  difference: metric("claude_monitoring.bill.difference", "USD"),
  /** Counts of Claude Code's use by {@link billActivities}. Labels: `activity`, user, team. */
  activity: metric("claude_monitoring.bill.activity", ""),
  /** Decisions on edits. Labels: tool name, decision. */
  toolDecisions: metric("claude_monitoring.bill.tool_decision", ""),
  /** Seats by {@link billSeatStates}. Label: `state`. */
  seats: metric("claude_monitoring.bill.seats", ""),
};

/** Times in seconds since 1970, each written at the end of a run. */
export const billTimes = {
  /** Time of the last reading of a day. Label: `day`, as `2026-11-20`. */
  dayRead: metric("claude_monitoring.bill.day_read.timestamp", "s"),
  /** Time until which the provider's figures are complete. */
  refreshed: metric("claude_monitoring.bill.refreshed.timestamp", "s"),
  /** End of a run, by {@link billOutcomes}. Label: `outcome`. */
  run: metric("claude_monitoring.bill.run.timestamp", "s"),
};

/** Labels of the bill alone, as Prometheus spells them. */
export const billLabels = {
  product: "product",
  workspace: "workspace",
  chargedTo: "charged_to",
  reason: "reason",
  activity: "activity",
  state: "state",
  day: "day",
  outcome: "outcome",
} as const;

/** Time of a day's figures, by its midnight: its noon. Prometheus refuses it before. */
export function billTimeMs(dayStartMs: number): number {
  return dayStartMs + 12 * hourMs;
}

/** The value of the label `day`, as `2026-11-20`: the day in UTC of a time in milliseconds since 1970. */
export function billDay(ms: number): string {
  return new Date(ms).toISOString().slice(0, 10);
}

/** The product that clients report for. Others are the provider's own names, or `other`. */
export const claudeCodeProduct = "claude_code";

/** Values of `charged_to`: what the provider charged to, as far as it could be told whose it is. */
export const chargedTo = ["person", "key", "service", "nobody"] as const;
export type ChargedTo = (typeof chargedTo)[number];

/** Reasons why charged and reported differ. Their amounts add up to the difference. */
export const billReasons = {
  /** Charged for other products and other programs' keys. */
  otherProducts: "other_products",
  /** Charged for Claude Code to a key or service that is nobody's. */
  unmatched: "unmatched",
  /** Charged to people whose clients reported nothing on that day. */
  notReporting: "not_reporting",
  /** Same use, another price: discounts, or prices that differ from the clients'. */
  price: "price",
  /** Charged use of people who report, which their reports lack. */
  unexplained: "unexplained",
  /** Reported use that was never charged. Negative. */
  neverCharged: "never_charged",
  /** `unexplained` and `never_charged` of days that may still change. */
  provisional: "provisional",
  /** Reported after the time up to which the provider's figures are complete. Negative. */
  delay: "delay",
} as const;
export type BillReason = (typeof billReasons)[keyof typeof billReasons];

/** Counts of the provider's besides cost. */
export const billActivities = {
  sessions: "sessions",
  linesAdded: "lines_added",
  linesRemoved: "lines_removed",
  commits: "commits",
  pullRequests: "pull_requests",
} as const;
export type BillActivity = (typeof billActivities)[keyof typeof billActivities];

/** States of a seat on a day: everything that was bought, and what of it was used. */
export const billSeatStates = { bought: "bought", used: "used" } as const;

/** Outcomes of a run: everything was read, the key was refused, or something else was in the way. */
export const billOutcomes = { complete: "complete", refused: "refused", failed: "failed" } as const;
export type BillOutcome = (typeof billOutcomes)[keyof typeof billOutcomes];
