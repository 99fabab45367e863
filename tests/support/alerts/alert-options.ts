import { prometheusReference } from "../../../dashboards/data-source";
import type { AlertOptions, Budgets } from "../../../dashboards/alerts/options";
import type { DashboardOptions } from "../../../dashboards/options";
import { texts } from "../../../dashboards/text/texts";
import { hour } from "../../../units";

/** Budgets of everything, in USD. */
export const budgets = {
  organisation: { day: 100, month: 1000 },
  teams: { day: new Map([["platform", 50]]), month: new Map([["platform", 500]]) },
  user: { day: 20, month: 200 },
  warningPercent: 80,
} as const satisfies Budgets;

/** What the dashboards of tests depend on. */
export function testDashboardOptions(timeZone: string): DashboardOptions {
  return {
    text: texts.en,
    timeZone,
    rawRangeSeconds: 6 * hour,
    dataSource: prometheusReference("prometheus"),
    plan: { kind: "api" },
    monthlyBudget: budgets.organisation.month,
    minimumClientVersion: undefined,
    bill: {
      minCoverage: 0.95,
      maxUnexplainedUsd: 5,
      keyExpires: Date.parse("2030-06-30T00:00:00Z") / 1000,
      settleAfterSeconds: 48 * hour,
    },
  };
}

/** Options with which every alert is declared. Working hours are Monday to Friday, 9 to 18. */
export function testAlertOptions(timeZone: string, now: Date): AlertOptions {
  return {
    timeZone,
    now,
    budgets,
    minimumUsd: 50,
    workingHours: { firstDay: 1, lastDay: 5, from: 9 * 60, to: 18 * 60 },
    docsUrl: undefined,
    collection: {
      collectors: 2,
      stores: ["loki", "tempo"],
      backups: { stores: ["prometheus", "loki"], maxAgeSeconds: 30 * hour },
    },
  };
}
