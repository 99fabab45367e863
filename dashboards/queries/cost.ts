import { labels } from "../../telemetry/labels";
import { signals } from "../signals";
import { amount, type AmountOptions, type Window } from "./amount";
import type { Matchers } from "./selector";

/** USD spent within a window. */
export function cost(window: Window, options: AmountOptions = {}): string {
  return amount(signals.cost, window, options);
}

/**
 * USD that the sessions that are active now have spent so far. Needs the session, so it reads raw series.
 *
 * @param activeWithin a session is active if it had a successful request within this window
 * @param lookback how far back their cost is added up
 */
export function activeSessionsCost(activeWithin: Window, lookback: Window, matchers: Matchers = []): string {
  const bySession = { matchers, by: [labels.session], source: "raw" } as const;
  const spent = amount(signals.cost, lookback, bySession);
  const active = amount(signals.cost, activeWithin, bySession);
  return `sum(${spent} and on (${labels.session}) ${active})`;
}

/** Number of sessions with a successful request within a window. It needs the session, so it reads raw series. */
export function activeSessions(activeWithin: Window, matchers: Matchers = []): string {
  return `count(${amount(signals.cost, activeWithin, { matchers, by: [labels.session], source: "raw" })})`;
}

/** The sessions that spent most within a window. Needs the session, so it reads raw series. */
export function sessionCosts(window: Window, matchers: Matchers = []): string {
  const by = [labels.session, labels.user, labels.team, labels.repository];
  return amount(signals.cost, window, { matchers, by, source: "raw" });
}

/** Mean USD of those who used Claude Code within a window. */
export function costPerUser(window: Window, options: AmountOptions = {}): string {
  return `avg(${cost(window, { ...options, by: [labels.user] })})`;
}

/**
 * An expression with data only if the panel ends now. It is empty if there are samples after the instant of evaluation,
 * or if the range is longer than the title promises. A panel called "today" must not show the picker's dates.
 *
 * @param longestSeconds the longest range that the title can mean
 */
export function onlyNow(expression: string, longestSeconds: number): string {
  const later = `count_over_time(up{job="prometheus"}[5m] offset -10m)`;
  return `(${expression} and on () (vector($__range_s) <= ${longestSeconds})) unless on () ${later}`;
}

/** Change of one amount against another, as a share of the other. */
export function change(now: string, before: string): string {
  return `(${now} - ${before}) / (${before} > 0)`;
}

/** Whole days that the forecast learns from: four weeks, so that every weekday weighs the same. */
const forecastDays = 28;

/** The days that the forecast learns from, as a subquery of whole days in UTC. */
function learnedDays(options: AmountOptions): { readonly day: string; readonly range: string } {
  return { day: cost("1d", options), range: `[${forecastDays}d:1d]` };
}

/** Mean USD of a day: of the last four weeks, or of the time since the first usage in them. */
export function dailyMean(options: AmountOptions): string {
  const { day, range } = learnedDays(options);
  const known = `(floor((vector(time()) - min_over_time(timestamp(${day})${range})) / 86400) + 1)`;
  return `sum_over_time((${day})${range}) / ${known}`;
}

/**
 * A month's cost as forecast on a day of it: the cost so far, and a mean day for each day that remains. The mean is of
 * the last four weeks, or since the first usage. `deviations` moves it by so many standard deviations of the rest,
 * never below the cost so far.
 *
 * Evaluated over a range that begins with the month.
 */
export function monthForecast(deviations: number, options: AmountOptions): string {
  const spent = cost("$__range", options);
  const { day, range } = learnedDays(options);
  // The middle of what has passed lies within the month in every time zone.
  const remaining = `(days_in_month(vector(time() - $__range_s / 2)) - $__range_s / 86400)`;
  const spread = `stddev_over_time((${day} or vector(0))${range}) * sqrt(clamp_min(${remaining}, 0))`;
  const rest = `${dailyMean(options)} * ${remaining}${deviations === 0 ? "" : ` + ${deviations} * ${spread}`}`;
  return `${spent} + clamp_min(${rest}, 0)`;
}

/** The price of a month's seats for the share of a month that a range is. */
export function seatsCost(monthlyUsd: number): string {
  return `vector(${monthlyUsd} * $__range_s / (365.25 / 12 * 86400))`;
}
