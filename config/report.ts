import type { Place } from "../components/kubernetes/labels";
import type { ReportMailArgs } from "../components/report/report";
import { type Budgets, budgetsOf, planOf } from "./budgets";
import { type Dashboards, textOf } from "./dashboards";
import { type General, imageOf } from "./general";
import { type Grafana, grafanaSmtp } from "./grafana";
import type { Prices } from "./prices";
import type { Storage } from "./storage";
import type { Teams } from "./teams";
import * as value from "./values";

export const title = "The month's report";

export const schema = {
  report: value.group({
    emails: value
      .list("mail addresses", value.parsed("a mail address", value.mailAddress))
      .prefault([])
      .describe(
        "Mail addresses that get the month's report for chargeback, through `grafana.smtp`; nobody without. `npm run report` writes it at any time",
      ),
    schedule: value.cron
      .prefault("0 6 3 * *")
      .describe("When the report of the month before is mailed, as five fields of cron in `timeZone`"),
  }),
};

export type Report = value.ValuesOf<typeof schema>;
type Reported = Report & Budgets & Dashboards & General & Grafana & Prices & Storage & Teams;

/** Addresses without a server, or without the Prometheus that the report is read from. */
export function contradictions({ collection, grafana, report }: Report & General & Grafana): string[] {
  if (report.emails.length === 0) {
    return [];
  }
  return [
    ...(collection === "none"
      ? ['report.emails: found addresses; with collection "none" expected nothing, there is no Prometheus to read']
      : []),
    ...(grafana.smtp.host === undefined
      ? ["report.emails: found addresses; without grafana.smtp.host expected nothing, no mail could be sent"]
      : []),
  ];
}

/** Addresses of nobody. */
export function productionRefusals({ report }: Report): string[] {
  return value.placeholders(
    Object.fromEntries(report.emails.map((address, index) => [`report.emails[${index}]`, address])),
  );
}

/** True if the report is mailed. */
export function mailsReport({ report }: Report): boolean {
  return report.emails.length > 0;
}

/** Arguments of the job that mails the report; undefined where nobody gets it. */
export function reportMailArgs(config: Reported): Omit<ReportMailArgs, keyof Place> | undefined {
  const smtp = grafanaSmtp(config.grafana.smtp);
  const { emails, schedule } = config.report;
  const { budgets, ...stack } = reportStack(config);
  return smtp === undefined || !mailsReport(config)
    ? undefined
    : {
        image: imageOf(config, "node"),
        to: emails,
        smtp,
        schedule,
        timeZone: config.timeZone,
        stack: { ...stack, budgets: { ...budgets, teams: [...budgets.teams] } },
      };
}

/** The configuration, as far as a report depends on it. */
export function reportStack(config: Omit<Reported, "report">) {
  const { organisation, teams, user } = budgetsOf(config);
  return {
    words: textOf(config).report,
    plan: planOf(config),
    budgets: { organisation: organisation.month, teams: teams.month, user: user.month },
    teams: [...new Set([...config.teams.keys(), ...config.teamRules.map((rule) => rule.team), ...teams.month.keys()])],
    retention: config.prometheus.retention,
  };
}
