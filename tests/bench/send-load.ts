import { sleep } from "../support/processes";
import { clientExports } from "./client-exports";
import { LoadSender, type Signal } from "./load-sender";

/** Sessions that take turns. */
const sessions = 1000;
const connections = 64;

/** Series, connections and files are there after a load of so long. */
export const warmUpSeconds = 3;

/** Exports of one signal. */
export interface Load {
  readonly signal: Signal;
  /** Undefined: each connection waits for its answer and sends the next. */
  readonly perSecond: number | undefined;
  readonly seconds: number;
  /** Of each export of events or spans. Default 1. */
  readonly cycles?: number;
}

/** Exports of one signal at a steady rate. */
export interface SteadyLoad extends Load {
  readonly perSecond: number;
}

/** Sends a load to a collector's port for OTLP over HTTP. Throws if an export is not answered 200. @returns how many */
export async function sendLoad({ signal, perSecond, seconds, cycles = 1 }: Load, port: number): Promise<number> {
  const sender = new LoadSender(port, connections, {});
  const made = clientExports();
  const started = performance.now();
  const statuses: Promise<number>[] = [];
  const send = async (): Promise<number> => {
    const index = statuses.length;
    const body = made[signal](index % sessions, Math.floor(index / sessions) * cycles + cycles - 1, Date.now(), cycles);
    const status = sender.post(signal, body);
    statuses.push(status);
    return status;
  };
  if (perSecond === undefined) {
    const busy = async () => {
      while (performance.now() < started + seconds * 1000) {
        await send();
      }
    };
    await Promise.all(Array.from({ length: connections }, busy));
  } else {
    while (statuses.length < perSecond * seconds) {
      const early = started + (statuses.length * 1000) / perSecond - performance.now();
      if (early > 1) {
        await sleep(early);
      }
      void send();
    }
  }
  const refused = (await Promise.all(statuses)).filter((status) => status !== 200);
  sender.close();
  if (refused.length > 0) {
    throw new Error(`${refused.length} exports of ${signal} were answered ${[...new Set(refused)].join(", ")}`);
  }
  return statuses.length;
}
