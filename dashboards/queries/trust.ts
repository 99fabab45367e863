import { backupStoreLabel } from "../../telemetry/backup-metrics";
import { levels, rollupNames } from "../rollups/levels";
import { countMetrics } from "../../telemetry/event-metrics";
import { labels } from "../../telemetry/labels";
import { rollupName, signals } from "../signals";
import { amount, type Source, sumBy, type Window } from "./amount";
import { selector } from "./selector";
import { day } from "../../units";

/** The level that every evaluation computes. */
const fine = levels["5m"];

/** Look-back for a counter, which tells a new counter from one that Prometheus missed. */
const known = "1d";

/**
 * Growth of a counter of the stack's own parts within a window, series by series.
 *
 * The counter is absent until its first event and then begins above zero. `increase` alone never sees that, and would
 * miss the first refused export.
 */
export function grown(counter: string, window: Window): string {
  return `((${counter} unless present_over_time(${counter}[${known}] offset ${window})) or increase(${counter}[${window}]))`;
}

/** The same, all replicas together. */
export function growth(counter: string, window: Window): string {
  return `sum(${grown(counter, window)})`;
}

/**
 * Growth of several counters together; one that has not counted yet is 0.
 *
 * @param witness a metric that the counting part always has: without it nothing is scraped, and there is no data
 */
export function growthOfAll(counters: readonly string[], window: Window, witness: string): string {
  const sum = counters.map((counter) => `(${growth(counter, window)} or vector(0))`).join(" + ");
  return `(${sum}) and count(${witness})`;
}

/** Seconds since a counter last grew, to the minute; no data if it did not within a day. */
export function secondsSinceGrowth(counter: string): string {
  return `time() - max_over_time(timestamp(${growth(counter, "2m")} > 0)[1d:1m])`;
}

/** Seconds since the newest backup of each store within a month. */
export function secondsSinceBackup(completed: string): string {
  return `time() - max by (${backupStoreLabel}) (max_over_time(${completed}[30d]))`;
}

/** Share of the sending queue that is used, of the fullest collector. */
export function queueUsed(size: string, capacity: string): string {
  return `max(${size} / ${capacity})`;
}

/** USD of clients that the collector had to correct, by user and by what was wrong. */
export function markedCost(window: Window, source: Source): string {
  const by = [labels.user, labels.clock, labels.temporality];
  const marked = (label: string) => amount(signals.markedCost, window, { by, source, matchers: [`${label}!=""`] });
  return `${marked(labels.clock)} or ${marked(labels.temporality)}`;
}

/** Data points and events of other agents within a window, by product and name. */
export function otherAgents(window: Window): string {
  const received = `sum_over_time(${countMetrics.otherAgents.prometheus}[${window}])`;
  return sumBy([labels.agentProduct, labels.signalName], received);
}

/** Largest difference between a day's roll-ups and their samples that rounding explains. */
const roundingError = "1e-6";

/** A final day's roll-ups less what they are computed from, by signal, scope and step. The check runs every hour. */
export function rollupDifference(): string {
  const by = [rollupNames.signal, rollupNames.scope, rollupNames.step];
  return sumBy(by, `last_over_time(${rollupNames.difference}[2h])`);
}

/** Number of checked roll-ups that differ from what they are computed from; missing until the check has run. */
export function differingRollups(): string {
  return `sum(abs(${rollupDifference()}) > bool ${roundingError})`;
}

/** The differences that rounding does not explain, by signal, scope and step. */
export function rollupDifferences(): string {
  return `${rollupDifference()} * (abs(${rollupDifference()}) > bool ${roundingError}) != 0`;
}

/** USD that late passes have booked within a window: what arrived after its own window was evaluated. */
export function lateCost(window: Window): string {
  // The scope that is computed from raw samples: the others book the net of all passes.
  const late = [`${rollupNames.step}="${fine.step}"`, `${rollupNames.lag}!=""`];
  return `sum(sum_over_time(${selector(rollupName(signals.cost, "device"), late)}[${window}]))`;
}

/** The first passes of the fine level. Versions before 0.2.0 named them `0`. */
const evaluations = selector(rollupNames.evaluated, [
  `${rollupNames.step}="${fine.step}"`,
  `${rollupNames.lag}=""`,
  `${rollupNames.pass}=~"0?"`,
]);

/** Number of missed evaluations in a window, since the first one in it. */
export function missedEvaluations(window: Window): string {
  const first = `min(min_over_time(timestamp(${evaluations})[${window}:5m]))`;
  return `(time() - ${first}) / ${fine.stepSeconds} - sum(count_over_time(${evaluations}[${window}]))`;
}

/** Share of the last day's five-minute windows that were evaluated in time. */
export function evaluatedShare(): string {
  return `sum(count_over_time(${evaluations}[1d])) / ${day / fine.stepSeconds}`;
}
