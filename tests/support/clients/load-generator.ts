import type { Amounts } from "../compare";
import { type ExportAmounts, metricsExport } from "../otlp/otlp-payload";
import { OtlpSender, type SenderAccess, type SendResult } from "../otlp/otlp-sender";
import { sleep } from "../processes";

/** What to send. Bounded by `exports` and `perSecond`. */
export interface LoadOptions {
  /** Base URL of the OTLP/HTTP receiver. */
  readonly url: string;
  readonly exports: number;
  readonly perSecond: number;
  /** Value of the label `team`, and first part of every session id. */
  readonly team: string;
  /** How many sessions the exports are spread over, in turn. Default: one for each export. */
  readonly sessions?: number;
  /** How far the clients' clocks are ahead, always or at the time of each export; negative for behind. Default 0. */
  readonly clockOffsetMs?: number | (() => number);
  /** How often each export is delivered, one delivery after the other. Default 1. */
  readonly deliveries?: number;
  /** What lets the clients in. Default: nothing is asked for. */
  readonly access?: SenderAccess;
  /** Ends the load early; what was begun is finished. */
  readonly signal?: AbortSignal;
}

/** One export that was sent. */
export interface LedgerEntry extends SendResult {
  readonly session: string;
  readonly amounts: ExportAmounts;
  /** When it was first sent, by the machine's clock. */
  readonly sentMs: number;
}

/** What a load run sent and how it was answered. */
export class LoadLedger {
  readonly entries: LedgerEntry[] = [];

  /** The exports with one of these outcomes. */
  with(...outcomes: SendResult["outcome"][]): LedgerEntry[] {
    return this.entries.filter(({ outcome }) => outcomes.includes(outcome));
  }

  /** How many tries got each status; 0 stands for no answer. */
  statusCounts(): Map<number, number> {
    const counts = new Map<number, number>();
    for (const status of this.entries.flatMap(({ statuses }) => statuses)) {
      counts.set(status, (counts.get(status) ?? 0) + 1);
    }
    return counts;
  }
}

/** Amounts of exports, added up as integers, by the names that `readTotals` gives. */
export function totalsOf(entries: readonly LedgerEntry[]): Amounts {
  const sum = (pick: (amounts: ExportAmounts) => number): number =>
    entries.reduce((total, { amounts }) => total + pick(amounts), 0);
  return {
    cost: sum((amounts) => amounts.costMicroUsd) / 1e6,
    "tokens|input": sum((amounts) => amounts.input),
    "tokens|output": sum((amounts) => amounts.output),
    "tokens|cacheRead": sum((amounts) => amounts.cacheRead),
    "tokens|cacheCreation": sum((amounts) => amounts.cacheCreation),
    sessions: sum((amounts) => amounts.sessions),
    "lines|added": sum((amounts) => amounts.linesAdded),
    "lines|removed": sum((amounts) => amounts.linesRemoved),
    commits: sum((amounts) => amounts.commits),
  };
}

/** Sends the load and waits until the last export was answered or given up. */
export async function runLoad(options: LoadOptions): Promise<LoadLedger> {
  const ledger = new LoadLedger();
  const sender = new OtlpSender(options.url, options.access);
  const started = performance.now();
  const underWay: Promise<void>[] = [];
  const usedTimes = new Set<number>();
  for (let index = 0; index < options.exports && options.signal?.aborted !== true; index++) {
    await sleep(Math.max(0, started + (index * 1000) / options.perSecond - performance.now()));
    const session = `${options.team}-${index % (options.sessions ?? options.exports)}`;
    // One session never sends two exports of the same millisecond.
    let timeMs = Date.now() + offsetOf(options);
    while (usedTimes.has(timeMs)) {
      timeMs++;
    }
    usedTimes.add(timeMs);
    const amounts = amountsOf(index);
    const sentMs = Date.now();
    const body = metricsExport({ session, team: options.team, timeMs }, amounts);
    underWay.push(
      deliver(sender, body, options.deliveries ?? 1).then((result) => {
        ledger.entries.push({ session, amounts, sentMs, ...result });
      }),
    );
  }
  await Promise.all(underWay);
  sender.close();
  return ledger;
}

/** How far the clients' clocks are ahead now. */
export function offsetOf({ clockOffsetMs = 0 }: Pick<LoadOptions, "clockOffsetMs">): number {
  return typeof clockOffsetMs === "number" ? clockOffsetMs : clockOffsetMs();
}

async function deliver(sender: OtlpSender, body: string, times: number): Promise<SendResult> {
  let result = await sender.send("metrics", body);
  for (let delivery = 1; delivery < times; delivery++) {
    const again = await sender.send("metrics", body);
    const outcome = result.outcome === "accepted" ? result.outcome : again.outcome;
    result = { outcome, statuses: [...result.statuses, ...again.statuses] };
  }
  return result;
}

/** Different for neighbouring exports, so that a lost one and a doubled one do not cancel out. */
function amountsOf(index: number): ExportAmounts {
  return {
    costMicroUsd: 10_000 + ((index * 7919) % 9973),
    input: 100 + (index % 97),
    output: 50 + (index % 89),
    cacheRead: 1000 + (index % 83),
    cacheCreation: 10 + (index % 79),
    linesAdded: index % 13,
    linesRemoved: index % 7,
    commits: index % 3,
    sessions: 1,
  };
}
