import type { Alert, AlertGroup } from "../../../dashboards/alerts/alert";
import { allAlerts } from "../../../dashboards/alerts/alerts";
import type { AlertOptions } from "../../../dashboards/alerts/options";
import type { DashboardOptions } from "../../../dashboards/options";
import { testAlertOptions, testDashboardOptions } from "../../support/alerts/alert-options";

const now = new Date("2026-11-24T12:00:00Z");

/** All groups of alerts, with every budget unless other options are given. */
export function alertGroups(
  options: Partial<DashboardOptions> = {},
  alertOptions: Partial<AlertOptions> = {},
): AlertGroup[] {
  const zone = alertOptions.timeZone ?? "UTC";
  return allAlerts({ ...testDashboardOptions(zone), ...options }, { ...testAlertOptions(zone, now), ...alertOptions });
}

/** The alerts of all groups. */
export function alerts(options: Partial<DashboardOptions> = {}, alertOptions: Partial<AlertOptions> = {}): Alert[] {
  return alertGroups(options, alertOptions).flatMap((group) => group.alerts);
}
