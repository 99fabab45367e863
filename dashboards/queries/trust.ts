import { backupStoreLabel } from "../../telemetry/backup-metrics";
import { levels, rollupNames } from "../rollups/levels";
import { labels, metrics, signals } from "../telemetry";
import { amount, selector, sumBy, type Window } from "./amount";
import { cost } from "./cost";

/** How far back a counter is looked for, to tell one that has just appeared from one that Prometheus missed. */
const known = "1d";

/**
 * How much a counter of the stack's own parts grew within a window, series by series.
 *
 * Such a counter is absent until its first event and then begins above zero, which `increase` alone never sees: the
 * first refused export would be missed.
 */
export function grown(counter: string, window: Window): string {
  return `((${counter} unless present_over_time(${counter}[${known}] offset ${window})) or increase(${counter}[${window}]))`;
}

/** The same, all replicas together. */
export function growth(counter: string, window: Window): string {
  return `sum(${grown(counter, window)})`;
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
export function markedCost(window: Window): string {
  const by = [labels.user, labels.clock, labels.temporality];
  const marked = (label: string) =>
    amount(signals.markedCost, window, { by, source: "5m", matchers: [`${label}!=""`] });
  return `${marked(labels.clock)} or ${marked(labels.temporality)}`;
}

/** Roll-ups less raw samples of the last day that is final, by signal and step. The check runs every hour. */
export function rollupDifference(): string {
  const latest = (series: string) => `last_over_time(${series}[2h])`;
  const by = [rollupNames.signal, rollupNames.scope, rollupNames.step];
  return `${sumBy(by, latest(rollupNames.checkRollup))} - on (${rollupNames.signal}) group_left () ${sumBy([rollupNames.signal], latest(rollupNames.checkRaw))}`;
}

/** USD of the last six hours that panels would miss if they read five-minute roll-ups: late data, not yet included. */
export function pendingCost(): string {
  const { step } = levels["5m"];
  // The same windows as the roll-up's, the one that is running included.
  const raw = `sum_over_time(sum(sum_over_time(${metrics.cost}[${step}]))[365m:${step}] offset -${step})`;
  return `${raw} - ${cost("6h", { source: "5m" })}`;
}

/** Share of the last day's five-minute windows that a pass has evaluated. */
export function evaluatedShare(): string {
  const evaluated = selector(rollupNames.evaluated, [`${rollupNames.step}="5m"`, `${rollupNames.lag}=""`]);
  return `count_over_time(group(${evaluated})[1d:5m] offset 45m) / 288`;
}
