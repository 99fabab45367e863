import type { GrafanaAlerts } from "../components/grafana/content";
import type { AlertDelivery } from "../components/grafana/delivery";
import { ownershipLabel } from "../dashboards/alerts/alert";
import { allAlerts } from "../dashboards/alerts/alerts";
import type { AlertOptions } from "../dashboards/alerts/options";
import { alertsByReader } from "../dashboards/alerts/people";
import type { DashboardOptions } from "../dashboards/options";
import { type Backup, backedUp } from "./backup";
import { type Budgets, budgetsOf } from "./budgets";
import type { Collection } from "./collection";
import { type Folders, peopleEdition } from "./folders";
import type { General } from "./general";
import type { Grafana } from "./grafana";
import { eventStores, isDeployed, type Storage } from "./storage";
import * as value from "./values";

export const title = "Alerts";

export const schema = {
  docsUrl: value
    .optional("a URL such as https://git.example.com/docs", (text) =>
      URL.canParse(text) ? text.replace(/\/$/, "") : undefined,
    )
    .describe("Where this repository's `docs` folder can be read, for the alerts' links to runbooks; no links without"),
  alerting: value
    .group({
      enabled: value.bool.prefault("true").describe("Whether alert rules are declared"),
      minimumUsd: value.optionalUsd
        .prefault("50")
        .describe("USD below which neither an hour nor a user's day is called unusual"),
      workingHours: value.weeklyTime
        .prefault("Mon-Fri 09:00-18:00")
        .describe("Days and hours in which silence is unusual, in `timeZone`"),
      muteTimes: value
        .list("days and hours", value.weeklyTime)
        .prefault([])
        .describe("Days and hours without messages, in `timeZone`, e.g. `Sat-Sun 00:00-24:00`"),
      groupBy: value
        .list("label names", value.matching("a label's name", /^[a-zA-Z_]\w*$/))
        .min(1, "expected a label's name at least")
        .prefault(["grafana_folder", "alertname"])
        .describe("Labels by which alerts are put together in one message"),
      groupWait: value.duration.prefault("30s").describe("How long the first message of a group waits for more"),
      groupInterval: value.duration.prefault("5m").describe("How long until a group's next message about new alerts"),
      repeatInterval: value.duration.prefault("4h").describe("How long until an alert that still fires is sent again"),
      emails: value
        .list("mail addresses", value.matching("a mail address", /^[^\s@]+@[^\s@]+$/))
        .prefault([])
        .describe("Mail addresses that alerts go to; Grafana needs its own mail settings"),
      slackUrl: value
        .secret("a URL such as https://hooks.slack.com/services/…", value.anyUrl)
        .describe("Incoming webhook of Slack"),
      webhookUrl: value
        .secret("a URL such as https://example.com/hook", value.anyUrl)
        .describe("URL that alerts are posted to"),
      pagerDutyKey: value.secret("an integration key").describe("Integration key of PagerDuty (Events API v2)"),
    })
    .prefault({}),
};

export type Alerting = value.ValuesOf<typeof schema>;
type Alerted = Alerting & Backup & Budgets & Collection & Folders & General & Grafana & Storage;

/** Messages that nobody would get, or that come twice. */
export function contradictions({ alerting }: Alerting): string[] {
  const { muteTimes, emails, slackUrl, webhookUrl, pagerDutyKey, repeatInterval, groupInterval } = alerting;
  const told = emails.length > 0 || (slackUrl ?? webhookUrl ?? pagerDutyKey) !== undefined;
  return [
    ...(muteTimes.length > 0 && !told
      ? ["alerting.muteTimes: found times; without anybody to be told expected nothing"]
      : []),
    ...(repeatInterval < groupInterval
      ? ["alerting.repeatInterval: found less than alerting.groupInterval; expected at least that"]
      : []),
  ];
}

/**
 * Alerts and where they go: those that name people into the folder that does, where there is one. Undefined for none.
 *
 * @param now when this is deployed, see {@link AlertOptions}
 */
export function alertingArgs(config: Alerted, options: DashboardOptions, now = new Date()): GrafanaAlerts | undefined {
  return config.alerting.enabled
    ? {
        dataSourceUid: options.dataSource.uid,
        groups: alertGroups(config, options, now),
        delivery: delivery(config, options),
      }
    : undefined;
}

function alertGroups(config: Alerted, options: DashboardOptions, now: Date): GrafanaAlerts["groups"] {
  const groups = allAlerts(options, alertOptions(config, now));
  if (config.folders.peopleRole === undefined) {
    return groups;
  }
  const edition = peopleEdition(options);
  const { shared, people } = alertsByReader(groups, edition);
  return [...shared, ...people.map((group) => ({ ...group, folder: edition.key }))];
}

/** Options of alerts. */
function alertOptions(config: Alerted, now: Date): AlertOptions {
  return {
    timeZone: config.timeZone,
    now,
    budgets: budgetsOf(config),
    minimumUsd: config.alerting.minimumUsd ?? 0,
    workingHours: config.alerting.workingHours,
    docsUrl: config.docsUrl,
    collection:
      config.collection === "in-cluster"
        ? {
            collectors: config.collector.replicas,
            stores: eventStores.filter((store) => isDeployed(config, store)),
            backups: { stores: backedUp(config), maxAgeSeconds: config.backup.maxAge },
          }
        : undefined,
  };
}

/** Undefined where nobody is to be told. */
function delivery({ alerting, grafana, timeZone }: Alerted, { text }: DashboardOptions): AlertDelivery | undefined {
  const { emails, muteTimes, groupBy, groupWait, groupInterval, repeatInterval } = alerting;
  const [slackUrl, webhookUrl, pagerDutyKey] = [alerting.slackUrl, alerting.webhookUrl, alerting.pagerDutyKey].map(
    (secret) => secret?.output,
  );
  if (emails.length === 0 && (slackUrl ?? webhookUrl ?? pagerDutyKey) === undefined) {
    return undefined;
  }
  return {
    contactPoint: { name: text.alerts.contactPoint, emails, slackUrl, webhookUrl, pagerDutyKey },
    groupBy,
    groupWait,
    groupInterval,
    repeatInterval,
    muteTiming: muteTimes.length === 0 ? undefined : { name: text.alerts.muteTiming, times: muteTimes, timeZone },
    // There is one policy in a Grafana organisation: in somebody else's, declaring it would overwrite theirs.
    routing: grafana.deployment === "external" ? "rules" : "policy",
    ownership: ownershipLabel,
  };
}
