import { runEventLoad, type SentRequest } from "../support/clients/event-load";
import { type LedgerEntry, type LoadLedger, runLoad } from "../support/clients/load-generator";
import { metricsExport } from "../support/otlp/otlp-payload";
import { OtlpSender } from "../support/otlp/otlp-sender";
import { sleep } from "../support/processes";

/** More than any row lasts; the load ends by its signal. */
const longestSeconds = 7200;
const sessionsPerMachine = 5;

/** What the clients of a row send. */
export interface SteadyLoadOptions {
  /** Base URLs of OTLP/HTTP receivers, one for each client machine. */
  readonly endpoints: readonly string[];
  /** Value of `team`: a row's own. */
  readonly row: string;
  /** How far the clients' clocks are ahead at the time of each export; negative for behind. Default: right. */
  readonly clockOffsetMs?: () => number;
  /** Exports of metrics of one machine. Default 2. */
  readonly metricsPerSecond?: number;
  /** Exports of events of one machine. Default 1. */
  readonly eventsPerSecond?: number;
}

/** What was sent, and how it was answered. */
export interface SteadyLedger {
  readonly metrics: readonly LedgerEntry[];
  readonly events: readonly SentRequest[];
  /** Requests of the poison client, by the status of their answer; 0 for none. */
  readonly poison: ReadonlyMap<number, number>;
}

/** Clients that send without pause, a poison client beside them, until {@link SteadyLoad.end}. */
export class SteadyLoad {
  private readonly ending = new AbortController();
  private readonly metrics: Promise<LoadLedger>[];
  private readonly events: Promise<readonly SentRequest[]>[];
  private readonly poison: Promise<ReadonlyMap<number, number>>;

  constructor(options: SteadyLoadOptions) {
    const { signal } = this.ending;
    const { endpoints, row, clockOffsetMs = () => 0, metricsPerSecond = 2, eventsPerSecond = 1 } = options;
    const load = (url: string, kind: string, machine: number, perSecond: number) => ({
      ...{ url, team: `${row}-${kind}${machine}`, signal, clockOffsetMs },
      ...{ perSecond, exports: perSecond * longestSeconds },
    });
    this.metrics = endpoints.map(async (url, machine) =>
      runLoad({ ...load(url, "m", machine, metricsPerSecond), sessions: sessionsPerMachine }),
    );
    this.events = endpoints.map(async (url, machine) => runEventLoad(load(url, "e", machine, eventsPerSecond)));
    this.poison = sendPoison(endpoints[0] ?? "", row, signal);
  }

  /** Ends the load, and waits until every export was answered or given up. */
  async end(): Promise<SteadyLedger> {
    this.ending.abort();
    const [metrics, events, poison] = await Promise.all([
      Promise.all(this.metrics),
      Promise.all(this.events),
      this.poison,
    ]);
    return { metrics: metrics.flatMap(({ entries }) => entries), events: events.flat(), poison };
  }
}

/** In turn: points that contradict a stored one, a body cut in half, a signal that there is none of. */
async function sendPoison(url: string, row: string, signal: AbortSignal): Promise<ReadonlyMap<number, number>> {
  const sender = new OtlpSender(url);
  const answers = new Map<number, number>();
  const identity = { session: `${row}-poison`, team: "poison", timeMs: Date.now() };
  for (let index = 0; !signal.aborted; index++) {
    const contradiction = metricsExport(identity, poisonAmounts(index));
    const body = index % 2 === 0 ? contradiction : contradiction.slice(0, contradiction.length / 2);
    const { status } = await sender.post("metrics", body);
    answers.set(status, (answers.get(status) ?? 0) + 1);
    await sleep(500);
  }
  sender.close();
  return answers;
}

function poisonAmounts(index: number) {
  const amount = 1 + index;
  return {
    ...{ costMicroUsd: amount, input: amount, output: amount, cacheRead: amount, cacheCreation: amount },
    ...{ linesAdded: amount, linesRemoved: amount, commits: amount, sessions: amount },
  };
}
