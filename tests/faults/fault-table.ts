import type { SendResult } from "../support/otlp/otlp-sender";
import type { Balance } from "./balance";
import type { SteadyLedger } from "./steady-load";

/** One row of the table. */
export interface FaultRow {
  readonly fault: string;
  readonly seconds: number;
  readonly ledger: SteadyLedger;
  readonly balances: readonly Balance[];
}

const head = ["Fault", "Signal", "Sent", "Answered 200", "Stored", "**Lost**", "Twice", "Wrong sessions", "Exports"];

/** The rows as a Markdown table, with a line for the client's metrics and one for what is made of events. */
export function faultTable(rows: readonly FaultRow[]): string {
  const lines = rows.flatMap((row) => [cells(row, "metrics"), cells(row, "events")]);
  return [head, head.map(() => "---"), ...lines].map((each) => `| ${each.join(" | ")} |`).join("\n");
}

function cells({ fault, seconds, ledger, balances }: FaultRow, signal: Balance["signal"]): string[] {
  const found = balances.filter((balance) => balance.signal === signal);
  const amounts = (of: (balance: Balance) => number) => found.map((balance) => amount(balance, of(balance))).join(", ");
  const wrong = found.reduce((sum, { wrongSessions }) => sum + wrongSessions.length, 0);
  const sessions = found.reduce((sum, balance) => sum + balance.sessions, 0);
  const sent: readonly SendResult[] = ledger[signal];
  const accepted = sent.filter(({ outcome }) => outcome === "accepted").length;
  return [
    signal === "metrics" ? `${fault} (${Math.round(seconds)} s of load)` : "",
    signal,
    amounts((balance) => balance.sent),
    amounts((balance) => balance.accepted),
    amounts((balance) => balance.stored),
    amounts((balance) => balance.lost),
    amounts((balance) => balance.surplus),
    `${wrong} of ${sessions}`,
    `${sent.length} sent, ${sent.length - accepted} given up; failed tries: ${failures(sent)}`,
  ];
}

/** Statuses other than 200, and how many tries got each; the real client tries again. */
export function failedTries({ metrics, events }: SteadyLedger): string {
  return failures([...metrics, ...events]);
}

function failures(sent: readonly SendResult[]): string {
  const counts = new Map<number, number>();
  for (const status of sent.flatMap(({ statuses }) => statuses)) {
    counts.set(status, (counts.get(status) ?? 0) + 1);
  }
  counts.delete(200);
  const named = [...counts].map(([status, count]) => `${count} × ${status === 0 ? "no answer" : status}`);
  return named.length === 0 ? "0" : named.join(", ");
}

function amount({ unit }: Balance, value: number): string {
  return unit === "USD" ? `$${Number(value.toFixed(6))}` : `${Math.round(value)} tokens`;
}
