import { amount } from "../queries/amount";
import { selector } from "../queries/selector";
import { levels, rollupNames } from "../rollups/levels";
import { labels } from "../../telemetry/labels";
import { signals } from "../signals";
import { hour } from "../../units";
import { type Alert, alert, type AlertContext, alertPanels, realUsage } from "./alert";

const runbook = "unusual-usage.md";
/** An hour is unusual if it costs more than so many times the dearest comparable one. */
const spikeFactor = 3;
/** Days with usage that a user must have, for others to be compared with them. */
const knownDays = 5;
/** Standard deviations above the mean from which a user's day is unusual. */
const deviations = 4;
/** Standard deviations of few days can be tiny: less than so many means is never unusual. */
const leastFactor = 2;

/** Alerts of usage that differs from what was usual. */
export function usageAlerts(context: AlertContext): Alert[] {
  const { spike, user } = context.options.text.alerts.usage;
  const above = context.alertOptions.minimumUsd;
  // Windows slide, so that an amount near its limit passes it again and again.
  const shared = { severity: "warning", topic: "usage", above, runbook, keepFiringFor: hour } as const;
  return [
    alert(
      { ...shared, uid: "claude-usage-spike", words: spike, expr: unusualHour(), panel: alertPanels.costPerHour },
      context,
    ),
    alert(
      { ...shared, uid: "claude-usage-user", words: user, expr: unusualUsers(), panel: alertPanels.costByUser },
      context,
    ),
  ];
}

/** USD of the last hour, if it is far above the same hours of the week in the last four weeks. */
function unusualHour(): string {
  const { step } = levels["1h"];
  // An hour without usage counts as zero if it was evaluated at all: before that, nothing is known.
  const evaluated = `count_over_time(${selector(rollupNames.evaluated, [`${rollupNames.step}="${step}"`])}[${step}])`;
  const spent = amount(signals.cost, step, { source: step, matchers: realUsage });
  const hourly = `(${spent} or 0 * group(${evaluated}))`;
  const usual = [1, 2, 3, 4].map((week) => {
    // An hour to each side: working days begin an hour off where clocks were changed in between.
    const dearest = `max_over_time(${hourly}[3h:1h] offset ${week * 7 * 24 - 1}h)`;
    return `label_replace(${dearest}, "week", "${week}", "", "")`;
  });
  // In roll-ups, late data of another hour may be booked in this one.
  const lastHour = amount(signals.cost, "1h", { source: "raw", matchers: realUsage });
  return `${lastHour} > ${spikeFactor} * max(${usual.join(" or ")})`;
}

/** USD of the last 24 hours of users for whom that is far above their own days with usage in the four weeks before. */
function unusualUsers(): string {
  const by = [labels.user];
  const last = amount(signals.cost, "24h", { source: "5m", by, matchers: realUsage });
  const day = amount(signals.cost, "1d", { source: "1h", by, matchers: realUsage });
  const days = `(${day})[28d:1d] offset 1d`;
  const mean = `avg_over_time(${days})`;
  const limit = `(${mean} + ${deviations} * stddev_over_time(${days}))`;
  const known = `count_over_time(${days}) >= ${knownDays}`;
  return `(${last} > ${limit}) > ${leastFactor} * ${mean} and ${known}`;
}
