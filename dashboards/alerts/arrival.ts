import { formatDuration } from "../../units";
import { amount } from "../queries/amount";
import { wallClock } from "../queries/calendar";
import type { ZoneOffsets } from "../queries/time-zone";
import { selfMetrics } from "../../telemetry/self-metrics";
import { signals } from "../signals";
import { type Alert, alert, type AlertContext, alertPanels, realUsage } from "./alert";
import type { WeeklyHours } from "./options";
import { grown } from "../queries/trust";

const { acceptedPoints, acceptedEvents } = selfMetrics.collector;
/** Longest silence within working hours that is usual, in minutes. */
const longestSilence = 120;
/** If one signal came within this, the other must have come too. */
const bothWithin = "3h";

/** Alerts of data that should arrive and does not. */
export function arrivalAlerts(context: AlertContext): Alert[] {
  const { nothingReceived, eventsMissing, metricsMissing } = context.options.text.alerts.arrival;
  const { workingHours, collection } = context.alertOptions;
  const shared = { topic: "arrival", above: 0, runbook: "missing-data.md" } as const;
  const silence = alert(
    {
      ...shared,
      uid: "claude-arrival-nothing",
      words: nothingReceived,
      severity: "critical",
      expr: silentInWorkingHours(workingHours, context.zone),
      for: "5m",
      panel: alertPanels.lastData,
    },
    context,
  );
  const missing = (uid: string, words: typeof eventsMissing, severity: "warning" | "critical", expr: string) =>
    alert({ ...shared, uid, words, severity, expr, panel: alertPanels.received }, context);
  const onlyOne = [
    missing("claude-arrival-events", eventsMissing, "warning", without(acceptedPoints, acceptedEvents)),
    missing("claude-arrival-metrics", metricsMissing, "critical", without(acceptedEvents, acceptedPoints)),
  ];
  return collection === undefined ? [silence] : [silence, ...onlyOne];
}

/** 1 if a signal was received and the other was not. */
function without(received: string, missing: string): string {
  const some = (counter: string) => `group(${grown(counter, bothWithin)} > 0)`;
  return `${some(received)} unless on () ${some(missing)}`;
}

/**
 * 1 if nothing was stored for long within working hours, though there was usage within the last week. It queries stored
 * data, not the collectors' counters: storage counts, and any Prometheus knows it. Roll-ups would not do, because they
 * book late data now.
 */
function silentInWorkingHours(hours: WeeklyHours, zone: ZoneOffsets): string {
  // A working day of two hours would never be silent for two hours.
  const silence = Math.min(longestSilence, Math.floor((hours.to - hours.from) / 2));
  const stored = [signals.cost, signals.sessions, signals.activeTime].map((signal) =>
    amount(signal, formatDuration(silence * 60), { source: "raw", matchers: realUsage }),
  );
  const lastWeek = amount(signals.cost, "7d", { source: "1h", matchers: realUsage });
  return [
    `vector(1) and on () ${minutesWithin(hours.from + silence, hours.to, zone)} and on () ${daysWithin(hours, zone)}`,
    `and on () (${lastWeek} > 0) unless on () (${stored.join(" or ")})`,
  ].join(" ");
}

function minutesWithin(from: number, to: number, zone: ZoneOffsets): string {
  return `(vector(${wallClock(zone)} % 86400 / 60) >= ${from} < ${to})`;
}

function daysWithin({ firstDay, lastDay }: WeeklyHours, zone: ZoneOffsets): string {
  const day = `day_of_week(vector(${wallClock(zone)}))`;
  return firstDay <= lastDay
    ? `(${day} >= ${firstDay} <= ${lastDay})`
    : `(${day} >= ${firstDay} or ${day} <= ${lastDay})`;
}
