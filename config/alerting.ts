import type { GrafanaAlerts } from "../components/grafana/content";
import type { AlertDelivery } from "../components/grafana/delivery";
import { ownershipLabel } from "../dashboards/alerts/alert";
import { allAlerts } from "../dashboards/alerts/alerts";
import type { AlertOptions } from "../dashboards/alerts/options";
import { alertsByReader } from "../dashboards/alerts/people";
import type { DashboardOptions } from "../dashboards/options";
import { labels } from "../telemetry/labels";
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
  alerting: value.group({
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
      .prefault(["grafana_folder", "alertname", labels.team, labels.user])
      .describe("Labels by which alerts are put together in one message; with these, each team and user has their own"),
    groupWait: value.duration.prefault("30s").describe("How long the first message of a group waits for more"),
    groupInterval: value.duration.prefault("5m").describe("How long until a group's next message about new alerts"),
    repeatInterval: value.duration.prefault("4h").describe("How long until an alert that still fires is sent again"),
    emails: value
      .list("mail addresses", value.parsed("a mail address", value.mailAddress))
      .prefault([])
      .describe("Mail addresses that alerts go to; a Grafana of the stack sends them by `grafana.smtp`"),
    slackUrl: value
      .secret("a URL such as https://hooks.slack.com/services/…", value.anyUrl)
      .describe("Incoming webhook of Slack"),
    teamsUrl: value
      .secret("a URL such as https://example.webhook.office.com/…", value.anyUrl)
      .describe("Webhook of a Microsoft Teams channel or workflow"),
    webhookUrl: value
      .secret("a URL such as https://example.com/hook", value.anyUrl)
      .describe("URL that alerts are posted to"),
    pagerDutyKey: value.secret("an integration key").describe("Integration key of PagerDuty (Events API v2)"),
    opsgenieKey: value.secret("an API key").describe("API key of an Opsgenie integration"),
    opsgenieUrl: value
      .parsed("a URL such as https://api.eu.opsgenie.com/v2/alerts", value.endpointUrl)
      .prefault("https://api.opsgenie.com/v2/alerts")
      .describe("Opsgenie's alert API; `https://api.eu.opsgenie.com/v2/alerts` for its European region"),
  }),
};

export type Alerting = value.ValuesOf<typeof schema>;
type Alerted = Alerting & Backup & Budgets & Collection & Folders & General & Grafana & Storage;

/** Messages that nobody would get, or that come twice. */
export function contradictions({ alerting, grafana }: Alerting & Grafana): string[] {
  const { muteTimes, emails, repeatInterval, groupInterval } = alerting;
  return [
    ...(emails.length > 0 && grafana.deployment === "in-cluster" && grafana.smtp.host === undefined
      ? ["alerting.emails: found addresses; without grafana.smtp.host expected nothing, Grafana could not send a mail"]
      : []),
    ...(muteTimes.length > 0 && !isAnybodyTold(alerting)
      ? ["alerting.muteTimes: found times; without anybody to be told expected nothing"]
      : []),
    ...(repeatInterval < groupInterval
      ? ["alerting.repeatInterval: found less than alerting.groupInterval; expected at least that"]
      : []),
  ];
}

/** Addresses that nobody has. */
export function productionRefusals({ alerting }: Alerting): string[] {
  return value.placeholders(Object.fromEntries(alerting.emails.map((mail, at) => [`alerting.emails[${at}]`, mail])));
}

/** Secrets of the contact point, each the way to one service. */
function contactSecrets({ slackUrl, teamsUrl, webhookUrl, pagerDutyKey, opsgenieKey }: Alerting["alerting"]) {
  return { slackUrl, teamsUrl, webhookUrl, pagerDutyKey, opsgenieKey };
}

function isAnybodyTold(alerting: Alerting["alerting"]): boolean {
  return alerting.emails.length > 0 || Object.values(contactSecrets(alerting)).some((secret) => secret !== undefined);
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
  const { emails, opsgenieUrl, muteTimes, groupBy, groupWait, groupInterval, repeatInterval } = alerting;
  if (!isAnybodyTold(alerting)) {
    return undefined;
  }
  const { slackUrl, teamsUrl, webhookUrl, pagerDutyKey, opsgenieKey } = contactSecrets(alerting);
  return {
    contactPoint: {
      name: text.alerts.contactPoint,
      emails,
      slackUrl: slackUrl?.output,
      teamsUrl: teamsUrl?.output,
      webhookUrl: webhookUrl?.output,
      pagerDutyKey: pagerDutyKey?.output,
      opsgenie: opsgenieKey && { apiKey: opsgenieKey.output, url: opsgenieUrl },
    },
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
