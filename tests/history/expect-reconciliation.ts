import { texts } from "../../dashboards/text/texts";
import { metrics } from "../../telemetry/client-metrics";
import { ledgerMetrics } from "../../telemetry/event-metrics";
import type { Expectation, TargetExpectation } from "./expectation";
import { grouped, groupKey, type Groups, mapped, type Point, single, sums } from "./point";
import { type View } from "./view";
import { dayMs, minuteMs } from "../../units";

const { causes } = texts.en.trust.reconciliation.sessions;
const eventCost = ledgerMetrics.cost.prometheus;
const eventTokens = ledgerMetrics.tokens.prometheus;

/** Data may be on its way for five minutes, an export takes up to two. */
const arrival = 5 * minuteMs;
const slack = 2 * minuteMs;

/** A session of the day that is compared. */
interface Compared {
  readonly labels: Readonly<Record<string, string | undefined>>;
  /** USD within the day. */
  readonly metrics: number | undefined;
  readonly events: number | undefined;
  /** USD by metrics less USD by events, as far as it is sure. */
  readonly difference: number;
  readonly cause: string;
}

function total(points: readonly Point[]): number {
  return points.reduce((sum, { value }) => sum + value, 0);
}

/** Whether all that is missing can have been in the memory of a process: within a minute, after its last export. */
function wasKilled(exports: readonly Point[], requests: readonly Point[], missing: number): boolean {
  const lastExport = Math.max(0, ...exports.map(({ timeMs }) => timeMs));
  const lastRequest = Math.max(...requests.map(({ timeMs }) => timeMs));
  const lastMinute = requests.filter(({ timeMs }) => timeMs > Math.max(lastExport, lastRequest - minuteMs));
  return lastMinute.length > 0 && Math.abs(total(lastMinute) - missing) < 1e-9;
}

/** Sessions whose ledgers differ in the day that ended seven minutes ago. */
function compared(view: View, latePoints: readonly Point[]): Compared[] {
  const end = view.atMs - arrival - slack;
  const begin = end - dayMs;
  const late = (metric: string) => latePoints.filter((point) => point.metric === metric);
  const all = [
    ...view.between(metrics.cost.prometheus, begin - dayMs, view.atMs),
    ...late(metrics.cost.prometheus),
    ...view.between(eventCost, begin - dayMs, view.atMs),
    ...view.between(eventTokens, begin - dayMs, view.atMs),
  ];
  return [...grouped(all, ["session_id", "user", "team"])].flatMap(([key, points]) => {
    const of = (metric: string, from: number, until: number) =>
      points.filter((point) => point.metric === metric && point.timeMs > from && point.timeMs <= until);
    const requests = of(eventCost, begin, end);
    const events = total(requests);
    const sure = total(of(metrics.cost.prometheus, begin + slack, end)) - events;
    const most = total(of(metrics.cost.prometheus, begin, end + slack)) - events;
    const difference = sure > 1e-6 ? sure : most < -1e-6 ? most : 0;
    const marked = of(metrics.cost.prometheus, begin, view.atMs).some(({ labels }) =>
      ["claude_monitoring_clock", "claude_monitoring_temporality"].some((mark) => labels[mark] !== undefined),
    );
    const tokens = of(eventTokens, begin, end).length > 0;
    const withMetrics = of(metrics.cost.prometheus, begin, end + slack).length > 0;
    const cause = marked
      ? causes.corrected
      : requests.length === 0
        ? tokens
          ? causes.eventsWithoutCost
          : causes.noEvents
        : difference < 0 && wasKilled(of(metrics.cost.prometheus, begin, view.atMs), requests, -difference)
          ? causes.killed
          : !withMetrics
            ? causes.noMetrics
            : difference > 0
              ? causes.interrupted
              : causes.lost;
    const exports = of(metrics.cost.prometheus, begin, end);
    return difference === 0
      ? []
      : [
          {
            labels: JSON.parse(key) as Compared["labels"],
            metrics: exports.length === 0 ? undefined : total(exports),
            events: requests.length === 0 ? undefined : events,
            difference,
            cause,
          },
        ];
  });
}

function column(
  latePoints: readonly Point[],
  pick: (session: Compared) => number | undefined,
  more: (session: Compared) => Readonly<Record<string, string>> = () => ({}),
): Expectation {
  return (view) =>
    new Map(
      compared(view, latePoints).flatMap((session) => {
        const value = pick(session);
        return value === undefined ? [] : [[groupKey({ ...session.labels, ...more(session) }), value] as const];
      }),
    );
}

/** USD that are missing and that no harmless cause explains: of events, more than a tenth of what has some. */
export function lostUsd(latePoints: readonly Point[]): TargetExpectation {
  const right: Expectation = (view) => {
    const of = (cause: string) =>
      compared(view, latePoints)
        .filter((session) => session.cause === cause)
        .reduce((sum, { difference }) => sum + Math.abs(difference), 0);
    const events = of(causes.interrupted);
    return single(of(causes.lost) + (events > costWithEvents(view, latePoints) / 10 ? events : 0));
  };
  return { right, wrong: sameWindow };
}

/** USD by metrics of sessions that have events, within the day that is compared. */
function costWithEvents(view: View, latePoints: readonly Point[]): number {
  const end = view.atMs - arrival - slack;
  const within = (metric: string) => [
    ...view.between(metric, end - dayMs, end),
    ...latePoints.filter((point) => point.metric === metric && point.timeMs > end - dayMs && point.timeMs <= end),
  ];
  const sessions = new Set(within(eventCost).map(({ labels }) => labels["session_id"]));
  return total(within(metrics.cost.prometheus).filter(({ labels }) => sessions.has(labels["session_id"])));
}

function byUser(metric: string): Expectation {
  return (view) => sums(view.last(metric, 7 * dayMs, "5m"), ["user"]);
}

/** Of users who have both. */
function less(amounts: Groups, others: Groups): Groups {
  const both = [...amounts].filter(([key]) => others.has(key));
  return mapped(new Map(both), (value, key) => value - (others.get(key) ?? 0));
}

function userDifference(metric: string, event: string): Expectation {
  return (view) => less(byUser(metric)(view), byUser(event)(view));
}

function dailyDifference(metric: string, event: string): Expectation {
  const daily = (view: View, name: string) => sums(view.bar(name, dayMs, "1h", dayMs), ["user"]);
  return (view) => {
    const apart = mapped(less(daily(view, metric), daily(view, event)), Math.abs);
    return new Map([...apart].filter(([, value]) => value > 1e-6));
  };
}

/** The common mistake: the same window of both. */
const sameWindow = (expr: string) => expr.replaceAll(/\[\d+s\] offset \w+/g, "[1d] offset 7m");

/** What the panels about the two ledgers should show. */
export function reconciliationExpectations(latePoints: readonly Point[]): Readonly<Record<string, TargetExpectation>> {
  const wrong = sameWindow;
  const { title: users } = texts.en.trust.reconciliation.users;
  const { title: sessions } = texts.en.trust.reconciliation.sessions;
  return {
    "Missing without a harmless reason/A": lostUsd(latePoints),
    [`${sessions}/A`]: {
      right: column(
        latePoints,
        ({ difference }) => difference,
        ({ cause }) => ({ cause }),
      ),
      wrong,
    },
    [`${sessions}/B`]: { right: column(latePoints, (session) => session.metrics), wrong },
    [`${sessions}/C`]: { right: column(latePoints, (session) => session.events), wrong },
    [`${users}/A`]: { right: byUser(metrics.cost.prometheus) },
    [`${users}/B`]: { right: byUser(eventCost) },
    [`${users}/C`]: { right: userDifference(metrics.cost.prometheus, eventCost) },
    [`${users}/D`]: { right: byUser(metrics.tokens.prometheus) },
    [`${users}/E`]: { right: byUser(eventTokens) },
    [`${users}/F`]: { right: userDifference(metrics.tokens.prometheus, eventTokens) },
    "Apart, by user and day/A": {
      right: dailyDifference(metrics.cost.prometheus, eventCost),
      // The common mistake: those who have more by events are left out.
      wrong: (expr) => expr.replace("abs(", "("),
    },
    "Tokens apart, by user and day/A": { right: dailyDifference(metrics.tokens.prometheus, eventTokens) },
  };
}
