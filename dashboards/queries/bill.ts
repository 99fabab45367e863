import {
  billActivities,
  billLabels,
  billMetrics,
  type BillOutcome,
  type BillReason,
  billReasons,
  billTimes,
  claudeCodeProduct,
} from "../../telemetry/bill";
import { labels } from "../../telemetry/labels";
import type { Metric } from "../../telemetry/metric";
import { formatDuration, hour } from "../../units";
import { signals } from "../signals";
import { amount, type AmountOptions, range, ratio, trend, type Window } from "./amount";
import { type Matchers, offsetBy, selector } from "./selector";
import { share } from "./usage";

/**
 * Figures of the provider. They lie at noon of their day in UTC. A correction is a sample of its own, so a sum over a
 * window is right. Roll-ups do not have them.
 */

/** Options of a query for figures. */
export type FigureOptions = Pick<AmountOptions, "matchers" | "by">;

/** Gives the query for a figure over some time. */
export type Figures = (metric: Metric, options?: FigureOptions) => string;

/** Longest time in which the job is looked for. */
const known = "30d";
/** USD that are rounding: corrections that cancel out leave some. */
const rounding = "0.000001";

/** A figure as a signal without roll-ups. */
function unrolled({ prometheus }: Metric) {
  return { metric: prometheus, level: "", dimensions: [] };
}

function within(metric: Metric, window: Window, options: FigureOptions = {}): string {
  return amount(unrolled(metric), window, { ...options, source: "raw" });
}

/** Figures within the range shown. */
export const inRange: Figures = (metric, options) => within(metric, range, options);

/** Figures of each interval, of at least a day. */
export const perInterval: Figures = (metric, options) => trend(unrolled(metric), { ...options, source: "raw" });

/** Figures of each day, however long an interval is: for what cannot be added up over days. */
export const ofDay: Figures = (metric, options) => trend(unrolled(metric), { ...options, source: "raw" }, "1d");

/** The newest days in UTC that are over for at least so long, as a subquery's window. */
export interface SettledDays {
  readonly days: number;
  readonly settleAfterSeconds: number;
}

/** A window of whole days: its instants are midnights. */
function settledWindow({ days, settleAfterSeconds }: SettledDays): string {
  return `[${formatDuration(days * 24 * hour)}:1d]${offsetBy(settleAfterSeconds)}`;
}

/** Figures of settled days together. */
export function inSettledDays(settled: SettledDays): Figures {
  return (metric, options) => `sum_over_time((${within(metric, "1d", options)})${settledWindow(settled)})`;
}

/** The matcher of differences with one of some reasons. */
export function becauseOf(...reasons: readonly BillReason[]): Matchers {
  return reasons.length === 1
    ? [`${billLabels.reason}="${reasons[0]}"`]
    : [`${billLabels.reason}=~"${reasons.join("|")}"`];
}

/** The matcher of what is charged to people. */
export const toPeople: Matchers = [`${billLabels.chargedTo}="person"`];

/** The matcher of what is charged to keys and services that are nobody's. */
export const toNobody: Matchers = [`${billLabels.chargedTo}!="person"`];

/** The matcher of what is charged for Claude Code. */
const forClaudeCode: Matchers = [`${billLabels.product}="${claudeCodeProduct}"`];

/** Reasons of a person's difference: all that are about Claude Code and somebody known. */
export const reasonsOfPeople: readonly BillReason[] = Object.values(billReasons).filter(
  (reason) => reason !== billReasons.otherProducts && reason !== billReasons.unmatched,
);

/** Reasons why telemetry has not seen what was charged. */
const unseen: Matchers = becauseOf(billReasons.unmatched, billReasons.notReporting, billReasons.unexplained);

/** USD charged for Claude Code. */
export function charged(figures: Figures, { matchers = [], by = [] }: FigureOptions): string {
  return figures(billMetrics.charged, { matchers: [...matchers, ...forClaudeCode], by });
}

/** USD charged for Claude Code that telemetry has not seen. */
function missing(figures: Figures, { matchers = [], by = [] }: FigureOptions): string {
  return figures(billMetrics.difference, { matchers: [...matchers, ...unseen], by });
}

/** Share of the charged Claude Code dollars that telemetry has seen; no data where nothing was charged. */
export function coverage(figures: Figures, options: FigureOptions = {}): string {
  return `1 - ${share(missing(figures, options), charged(figures, options))}`;
}

const byPerson = [labels.user, labels.team];

/** Coverage of each person. Keys that are nobody's have none. */
export function coverageOfPeople(matchers: Matchers): string {
  const own = charged(inRange, { matchers: [...matchers, ...toPeople], by: byPerson });
  return `1 - ${share(missingOfPeople(matchers), own)}`;
}

/** USD of each person that telemetry has not seen; 0 for others who are charged. */
export function missingOfPeople(matchers: Matchers): string {
  const own = charged(inRange, { matchers: [...matchers, ...toPeople], by: byPerson });
  const reasons = becauseOf(billReasons.notReporting, billReasons.unexplained);
  return `(${inRange(billMetrics.difference, { matchers: [...matchers, ...reasons], by: byPerson })} or ${own} * 0)`;
}

/** Sessions that the provider counted of people whose clients reported no cost at all, a seat's neither. */
export function sessionsOfSilent(matchers: Matchers): string {
  const sessions = [...matchers, `${billLabels.activity}="${billActivities.sessions}"`];
  const reporting = amount(signals.cost, range, { matchers, by: [labels.user] });
  return `${inRange(billMetrics.activity, { matchers: sessions, by: byPerson })} unless on (${labels.user}) ${reporting}`;
}

/** Amounts that are more than rounding. */
export function actual(amounts: string): string {
  return `${amounts} > ${rounding}`;
}

/** Difference by reason. A label beside it has the same value, so that two columns can put it into words. */
export function reasons(matchers: Matchers, explained: string): string {
  const byReason = inRange(billMetrics.difference, { matchers, by: [billLabels.reason] });
  return `label_replace(${byReason}, "${explained}", "$1", "${billLabels.reason}", "(.*)")`;
}

/** Share of the list price that was not charged. */
export function discount(by: readonly string[]): string {
  return `1 - ${ratio(inRange(billMetrics.charged, { by }), inRange(billMetrics.list, { by }))}`;
}

/** Largest USD of a settled day without an explanation, in whichever direction. */
export function unexplainedOfDay(settled: SettledDays): string {
  const size = (reason: BillReason) =>
    `abs(${within(billMetrics.difference, "1d", { matchers: becauseOf(reason) })} or vector(0))`;
  const both = `${size(billReasons.unexplained)} + ${size(billReasons.neverCharged)}`;
  return `max_over_time((${both})${settledWindow(settled)})`;
}

/** An amount, which is 0 and not missing where the range has a run that read days. */
export function orZero(amounts: string): string {
  return `${amounts} or 0 * group(last_over_time(${billTimes.dayRead.prometheus}[${range}]))`;
}

/** End of the newest run with one of some outcomes, in seconds since 1970; no data if there was none. */
export function newestRun(...outcomes: readonly BillOutcome[]): string {
  const matcher = `${billLabels.outcome}=~"${outcomes.join("|")}"`;
  return `max(last_over_time(${selector(billTimes.run.prometheus, [matcher])}[${known}]))`;
}

/** Seconds since the newest run with an outcome. */
export function sinceRun(outcome: BillOutcome): string {
  return `time() - ${newestRun(outcome)}`;
}

/** Seconds since the time up to which the provider's figures are complete. */
export function sinceComplete(): string {
  return `time() - max(last_over_time(${billTimes.refreshed.prometheus}[${known}]))`;
}

/** Seconds since each day was read last, of the days that runs within the range have read. */
export function sinceRead(): string {
  return `time() - max by (${billLabels.day}) (last_over_time(${billTimes.dayRead.prometheus}[${range}]))`;
}
