import type { GrafanaAlerts } from "../components/grafana/content";
import type { AlertDelivery } from "../components/grafana/delivery";
import { isDeployed } from "./stack";
import { backedUp } from "./backup";
import { peopleEdition } from "./folders";
import type { StackConfig } from "./schema";
import { ownershipLabel } from "../dashboards/alerts/alert";
import { allAlerts } from "../dashboards/alerts/alerts";
import type { AlertOptions } from "../dashboards/alerts/options";
import { alertsByReader } from "../dashboards/alerts/people";
import type { DashboardOptions } from "../dashboards/options";

/**
 * Alerts and where they go: those that name people into the folder that does, where there is one.
 *
 * @param now when this is deployed, see {@link AlertOptions}
 */
export function alertingArgs(config: StackConfig, options: DashboardOptions, now = new Date()): GrafanaAlerts {
  return {
    dataSourceUid: options.dataSource.uid,
    groups: alertGroups(config, options, now),
    delivery: delivery(config, options),
  };
}

function alertGroups(config: StackConfig, options: DashboardOptions, now: Date): GrafanaAlerts["groups"] {
  const groups = allAlerts(options, alertOptions(config, now));
  if (config.grafanaPeopleRole === undefined) {
    return groups;
  }
  const edition = peopleEdition(options);
  const { shared, people } = alertsByReader(groups, edition);
  return [...shared, ...people.map((group) => ({ ...group, folder: edition.key }))];
}

/** What alerts depend on. */
export function alertOptions(config: StackConfig, now: Date): AlertOptions {
  return {
    timeZone: config.timeZone,
    now,
    budgets: {
      organisation: { day: config.dailyBudget, month: config.monthlyBudget },
      teams: { day: config.teamDailyBudgets, month: config.teamMonthlyBudgets },
      user: { day: config.userDailyBudget, month: config.userMonthlyBudget },
      warningPercent: config.budgetWarningPercent,
    },
    minimumUsd: config.alertMinimumUsd ?? 0,
    workingHours: config.workingHours,
    docsUrl: config.docsUrl,
    collection:
      config.collection === "in-cluster"
        ? {
            collectors: config.collectorReplicas,
            stores: (["loki", "tempo"] as const).filter((store) => isDeployed(config, store)),
            backups: { stores: backedUp(config), maxAgeSeconds: config.backupMaxAge },
          }
        : undefined,
  };
}

/** Undefined where nobody is to be told. */
function delivery(config: StackConfig, { text }: DashboardOptions): AlertDelivery | undefined {
  const { alertEmails: emails, alertSlackUrl: slackUrl, alertWebhookUrl: webhookUrl, alertMuteTimes } = config;
  const pagerDutyKey = config.alertPagerDutyKey === "" ? undefined : config.alertPagerDutyKey;
  if (emails.length === 0 && [slackUrl, webhookUrl, pagerDutyKey].every((value) => value === undefined)) {
    return undefined;
  }
  return {
    contactPoint: { name: text.alerts.contactPoint, emails, slackUrl, webhookUrl, pagerDutyKey },
    groupBy: config.alertGroupBy,
    groupWait: config.alertGroupWait,
    groupInterval: config.alertGroupInterval,
    repeatInterval: config.alertRepeatInterval,
    muteTiming:
      alertMuteTimes.length === 0
        ? undefined
        : { name: text.alerts.muteTiming, times: alertMuteTimes, timeZone: config.timeZone },
    // There is one policy in a Grafana organisation: in somebody else's, declaring it would overwrite theirs.
    routing: config.grafana === "external" ? "rules" : "policy",
    ownership: ownershipLabel,
  };
}
