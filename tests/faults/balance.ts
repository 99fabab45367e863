import { metrics } from "../../telemetry/client-metrics";
import { ledgerMetrics } from "../../telemetry/event-metrics";
import type { SentRequest } from "../support/clients/event-load";
import type { LedgerEntry } from "../support/clients/load-generator";
import type { SendResult } from "../support/otlp/otlp-sender";
import type { PrometheusReader } from "../support/prometheus/prometheus-reader";
import type { SteadyLedger } from "./steady-load";

/** Tokens of every event that `runEventLoad` sends. */
const tokensOfEvent = 100 + 20 + 1000 + 10;
/** Of sums of binary fractions, in the unit compared: a millionth of a USD, or a token. */
const noise = 0.01;

/** One export: what it was worth, in millionths of a USD or in tokens, and how it was answered. */
export interface Sent {
  readonly session: string;
  readonly amount: number;
  readonly outcome: SendResult["outcome"];
}

/** One amount of one signal: what clients sent against what Prometheus holds. */
export interface Balance {
  readonly signal: "metrics" | "events";
  readonly unit: "USD" | "tokens";
  readonly sent: number;
  /** Of that, what was answered 200. */
  readonly accepted: number;
  /** Of that, what got no answer: it may or may not be stored. */
  readonly unanswered: number;
  readonly stored: number;
  /** Accepted, and not stored; added up over the sessions, so that one's surplus does not hide another's lack. */
  readonly lost: number;
  /** Stored, and never sent or sent once only; added up in the same way. */
  readonly surplus: number;
  /** Sessions whose stored sum is none that their exports can add up to. */
  readonly wrongSessions: readonly string[];
  readonly sessions: number;
}

/** The balances of a row: USD and tokens, of the client's metrics and of what the collector makes of events. */
export async function balances(
  reader: PrometheusReader,
  row: string,
  { metrics: load, events }: SteadyLedger,
): Promise<Balance[]> {
  // Points whose clock is ahead lie in the future.
  const options = { window: "3h", matchers: `team=~"${row}-.*"`, at: Date.now() / 1000 + 600, by: ["session_id"] };
  const stored = async (metric: string) => reader.sumOf(metric, options);
  const tokens = (of: { input: number; output: number; cacheRead: number; cacheCreation: number }) =>
    of.input + of.output + of.cacheRead + of.cacheCreation;
  const metricsSent = (amountOf: (entry: LedgerEntry) => number): Sent[] =>
    load.map((entry) => ({ session: entry.session, outcome: entry.outcome, amount: amountOf(entry) }));
  const eventsSent = (amountOf: (event: SentRequest) => number): Sent[] =>
    events.map((event) => ({ session: event.session, outcome: event.outcome, amount: amountOf(event) }));
  return [
    balance(
      "metrics",
      "USD",
      metricsSent(({ amounts }) => amounts.costMicroUsd),
      await stored(metrics.cost.prometheus),
    ),
    balance(
      "metrics",
      "tokens",
      metricsSent(({ amounts }) => tokens(amounts)),
      await stored(metrics.tokens.prometheus),
    ),
    balance(
      "events",
      "USD",
      eventsSent(({ costMicroUsd }) => costMicroUsd),
      await stored(ledgerMetrics.cost.prometheus),
    ),
    balance(
      "events",
      "tokens",
      eventsSent(() => tokensOfEvent),
      await stored(ledgerMetrics.tokens.prometheus),
    ),
  ];
}

/** Compares session by session. @param stored by session, in USD or in tokens */
export function balance(
  signal: Balance["signal"],
  unit: Balance["unit"],
  sent: readonly Sent[],
  stored: ReadonlyMap<string, number>,
): Balance {
  const scale = unit === "USD" ? 1e6 : 1;
  const bySession = new Map<string, Sent[]>([...stored.keys()].map((session) => [session, []]));
  for (const each of sent) {
    bySession.set(each.session, [...(bySession.get(each.session) ?? []), each]);
  }
  let [lost, surplus] = [0, 0];
  const wrongSessions: string[] = [];
  for (const [session, exports] of bySession) {
    const found = (stored.get(session) ?? 0) * scale;
    const difference = found - sumOf(exports, "accepted");
    const unanswered = exports.filter(({ outcome }) => outcome === "unknown").map(({ amount }) => amount);
    if (!isSumOfSome(difference, unanswered)) {
      wrongSessions.push(`${session}: off by ${difference / scale} ${unit}`);
      lost += Math.max(0, -difference);
      surplus += Math.max(0, difference - sumOf(exports, "unknown"));
    }
  }
  const total = [...stored.values()].reduce((sum, value) => sum + value, 0);
  return {
    ...{ signal, unit, sessions: bySession.size, wrongSessions, stored: total },
    sent: sumOf(sent) / scale,
    accepted: sumOf(sent, "accepted") / scale,
    unanswered: sumOf(sent, "unknown") / scale,
    lost: lost / scale,
    surplus: surplus / scale,
  };
}

function sumOf(sent: readonly Sent[], only?: Sent["outcome"]): number {
  return sent.reduce((sum, { amount, outcome }) => (only === undefined || outcome === only ? sum + amount : sum), 0);
}

/** Whether some of the amounts (none and all included) add up to the target. */
function isSumOfSome(target: number, amounts: readonly number[]): boolean {
  if (Math.abs(target) <= noise) {
    return true;
  }
  const whole = Math.round(target);
  if (whole < 0 || Math.abs(target - whole) > noise || whole > amounts.reduce((sum, each) => sum + each, 0)) {
    return false;
  }
  const reachable = new Uint8Array(whole + 1);
  reachable[0] = 1;
  for (const each of amounts) {
    for (let sum = whole; sum >= each; sum--) {
      reachable[sum] = reachable[sum] === 1 || reachable[sum - each] === 1 ? 1 : 0;
    }
  }
  return reachable[whole] === 1;
}
