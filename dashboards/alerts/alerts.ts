import type { DashboardOptions } from "../options";
import { zoneOffsets } from "../queries/time-zone";
import type { AlertGroup } from "./alert";
import { arrivalAlerts } from "./arrival";
import { billAlerts } from "./bill";
import { budgetAlerts } from "./budgets";
import { healthAlerts } from "./health";
import { ledgerAlerts, sessionAlerts } from "./ledgers";
import type { AlertOptions } from "./options";
import { usageAlerts } from "./usage";
import { minute } from "../../units";

/** All alerts that the configuration asks for. Groups without alerts are left out. */
export function allAlerts(options: DashboardOptions, alertOptions: AlertOptions): AlertGroup[] {
  const context = { options, alertOptions, zone: zoneOffsets(alertOptions.timeZone, alertOptions.now) };
  const { groups } = options.text.alerts;
  const all: AlertGroup[] = [
    { key: "day", name: groups.day, intervalSeconds: minute, alerts: budgetAlerts("day", context) },
    // Each takes Prometheus about half a second of a core at a thousand users.
    { key: "month", name: groups.month, intervalSeconds: 5 * minute, alerts: budgetAlerts("month", context) },
    { key: "usage", name: groups.usage, intervalSeconds: 5 * minute, alerts: usageAlerts(context) },
    { key: "arrival", name: groups.arrival, intervalSeconds: minute, alerts: arrivalAlerts(context) },
    { key: "health", name: groups.health, intervalSeconds: minute, alerts: healthAlerts(context) },
    // Their data is hours or days old.
    { key: "ledgers", name: groups.ledgers, intervalSeconds: 10 * minute, alerts: ledgerAlerts(context) },
    // Some seconds of a core at a thousand users: single sessions are in no roll-up.
    { key: "sessions", name: groups.sessions, intervalSeconds: 60 * minute, alerts: sessionAlerts(context) },
    // The job runs every few hours.
    { key: "bill", name: groups.bill, intervalSeconds: 10 * minute, alerts: billAlerts(context) },
  ];
  return all.filter(({ alerts }) => alerts.length > 0);
}
