import { metrics } from "../../telemetry/client-metrics";
import { named } from "./expect-overview";
import { type Expectation, having, sumOf, type TargetExpectation } from "./expectation";
import { grouped, type Groups, mapped, type Point, single, sums } from "./point";
import { type View } from "./view";
import { dayMs } from "../../units";

/** From the first of March to the end of the history. */
const sinceSeconds = 17 * 86_400 + 14 * 3600 + 2 * 60 + 40;

function total(points: readonly Point[]): number {
  return points.reduce((sum, { value }) => sum + value, 0);
}

/** What is billed by use, where a client that does not say counts as metered, and what is on a seat. */
const onSeat = having("claude_monitoring_billing", "seat");
/** A model without a name here: the client's price for it is a guess, and counts as neither. */
const isGuessed = having("model", "other");
const isBySeat = (point: Point) => onSeat(point) && !isGuessed(point);
const isMetered = (point: Point) => !onSeat(point) && !isGuessed(point);

function monthToDate(keep: (point: Point) => boolean): Expectation {
  return (view) => sums(view.last(metrics.cost.prometheus, sinceSeconds * 1000, "1h").filter(keep));
}

/** Metered use of the 28 whole days before today, by hand: mean since the first with usage, deviation with the empty ones. */
function forecast(deviations: number): Expectation {
  return (view) => {
    const midnight = Math.floor(view.atMs / dayMs) * dayMs;
    const days = Array.from({ length: 28 }, (_, back) =>
      view
        .between(metrics.cost.prometheus, midnight - (back + 1) * dayMs, midnight - back * dayMs, "1h")
        .filter(isMetered),
    );
    const used = days.map((points) => points.length > 0);
    const known = used.lastIndexOf(true) + 1;
    const spent = days.map(total);
    const sum = spent.reduce((a, b) => a + b, 0);
    const deviation = Math.sqrt(spent.reduce((a, b) => a + (b - sum / 28) ** 2, 0) / 28);
    const remaining = 31 - sinceSeconds / 86_400;
    const rest = (sum / known) * remaining + deviations * deviation * Math.sqrt(remaining);
    const [soFar] = monthToDate(isMetered)(view).values();
    return single(soFar === undefined || known === 0 ? undefined : soFar + Math.max(0, rest));
  };
}

const lastSevenDays: Expectation = (view) => sums(view.last(metrics.cost.prometheus, 7 * dayMs, "5m"));
const sevenDaysBefore: Expectation = (view) => sums(view.last(metrics.cost.prometheus, 7 * dayMs, "5m", 7 * dayMs));

const weekChange: Expectation = (view) => {
  const [now] = lastSevenDays(view).values();
  const [before] = sevenDaysBefore(view).values();
  return single(now === undefined || before === undefined ? undefined : (now - before) / before);
};

/** The highest twenty, those without the label under a name of their own. */
function ranking(label: string, remainder: string): Expectation {
  return (view) => {
    const groups = [...named(sums(view.points(metrics.cost.prometheus), [label]), label, remainder)].sort(
      ([, a], [, b]) => b - a,
    );
    return new Map(groups.slice(0, 20));
  };
}

function billed(keep: (point: Point) => boolean, label: string): Expectation {
  return (view) => named(sumOf(metrics.cost.prometheus, [label], keep)(view), label, "not set");
}

const topSessions: Expectation = (view) => {
  const by = ["session_id", "user", "team", "vcs_repository_name"];
  const groups = [...sums(view.last(metrics.cost.prometheus, dayMs, "raw"), by)].sort(([, a], [, b]) => b - a);
  return new Map(groups.slice(0, 20));
};

/** USD per million tokens: input, output, cache read, cache write. */
type PriceList = Readonly<Record<string, readonly [number, number, number, number]>>;

/** From the public price list. */
const list: PriceList = {
  "claude-sonnet-4-5": [3, 15, 0.3, 3.75],
  "claude-haiku-4-5": [1, 5, 0.1, 1.25],
  "claude-opus-4-5-20251101": [5, 25, 0.5, 6.25],
};
/** With inference in the US, a tenth more, and writes for an hour, twice the input. */
const dearest: PriceList = {
  "claude-sonnet-4-5": [3.3, 16.5, 0.33, 6.6],
  "claude-haiku-4-5": [1.1, 5.5, 0.11, 2.2],
  "claude-opus-4-5-20251101": [5.5, 27.5, 0.55, 11],
};
const types = ["input", "output", "cacheRead", "cacheCreation"];

function price(prices: PriceList, { labels, value }: Point): number {
  return ((prices[labels["model"] ?? ""]?.[types.indexOf(labels["type"] ?? "")] ?? 0) * value) / 1e6;
}

function isPriced({ labels }: Point): boolean {
  return labels["model"] !== undefined && labels["model"] in list;
}

function priced(prices: PriceList): Expectation {
  return (view) =>
    mapped(grouped(view.points(metrics.tokens.prometheus).filter(isPriced), ["model"]), (points) =>
      points.reduce((sum, point) => sum + price(prices, point), 0),
    );
}

const outside: Expectation = (view) => {
  const client = sums(view.points(metrics.cost.prometheus), ["model"]);
  const most = priced(dearest)(view);
  return mapped(priced(list)(view), (least, key) => {
    const spent = client.get(key) ?? 0;
    return Math.max(0, spent - (most.get(key) ?? 0)) + Math.min(0, spent - least);
  });
};

const unpriced: Expectation = (view) =>
  sums(
    view.points(metrics.tokens.prometheus).filter((point) => !isPriced(point)),
    ["model"],
  );

/** What reading saved against input, less what writing cost more than input. */
const cacheSavings: Expectation = (view) => {
  const points = view.points(metrics.tokens.prometheus).filter(isPriced);
  const saved = points.reduce((sum, { labels, value }) => {
    const [input, , read, write] = list[labels["model"] ?? ""] ?? [0, 0, 0, 0];
    const each = { cacheRead: input - read, cacheCreation: input - write }[labels["type"] as "cacheRead"] as
      | number
      | undefined;
    return sum + ((each ?? 0) * value) / 1e6;
  }, 0);
  return single(points.length === 0 ? undefined : saved);
};

/** Eight seats at 100 USD a month of 365.25 / 12 days. */
function seatsCost(view: View): number {
  return (800 * view.rangeMs) / ((365.25 / 12) * dayMs);
}

const seatValue = sumOf(metrics.cost.prometheus, [], isBySeat);
const seatFactor: Expectation = (view) => mapped(seatValue(view), (value) => value / seatsCost(view));
const seatsUsed: Expectation = (view): Groups => {
  const users = grouped(view.points(metrics.cost.prometheus).filter(isBySeat), ["user"]).size;
  return single(users === 0 ? undefined : users / 8);
};

/** A share of the seats' price per year instead of per month. */
const yearly = (expr: string) => expr.replace("365.25 / 12", "365.25");

/** What the panels of the spend dashboard should show, with eight seats and a budget of 500 USD. */
export const spendExpectations: Readonly<Record<string, TargetExpectation>> = {
  "Month to date/A": { right: monthToDate(isMetered), sinceSeconds },
  "Month to date/B": { right: monthToDate(isBySeat), sinceSeconds },
  "Month to date/C": { right: monthToDate(isGuessed), sinceSeconds },
  "Forecast for the month/A": { right: forecast(-2), sinceSeconds },
  "Forecast for the month/B": { right: forecast(0), sinceSeconds },
  "Forecast for the month/C": { right: forecast(2), sinceSeconds },
  "Budget used/A": { right: (view) => mapped(monthToDate(isMetered)(view), (value) => value / 500), sinceSeconds },
  "Last 7 days/A": { right: lastSevenDays },
  "The 7 days before/A": { right: sevenDaysBefore },
  "Change to the week before/A": { right: weekChange },
  "Cost by team/A": { right: ranking("team", "not set") },
  "Cost by user/A": { right: ranking("user", "not set") },
  "Cost by repository/A": { right: ranking("vcs_repository_name", "not attributed") },
  "Main, subagents, auxiliary/A": { right: ranking("query_source", "not attributed") },
  "Cost by skill/A": { right: ranking("skill_name", "not attributed") },
  "Cost by agent/A": { right: ranking("agent_name", "not attributed") },
  "Cost by plugin/A": { right: ranking("plugin_name", "not attributed") },
  "Cost by effort/A": { right: ranking("effort", "not attributed") },
  "Most expensive sessions of the last 24 hours/A": { right: topSessions },
  "Metered and seats by team/A": { right: billed(isMetered, "team") },
  "Metered and seats by team/B": { right: billed(isBySeat, "team") },
  "Metered and seats by team/C": { right: billed(isGuessed, "team") },
  "Metered and seats by user/A": { right: billed(isMetered, "user") },
  "Metered and seats by user/B": { right: billed(isBySeat, "user") },
  "Metered and seats by user/C": { right: billed(isGuessed, "user") },
  "Saved by the cache/A": { right: cacheSavings },
  "Tokens without a price/A": { right: unpriced },
  "Client's cost against the price table/A": { right: sumOf(metrics.cost.prometheus, ["model"]) },
  "Client's cost against the price table/B": { right: priced(list) },
  "Client's cost against the price table/C": { right: priced(dearest) },
  "Client's cost against the price table/D": { right: outside },
  "List-price value/A": { right: seatValue },
  "Price of the seats/A": { right: (view) => single(seatsCost(view)), wrong: yearly },
  "Value for each USD of seats/A": { right: seatFactor },
  "Seats used/A": { right: seatsUsed },
};
