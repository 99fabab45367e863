import type { Plan } from "../../dashboards/options";
import { claudeCodeProduct } from "../../telemetry/bill";
import { prometheusDuration } from "../../units";
import type { PrometheusApi } from "../prometheus-api";
import { type MonthAmounts, readAmounts, readBillDays, type ReportedKind } from "./amounts";
import { localTime, monthAt, monthBefore, monthOf, type ReportMonth } from "./month";
import { type Line, type MonthBudgets, tableOf } from "./table";
import { filled, type ReportWords } from "./words";

/** Choice of a report. */
export interface ReportRequest {
  /** As `2026-11`. */
  readonly month: string;
  /** IANA name. */
  readonly timeZone: string;
  /** Default: all teams. */
  readonly team?: string | undefined;
}

/** The stack's configuration, as far as a report depends on it. */
export interface ReportStack {
  readonly words: ReportWords;
  readonly plan: Plan;
  readonly budgets: MonthBudgets;
  /** Teams that the configuration names. */
  readonly teams: readonly string[];
  /** Seconds for which Prometheus keeps samples. */
  readonly retention: number;
}

/** USD of a day. */
export interface DayCost extends Readonly<Record<ReportedKind, number>> {
  readonly date: string;
  /** Charged for Claude Code; undefined where no bill was read. */
  readonly charged: number | undefined;
}

/** A report, before it is written as a file. */
export interface Report {
  readonly month: ReportMonth;
  readonly team: string | undefined;
  readonly lines: readonly Line[];
  readonly days: readonly DayCost[];
  readonly notes: readonly string[];
  readonly words: ReportWords;
}

/**
 * Reads a report from a stack's Prometheus.
 *
 * @param now in seconds since 1970
 * @throws Error naming the option, what was found and what is expected
 */
export async function readReport(
  prometheus: PrometheusApi,
  { month: name, timeZone, team }: ReportRequest,
  stack: ReportStack,
  now: number,
): Promise<Report> {
  const month = monthOf(name, timeZone);
  const oldest = now - stack.retention;
  checkMonth(month, oldest, now);
  const earlier = monthOf(monthBefore(name), timeZone);
  const isOver = month.end <= now;
  const amounts = await readAmounts(prometheus, month, stack.plan, now);
  checkTeam(team, amounts, stack);
  const comparable = isOver && earlier.start >= oldest;
  const before = comparable ? (await readAmounts(prometheus, earlier, stack.plan, now)).reported : undefined;
  const lines = tableOf({ now: amounts, before, budgets: stack.budgets, team });
  const notes = [
    ...basics(month, stack),
    ...(lines.some(({ guessed }) => guessed !== undefined && guessed !== 0) ? [stack.words.notes.guessed] : []),
    ...(await billNotes(prometheus, month, amounts, stack.words, now)),
    ...spanNotes({ month, isOver, cut: month.start < oldest, comparable }, stack, now),
  ];
  return { month, team, lines, days: daysOf(month, amounts, team), notes, words: stack.words };
}

function checkMonth({ name, timeZone, start, end }: ReportMonth, oldest: number, now: number): void {
  if (start > now) {
    throw new Error(
      `--month: found "${name}", which has not begun in ${timeZone}; expected ${monthAt(now, timeZone)} or an earlier month`,
    );
  }
  if (end <= oldest) {
    const first = monthAt(oldest, timeZone);
    throw new Error(
      `--month: found "${name}"; expected ${first} or later, as Prometheus keeps no older samples (prometheus.retention)`,
    );
  }
}

function checkTeam(team: string | undefined, { reported, charged }: MonthAmounts, { teams }: ReportStack): void {
  const known = new Set([...teams, ...reported.map((one) => one.team), ...charged.map((one) => one.team)]);
  known.delete("");
  if (team !== undefined && !known.has(team)) {
    const expected = known.size === 0 ? "no --team, as no team is known" : `one of ${[...known].sort().join(", ")}`;
    throw new Error(`--team: found "${team}"; expected ${expected}`);
  }
}

function basics({ timeZone }: ReportMonth, { words: { notes } }: ReportStack): string[] {
  return [filled(notes.zone, { zone: timeZone }), notes.reported, notes.shares];
}

async function billNotes(
  prometheus: PrometheusApi,
  month: ReportMonth,
  { charged }: MonthAmounts,
  { notes }: ReportWords,
  now: number,
): Promise<string[]> {
  if (charged.length === 0) {
    return [notes.noBill];
  }
  const days = await readBillDays(prometheus, month, now);
  return [
    notes.charged,
    ...(month.timeZone === "UTC" ? [] : [notes.utcDays]),
    ...(days.read < days.all ? [filled(notes.billDays, { read: days.read, all: days.all })] : []),
  ];
}

interface ReportedSpan {
  readonly month: ReportMonth;
  readonly isOver: boolean;
  /** True if the begin of the month is older than Prometheus' samples. */
  readonly cut: boolean;
  /** True if the month before is there as a whole. */
  readonly comparable: boolean;
}

function spanNotes(
  { month, isOver, cut, comparable }: ReportedSpan,
  { retention, words: { notes } }: ReportStack,
  now: number,
): string[] {
  const kept = { retention: prometheusDuration(retention) };
  return [
    ...(isOver ? [] : [filled(notes.running, { until: localTime(now, month.timeZone) })]),
    ...(cut ? [filled(notes.cut, kept)] : []),
    ...(isOver && !comparable ? [filled(notes.nothingBefore, kept)] : []),
  ];
}

function daysOf({ days }: ReportMonth, { reported, charged }: MonthAmounts, team: string | undefined): DayCost[] {
  const isShown = (amount: { readonly team: string }) => team === undefined || amount.team === team;
  const shown = reported.filter(isShown);
  const bill = charged.filter((amount) => isShown(amount) && amount.product === claudeCodeProduct);
  return days.map(({ date }) => {
    const of = (kind: ReportedKind) => usdOf(shown.filter((amount) => amount.date === date && amount.kind === kind));
    return {
      date,
      metered: of("metered"),
      seat: of("seat"),
      guessed: of("guessed"),
      charged: charged.length === 0 ? undefined : usdOf(bill.filter((amount) => amount.date === date)),
    };
  });
}

function usdOf(amounts: readonly { readonly usd: number }[]): number {
  return amounts.reduce((sum, { usd }) => sum + usd, 0);
}
