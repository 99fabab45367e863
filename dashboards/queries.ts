import { labels, metrics } from "./telemetry";

/**
 * PromQL as pure functions. They know nothing of panels.
 *
 * Every sample is a delta, so every amount is `sum_over_time` over a window: no `rate`, no `increase`, no bare selector.
 * Windows are left-open, so windows that touch neither overlap nor leave gaps.
 */

/** Label matchers, e.g. `user=~"$user"`, that every query of a dashboard carries. */
export type Matchers = readonly string[];

/** A PromQL duration or one of Grafana's variables for it, e.g. `24h` or `$__range`. */
export type Window = string;

function selector(metric: string, matchers: Matchers): string {
  return matchers.length === 0 ? metric : `${metric}{${matchers.join(",")}}`;
}

/** The amount that `metric` grew by within `window`, added up by the given labels. */
export function amount(metric: string, window: Window, matchers: Matchers = [], by: readonly string[] = []): string {
  const grouping = by.length === 0 ? "" : ` by (${by.join(", ")}) `;
  return `sum${grouping}(sum_over_time(${selector(metric, matchers)}[${window}]))`;
}

/** USD spent within `window`. */
export function cost(window: Window, matchers: Matchers = []): string {
  return amount(metrics.cost, window, matchers);
}

/** USD spent within `window`, by model. */
export function costByModel(window: Window, matchers: Matchers = []): string {
  return amount(metrics.cost, window, matchers, [labels.model]);
}

/**
 * USD that the sessions that are active now have spent so far.
 *
 * @param activeWithin a session is active if it had a successful request within this window
 * @param lookback how far back their cost is added up
 */
export function activeSessionsCost(activeWithin: Window, lookback: Window, matchers: Matchers = []): string {
  const spent = amount(metrics.cost, lookback, matchers, [labels.session]);
  const active = amount(metrics.tokens, activeWithin, matchers, [labels.session]);
  return `sum(${spent} and on (${labels.session}) ${active})`;
}
