import { longestBehind, longestWithoutRun } from "../bill/job";
import type { BillOptions } from "../options";
import { coverage, inSettledDays, newestRun, sinceComplete, unexplainedOfDay } from "../queries/bill";
import { selector } from "../queries/selector";
import { billLabels, billOutcomes, billTimes } from "../../telemetry/bill";
import { day, formatDuration } from "../../units";
import { type Alert, alert, type AlertArgs, type AlertContext, alertPanels } from "./alert";

/** Settled days whose coverage counts: each weekday once. */
const coveredDays = 7;
/** Settled days that are looked at one by one: a Friday's finding is still there on Monday. */
const recentDays = 3;
/** Days before its expiry from which on a key is about to expire. */
const daysBeforeExpiry = 14;

const shared = { topic: "bill", severity: "warning", runbook: "bill.md" } as const;

/** Alerts of what was charged, and of the job that reads it; none where nobody reads it. */
export function billAlerts(context: AlertContext): Alert[] {
  const { bill } = context.options;
  if (bill === undefined) {
    return [];
  }
  return [...amounts(bill, context), ...key(bill, context), stale(context)].map((args) => alert(args, context));
}

function amounts({ minCoverage, maxUnexplainedUsd, settleAfterSeconds }: BillOptions, context: AlertContext) {
  const words = context.options.text.alerts.bill;
  return [
    {
      ...shared,
      uid: "claude-bill-coverage",
      words: words.coverage,
      expr: coverage(inSettledDays({ days: coveredDays, settleAfterSeconds })),
      below: minCoverage,
      panel: alertPanels.coverage,
    },
    {
      ...shared,
      uid: "claude-bill-unexplained",
      words: words.unexplained,
      expr: unexplainedOfDay({ days: recentDays, settleAfterSeconds }),
      above: maxUnexplainedUsd,
      panel: alertPanels.differenceByDay,
    },
  ];
}

function key({ keyExpires }: BillOptions, context: AlertContext): AlertArgs[] {
  const words = context.options.text.alerts.bill;
  const { complete, failed, refused } = billOutcomes;
  const expires: AlertArgs = {
    ...shared,
    uid: "claude-bill-key-expires",
    words: words.keyExpires,
    expr: `(${keyExpires} - vector(time())) / ${day}`,
    below: daysBeforeExpiry,
    panel: alertPanels.billRun,
  };
  const others = newestRun(complete, failed);
  return [
    {
      ...shared,
      uid: "claude-bill-key",
      words: words.key,
      severity: "critical",
      // Nothing is read until somebody makes another key.
      expr: `group(${newestRun(refused)} unless on () (${others} >= ${newestRun(refused)}))`,
      panel: alertPanels.billRefused,
    },
    ...(keyExpires === undefined ? [] : [expires]),
  ];
}

function stale(context: AlertContext): AlertArgs {
  const complete = selector(billTimes.run.prometheus, [`${billLabels.outcome}="${billOutcomes.complete}"`]);
  const noRun = `absent_over_time(${complete}[${formatDuration(longestWithoutRun)}])`;
  return {
    ...shared,
    uid: "claude-bill-stale",
    words: context.options.text.alerts.bill.stale,
    expr: `group(${noRun} or ${sinceComplete()} > ${longestBehind})`,
    // A new stack's first run reads weeks.
    for: "1h",
    panel: alertPanels.billRun,
  };
}
