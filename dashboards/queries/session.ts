import { labels } from "../../telemetry/labels";
import { signals } from "../signals";
import { sumBy, type Window } from "./amount";
import { type Matchers, selector } from "./selector";

/**
 * Queries of raw series: single sessions and, from the events' ledger, single requests. Its samples are one for each
 * request and type, at the request's own time.
 */

/** Number of requests that were answered within a window. */
export function requests(window: Window, matchers: Matchers): string {
  return `sum(count_over_time(${selector(signals.eventCost.metric, matchers)}[${window}]))`;
}

/** Seconds from the first request of a window to its last, to the minute. */
export function timeBetweenRequests(window: Window, matchers: Matchers): string {
  // Of each minute, the newest request that Prometheus still sees.
  const times = `timestamp(${selector(signals.eventCost.metric, matchers)})[${window}:1m]`;
  return `max(max_over_time(${times})) - min(min_over_time(${times}))`;
}

/** Tokens that the newest request of each interval sent along: all types but what came back. */
export function contextSize(by: readonly string[], matchers: Matchers): string {
  const interval = "$__interval";
  const sent = selector(signals.eventTokens.metric, [...matchers, `${labels.type}!="output"`]);
  // As amounts of intervals: at the begin.
  return sumBy(by, `last_over_time(${sent}[${interval}] offset -${interval})`);
}
