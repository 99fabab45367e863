import { labels } from "../../telemetry/labels";
import { type Signal, signals } from "../signals";
import { amount, type Source, sumBy, trend, type Window } from "./amount";
import { type Matchers, selector } from "./selector";
import { day, minute } from "../../units";

/**
 * The clients' metrics against the same amounts as their events have them.
 *
 * A request's event carries the request's time; the metrics that hold it carry the time of their export, up to one
 * interval later. So a window of both is comparable exactly if a session neither began before it nor runs on after it.
 * For all others an edge is unsure, so bounds are compared. Events of a window come to at least the metrics in it,
 * without an interval at its begin. They come to at most the metrics in it, with another interval at its end. An amount
 * outside these bounds is missing, whether the session runs or not. A running session never looks incomplete.
 */

/** Options of a comparison by session. */
export interface ComparisonOptions {
  readonly matchers?: Matchers;
  /** Export interval of the clients' metrics, in seconds. Default 60. */
  readonly intervalSeconds?: number;
}

/** Names of the likely causes. */
export interface Causes {
  /** Metrics, and not a single event. */
  readonly noEvents: string;
  /** Events that name no cost, as some versions of the client write them. */
  readonly eventsWithoutCost: string;
  /** Events, and not a single metric, as some versions of the client send them. */
  readonly noMetrics: string;
  /** The collector corrected the client's clock or temporality, so repeated exports may count twice. */
  readonly corrected: string;
  /** Events after the last export of metrics, as many as one interval can hold. */
  readonly killed: string;
  /** Events lack something: a reply that was interrupted is paid and has no event, but an event may be lost too. */
  readonly interrupted: string;
  /** None of these: lost on the way. */
  readonly lost: string;
}

/** Window in which sessions are compared. */
const comparedSeconds = day;
/** Longest expected delay of data, in seconds. */
const arrival = 5 * minute;
/** Smallest difference that is none of rounding; a request costs more. */
const rounding = "0.000001";
/** Share of the compared cost that replies may make up which a user interrupted: they are paid, and have no event. */
const interruptedShare = 0.1;
/** Windows of the subqueries below: as long as Prometheus looks for the newest sample. */
const step = "5m";

const bySession = [labels.session, labels.user, labels.team];
const onSession = `on (${labels.session})`;

/** USD of each session in windows that end some minutes ago, for which all of it must have arrived. */
class Comparison {
  readonly events: string;
  readonly metrics: string;
  /** USD that events lack, of sessions that have some as of those that have none. */
  readonly missingEvents: string;
  /** USD that metrics lack. */
  readonly missingMetrics: string;
  /** USD by metrics less USD by events, as far as it is sure. */
  readonly difference: string;
  /** Tokens by events, which may have no cost. */
  readonly eventTokens: string;
  /** USD by events of sessions without any metrics. */
  readonly withoutMetrics: string;
  private readonly range: string;

  constructor(private readonly options: ComparisonOptions) {
    // An export takes its time too.
    const slack = (options.intervalSeconds ?? 60) + minute;
    const end = arrival + slack;
    this.range = `[${comparedSeconds + end}s:${step}]`;
    this.events = this.spent(signals.eventCost, comparedSeconds, end);
    this.metrics = this.spent(signals.cost, comparedSeconds, end);
    const metricsAtLeast = this.spent(signals.cost, comparedSeconds - slack, end);
    const metricsAtMost = this.spent(signals.cost, comparedSeconds + slack, arrival);
    this.missingEvents = missing(metricsAtLeast, this.events);
    this.missingMetrics = missing(this.events, metricsAtMost);
    this.difference = `(${this.missingEvents} or -${this.missingMetrics})`;
    this.eventTokens = this.spent(signals.eventTokens, comparedSeconds, end);
    this.withoutMetrics = `(${this.events} unless ${onSession} ${metricsAtMost})`;
  }

  /** Sessions that the collector corrected. */
  get corrected(): string {
    const { matchers = [] } = this.options;
    const marked = [labels.clock, labels.temporality].map((label) =>
      amount(signals.cost, `${comparedSeconds}s`, {
        matchers: [...matchers, `${label}!=""`],
        by: [labels.session],
        source: "raw",
      }),
    );
    return `(${marked.join(" or ")})`;
  }

  /** Sessions whose last events came after their last metrics, and lack no more than a short while can hold. */
  get killed(): string {
    const { matchers = [] } = this.options;
    const newest = (signal: Signal) =>
      `max_over_time(max by (${labels.session}) (timestamp(${selector(signal.metric, matchers)}))${this.range})`;
    const [event, exported] = [newest(signals.eventCost), newest(signals.cost)];
    // Where there is no export at all, the event is newer than the begin of time.
    const noExportSince = `(${event} > ${onSession} (${exported} or ${sumBy([labels.session], this.events)} * 0))`;
    // Windows a minute longer than their distance: whatever a minute held lies within one of them.
    const window = sumBy(bySession, `sum_over_time(${selector(signals.eventCost.metric, matchers)}[6m])`);
    const dearest = `max_over_time(${window}${this.range})`;
    return `((${this.missingMetrics} <= ${dearest}) and ${onSession} ${noExportSince})`;
  }

  private spent(signal: Signal, windowSeconds: number, endsAgo: number): string {
    const { matchers = [] } = this.options;
    return amount(signal, `${windowSeconds}s`, { matchers, by: bySession, source: "raw", offset: endsAgo });
  }
}

/** Surplus of one side over the other, which may be empty. Each side is queried once, from raw series. */
function missing(more: string, less: string): string {
  // A label keeps the two apart until they are added up.
  const apart = `label_replace(${more}, "more", "1", "", "") or -${less}`;
  return `(${sumBy(bySession, apart)} > ${rounding})`;
}

/** Sessions without metrics that one user may have in a day because their processes were killed at once. */
const killedAtOnce = 2;

/**
 * USD by events of the last day's sessions without any metrics, by user. A client that cannot send metrics has them again
 * and again, or for longer than a killed process explains.
 */
export function costWithoutMetrics(options: ComparisonOptions): string {
  const { withoutMetrics, killed } = new Comparison(options);
  const by = (sessions: string) => sumBy([labels.user], sessions);
  const often = `count by (${labels.user}) (${withoutMetrics}) > ${killedAtOnce}`;
  const long = by(`${withoutMetrics} unless ${onSession} ${killed}`);
  return `${by(withoutMetrics)} and on (${labels.user}) (${often} or ${long})`;
}

/**
 * USD that are missing from the one or the other ledger of the last day and that no harmless cause explains. Missing
 * events count only beyond the share of interrupted replies. Sessions without any metrics are in {@link costWithoutMetrics}.
 *
 * @returns 0 where both agree, and no data without events
 */
export function lostCost(options: ComparisonOptions): string {
  const { missingEvents, missingMetrics, metrics, events, withoutMetrics, corrected, killed } = new Comparison(options);
  const withEvents = `and ${onSession} ${events}`;
  const explained = `(${corrected} or ${killed} or ${withoutMetrics})`;
  const lostMetrics = `sum((${missingMetrics} ${withEvents}) unless ${onSession} ${explained})`;
  const lostEvents = `sum((${missingEvents} ${withEvents}) unless ${onSession} ${corrected})`;
  const compared = `sum(${metrics} ${withEvents})`;
  return (
    `((${lostMetrics} or vector(0)) + (${lostEvents} > ${interruptedShare} * ${compared} or vector(0)))` +
    ` and sum(${events})`
  );
}

/**
 * Sessions of the last day whose ledgers differ: USD by metrics less USD by events as far as it is sure, with the
 * likely cause in the label that is named.
 */
export function sessionDifferences(label: string, causes: Causes, options: ComparisonOptions): string {
  const { metrics, events, missingEvents, difference, eventTokens, withoutMetrics, corrected, killed } = new Comparison(
    options,
  );
  const caused = (cause: string, sessions: string) =>
    `label_replace(group by (${labels.session}) (${sessions}), "${label}", "${cause}", "", "")`;
  // The first cause that fits.
  const cause = [
    caused(causes.corrected, corrected),
    caused(causes.eventsWithoutCost, `${eventTokens} unless ${onSession} ${events}`),
    caused(causes.noEvents, `${metrics} unless ${onSession} ${events}`),
    caused(causes.killed, killed),
    caused(causes.noMetrics, withoutMetrics),
    caused(causes.interrupted, missingEvents),
    caused(causes.lost, events),
  ].join(` or ${onSession} `);
  return `${difference} * ${onSession} group_left (${label}) (${cause})`;
}

/** USD by metrics, and by events, of the same sessions. */
export function differingCosts(options: ComparisonOptions): { readonly metrics: string; readonly events: string } {
  const { metrics, events, difference } = new Comparison(options);
  const of = (amounts: string) => `${amounts} and ${onSession} ${difference}`;
  return { metrics: of(metrics), events: of(events) };
}

/** The two ledgers of an amount. */
export interface Ledgers {
  readonly metrics: Signal;
  readonly events: Signal;
}

/** Amounts with two ledgers. */
export const ledgers = {
  cost: { metrics: signals.cost, events: signals.eventCost },
  tokens: { metrics: signals.tokens, events: signals.eventTokens },
} as const satisfies Record<string, Ledgers>;

/** An amount of each user by one ledger, over days that end now. */
export function byUser(signal: Signal, window: Window, source: Source): string {
  return amount(signal, window, { by: [labels.user], source });
}

/** Metrics less events, of users who have both. */
export function userDifference({ metrics, events }: Ledgers, window: Window, source: Source): string {
  return `${byUser(metrics, window, source)} - ${byUser(events, window, source)}`;
}

/** Difference of the two ledgers by user and day, for users with both; nothing for those that agree. */
export function dailyDifference({ metrics, events }: Ledgers, source: Source): string {
  const daily = (signal: Signal) => trend(signal, { by: [labels.user], source }, "1d");
  return `abs(${daily(metrics)} - ${daily(events)}) > ${rounding}`;
}
