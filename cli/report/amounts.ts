import { sumBy } from "../../dashboards/queries/amount";
import { billedAs, guessed } from "../../dashboards/queries/billing";
import { cost } from "../../dashboards/queries/cost";
import type { Matchers } from "../../dashboards/queries/selector";
import type { Plan } from "../../dashboards/options";
import { billDay, billLabels, billMetrics, billTimes } from "../../telemetry/bill";
import { labels } from "../../telemetry/labels";
import { day as daySeconds, dayMs } from "../../units";
import type { PrometheusApi, VectorSample } from "../prometheus-api";
import type { Day, ReportMonth } from "./month";

/** Kinds of reported cost, as the dashboard "Spend" divides it. */
export const reportedKinds = ["metered", "seat", "guessed"] as const;
export type ReportedKind = (typeof reportedKinds)[number];

/** Cost that the clients of a user reported on a day. */
export interface ReportedAmount {
  readonly date: string;
  readonly team: string;
  readonly user: string;
  readonly kind: ReportedKind;
  readonly usd: number;
}

/** An amount that the provider charged for a day. User and team are empty where nobody was matched. */
export interface ChargedAmount {
  readonly date: string;
  readonly team: string;
  readonly user: string;
  readonly product: string;
  readonly chargedTo: string;
  readonly usd: number;
}

/** All amounts of a month. */
export interface MonthAmounts {
  readonly reported: readonly ReportedAmount[];
  readonly charged: readonly ChargedAmount[];
}

/** Label that names the part of a query's answer that a series belongs to. */
const partLabel = "part";
const chargedPart = "charged";

/**
 * Reads a month's amounts day by day, so that a query touches the samples of one day.
 *
 * @param until seconds since 1970: days that begin later are left out
 */
export async function readAmounts(
  prometheus: PrometheusApi,
  month: ReportMonth,
  plan: Plan,
  until: number,
): Promise<MonthAmounts> {
  const reported: ReportedAmount[] = [];
  const charged: ChargedAmount[] = [];
  for (const day of month.days.filter(({ start }) => start <= until)) {
    for (const sample of await prometheus.query(dayQuery(day, plan), { at: lastInstant(day.end) })) {
      const kind = reportedKinds.find((each) => each === sample.labels[partLabel]);
      if (kind === undefined) {
        charged.push(chargedAmount(day.date, sample));
      } else {
        reported.push({ ...owner(sample), date: day.date, kind, usd: sample.value });
      }
    }
  }
  return { reported, charged };
}

/** The UTC days whose noon a month holds, and how many of them the bill was read for. */
export async function readBillDays(
  prometheus: PrometheusApi,
  { start, end }: ReportMonth,
  until: number,
): Promise<{ readonly read: number; readonly all: number }> {
  const noon = daySeconds / 2;
  const first = Math.ceil((start - noon) / daySeconds);
  const all = Math.ceil((end - noon) / daySeconds) - first;
  const days = new Set(Array.from({ length: all }, (_, index) => billDay((first + index) * dayMs)));
  const seconds = Math.max(1, Math.ceil(until) - start);
  const read = `group by (${billLabels.day}) (last_over_time(${billTimes.dayRead.prometheus}[${seconds}s]))`;
  const answer = await prometheus.query(read, { at: until });
  return { all, read: answer.filter(({ labels: own }) => days.has(own[billLabels.day] ?? "")).length };
}

/** Windows are left-open: a millisecond before the end, a sample of the last midnight belongs to the next day. */
function lastInstant(end: number): number {
  return end - 0.001;
}

/** One query for everything of a day. Its parts share no sample. */
function dayQuery({ start, end }: Day, plan: Plan): string {
  const window = `${end - start}s`;
  const reported = (matchers: Matchers) => cost(window, { matchers, by: [labels.team, labels.user], source: "raw" });
  const parts: Readonly<Record<ReportedKind | typeof chargedPart, string>> = {
    metered: reported(billedAs("metered", plan)),
    seat: reported(billedAs("seat", plan)),
    guessed: reported(guessed),
    charged: sumBy(
      [labels.team, labels.user, billLabels.product, billLabels.chargedTo],
      `sum_over_time(${billMetrics.charged.prometheus}[${window}])`,
    ),
  };
  return Object.entries(parts)
    .map(([name, query]) => `label_replace(${query}, "${partLabel}", "${name}", "", "")`)
    .join(" or ");
}

function chargedAmount(date: string, sample: VectorSample): ChargedAmount {
  const product = sample.labels[billLabels.product] ?? "";
  return { ...owner(sample), date, product, chargedTo: sample.labels[billLabels.chargedTo] ?? "", usd: sample.value };
}

function owner({ labels: own }: VectorSample): { readonly team: string; readonly user: string } {
  return { team: own[labels.team] ?? "", user: own[labels.user] ?? "" };
}
