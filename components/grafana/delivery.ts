import type * as pulumi from "@pulumi/pulumi";
import * as grafana from "@pulumiverse/grafana";

import { prometheusDuration } from "../../units";

/** Contact points and timings of messages. Durations in seconds. */
export interface AlertDelivery {
  readonly contactPoint: ContactPointArgs;
  /** Labels by which alerts are put together in one message. */
  readonly groupBy: readonly string[];
  /** Wait of a group's first message for further alerts. */
  readonly groupWait: number;
  /** Interval until a group's next message about new alerts. */
  readonly groupInterval: number;
  /** Interval until an alert that still fires is sent again. */
  readonly repeatInterval: number;
  /** Undefined: messages at any time. */
  readonly muteTiming: MuteTimingArgs | undefined;
  /**
   * - `policy`: Grafana's notification policy, of which there is one, sends all alerts to the contact point
   * - `rules`: each rule says where its alerts go, and the policy stays as its owner made it
   */
  readonly routing: "policy" | "rules";
  /** A label that every rule carries. */
  readonly ownership: { readonly name: string; readonly value: string };
}

/** One contact point; each message goes to all that is given. */
export interface ContactPointArgs {
  readonly name: string;
  readonly emails: readonly string[];
  /** Incoming webhook, a secret. */
  readonly slackUrl: pulumi.Output<string> | undefined;
  /** Webhook of a channel, a secret. */
  readonly teamsUrl: pulumi.Output<string> | undefined;
  /** A secret. */
  readonly webhookUrl: pulumi.Output<string> | undefined;
  /** Integration key of the Events API v2, a secret. */
  readonly pagerDutyKey: pulumi.Output<string> | undefined;
  /** The key is a secret; the URL is that of the alert API in the account's region. */
  readonly opsgenie: { readonly apiKey: pulumi.Output<string>; readonly url: string } | undefined;
}

/** Days and hours without messages. */
export interface MuteTimingArgs {
  readonly name: string;
  readonly times: readonly MutedTime[];
  /** IANA name. */
  readonly timeZone: string;
}

/** A span of days and hours of a week. */
export interface MutedTime {
  /** 0 is Sunday. */
  readonly firstDay: number;
  /** May lie before the first: Saturday to Sunday is one span. */
  readonly lastDay: number;
  /** Minutes since midnight. */
  readonly from: number;
  /** Minutes since midnight, after `from`, at most 1,440. */
  readonly to: number;
}

/** Properties of the delivery that rules depend on. */
export interface DeclaredDelivery {
  readonly contactPoint: pulumi.Output<string>;
  /** Notification settings of each rule. Undefined: the notification policy routes alerts. */
  readonly rulesSettings: grafana.types.input.alerting.RuleGroupRuleNotificationSettings | undefined;
}

/** Grafana's names. */
const weekdays = ["sunday", "monday", "tuesday", "wednesday", "thursday", "friday", "saturday"] as const;

/** Declares contact point and mute timing and, where it is ours to make, the notification policy. */
export function declareDelivery(
  name: string,
  args: AlertDelivery,
  options: pulumi.CustomResourceOptions,
): DeclaredDelivery {
  const contactPoint = new grafana.alerting.ContactPoint(
    `${name}-contact-point`,
    contactPointInputs(args.contactPoint),
    options,
  ).name;
  const muteTiming =
    args.muteTiming &&
    new grafana.alerting.MuteTiming(`${name}-mute-timing`, muteTimingInputs(args.muteTiming), options).name;
  const timing = {
    groupWait: prometheusDuration(args.groupWait),
    groupInterval: prometheusDuration(args.groupInterval),
    repeatInterval: prometheusDuration(args.repeatInterval),
  };
  const muteTimings = muteTiming === undefined ? [] : [muteTiming];
  if (args.routing === "rules") {
    // Grafana wants these two in a rule's own grouping.
    const groupBies = [...new Set(["grafana_folder", "alertname", ...args.groupBy])];
    return { contactPoint, rulesSettings: { contactPoint, groupBies, ...timing, muteTimings } };
  }
  const { name: label, value } = args.ownership;
  // The policy itself cannot be muted, only a part of it.
  const muted = { contactPoint, matchers: [{ label, match: "=", value }], muteTimings };
  new grafana.alerting.NotificationPolicy(
    `${name}-policy`,
    { contactPoint, groupBies: [...args.groupBy], ...timing, policies: muteTimings.length === 0 ? [] : [muted] },
    options,
  );
  return { contactPoint, rulesSettings: undefined };
}

function contactPointInputs(args: ContactPointArgs): grafana.alerting.ContactPointArgs {
  const { name, emails, slackUrl, teamsUrl, webhookUrl, pagerDutyKey, opsgenie } = args;
  return {
    name,
    ...(emails.length === 0 ? {} : { emails: [{ addresses: [...emails] }] }),
    ...(slackUrl === undefined ? {} : { slacks: [{ url: slackUrl }] }),
    ...(teamsUrl === undefined ? {} : { teams: [{ url: teamsUrl }] }),
    ...(webhookUrl === undefined ? {} : { webhooks: [{ url: webhookUrl }] }),
    ...(pagerDutyKey === undefined ? {} : { pagerduties: [pagerDuty(pagerDutyKey)] }),
    // Grafana closes what is resolved by default, but its provider says false for what is left out.
    ...(opsgenie === undefined ? {} : { opsgenies: [{ ...opsgenie, autoClose: true }] }),
  };
}

/** Our severities are among those that PagerDuty knows; alerts of several in one message count as critical there. */
function pagerDuty(integrationKey: pulumi.Output<string>): grafana.types.input.alerting.ContactPointPagerduty {
  const severity = "{{ if .CommonLabels.severity }}{{ .CommonLabels.severity }}{{ else }}critical{{ end }}";
  return { integrationKey, severity };
}

function muteTimingInputs({ name, times, timeZone }: MuteTimingArgs): grafana.alerting.MuteTimingArgs {
  const intervals = times.map(({ firstDay, lastDay, from, to }) => ({
    weekdays: daysBetween(firstDay, lastDay),
    times: [{ start: clock(from), end: clock(to) }],
    location: timeZone,
  }));
  return { name, intervals };
}

/** Day by day: Grafana refuses a range such as `saturday:sunday`, because its week begins on Sunday. */
function daysBetween(first: number, last: number): string[] {
  const count = ((last - first + 7) % 7) + 1;
  return [...weekdays, ...weekdays].slice(first, first + count);
}

/** `09:30`; midnight at the end of a day is `24:00`. */
function clock(minutes: number): string {
  const two = (value: number) => String(value).padStart(2, "0");
  return `${two(Math.floor(minutes / 60))}:${two(minutes % 60)}`;
}
