import { calendarAmount, type CalendarUnit, wallClock } from "../queries/calendar";
import { billedAs } from "../queries/billing";
import { dailyMean } from "../queries/cost";
import type { Matchers } from "../queries/selector";
import { labels } from "../../telemetry/labels";
import { signals } from "../signals";
import { hour, minute } from "../../units";
import { type Alert, alert, type AlertContext, alertPanels, type AlertWords, type PanelLink, realUsage } from "./alert";

const runbook = "budgets.md";

/** One budget, or one for each of many. */
interface BudgetArgs {
  readonly uid: string;
  readonly words: AlertWords;
  readonly panel: PanelLink;
  /** The share that is used. */
  readonly expr: string;
}

/** Alerts of budgets for a day or a month, of those that are configured. They count metered use alone. */
export function budgetAlerts(unit: CalendarUnit, context: AlertContext): Alert[] {
  const budgets = [...organisation(unit, context), ...teams(unit, context), ...users(unit, context)];
  return [...budgets.flatMap((budget) => warningAndCritical(budget, context)), ...forecast(unit, context)];
}

function warningAndCritical({ uid, words, panel, expr }: BudgetArgs, context: AlertContext): Alert[] {
  const { warning, critical } = context.options.text.alerts.budgets;
  const { warningPercent } = context.alertOptions.budgets;
  // Outlasts a restart of Prometheus, and roll-ups that are booked late.
  const shared = { expr, panel, runbook, topic: "budget", keepFiringFor: 15 * minute } as const;
  const named = (ending: string) => ({ ...words, name: `${words.name}: ${ending}` });
  return [
    alert(
      { ...shared, uid: `${uid}-warning`, words: named(warning), severity: "warning", above: warningPercent / 100 },
      context,
    ),
    alert({ ...shared, uid: `${uid}-critical`, words: named(critical), severity: "critical", above: 1 }, context),
  ];
}

function metered({ options: { plan } }: AlertContext): Matchers {
  return [...realUsage, ...billedAs("metered", plan)];
}

function spent(unit: CalendarUnit, context: AlertContext, ...by: string[]): string {
  return calendarAmount(signals.cost, unit, context.zone, { by, matchers: metered(context) });
}

function organisation(unit: CalendarUnit, context: AlertContext): BudgetArgs[] {
  const { organisationDay, organisationMonth } = context.options.text.alerts.budgets;
  const usd = context.alertOptions.budgets.organisation[unit];
  const uid = `claude-budget-org-${unit}`;
  const shown =
    unit === "day"
      ? { words: organisationDay, panel: alertPanels.costToday }
      : { words: organisationMonth, panel: alertPanels.monthToDate };
  return usd === undefined ? [] : [{ uid, ...shown, expr: `${spent(unit, context)} / ${usd}` }];
}

function teams(unit: CalendarUnit, context: AlertContext): BudgetArgs[] {
  const { teamDay, teamMonth } = context.options.text.alerts.budgets;
  const budgets = context.alertOptions.budgets.teams[unit];
  const words = unit === "day" ? teamDay : teamMonth;
  const expr = `${spent(unit, context, labels.team)} / on (${labels.team}) ${byTeam(budgets)}`;
  const uid = `claude-budget-team-${unit}`;
  return budgets.size === 0 ? [] : [{ uid, words, panel: alertPanels.billingByTeam, expr }];
}

/** Amounts as a vector with a team each. Teams without a budget find no partner in it. */
function byTeam(budgets: ReadonlyMap<string, number>): string {
  const vectors = [...budgets].map(([team, usd]) => {
    // In the replacement of label_replace a dollar sign begins the name of a group.
    const name = JSON.stringify(team.replaceAll("$", "$$$$"));
    return `label_replace(vector(${usd}), "${labels.team}", ${name}, "", "")`;
  });
  return `(${vectors.join(" or ")})`;
}

function users(unit: CalendarUnit, context: AlertContext): BudgetArgs[] {
  const { userDay, userMonth } = context.options.text.alerts.budgets;
  const usd = context.alertOptions.budgets.user[unit];
  const words = unit === "day" ? userDay : userMonth;
  const uid = `claude-budget-user-${unit}`;
  const expr = `${spent(unit, context, labels.user)} / ${usd ?? 0}`;
  return usd === undefined ? [] : [{ uid, words, panel: alertPanels.billingByUser, expr }];
}

function forecast(unit: CalendarUnit, context: AlertContext): Alert[] {
  const { month } = context.alertOptions.budgets.organisation;
  if (unit === "day" || month === undefined) {
    return [];
  }
  const clock = `vector(${wallClock(context.zone)})`;
  const remaining = `(days_in_month(${clock}) + 1 - day_of_month(${clock}) - ${clock} % 86400 / 86400)`;
  const total = `(${spent("month", context)} or vector(0)) + ${dailyMean({ matchers: metered(context), source: "1h" })} * ${remaining}`;
  const args = {
    uid: "claude-budget-forecast",
    words: context.options.text.alerts.budgets.forecast,
    severity: "warning",
    topic: "budget",
    expr: `(${total}) / ${month}`,
    above: 1,
    // An hour that is dear does not make a month.
    for: "1h",
    keepFiringFor: hour,
    runbook,
    panel: alertPanels.forecast,
  } as const;
  return [alert(args, context)];
}
