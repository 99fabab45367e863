import { sleep } from "../support/processes";
import { clientExports } from "./client-exports";
import { LoadSender, type Signal } from "./load-sender";

/** Sessions that take turns. */
const sessions = 1000;
const connections = 64;

/** Series, connections and files are there after a load of so long. */
export const warmUpSeconds = 3;

/** Exports of one signal at a steady rate. */
export interface SteadyLoad {
  readonly signal: Signal;
  readonly perSecond: number;
  readonly seconds: number;
  /** Of each export of events or spans. Default 1. */
  readonly cycles?: number;
}

/** Sends a load to a collector's port for OTLP over HTTP. Throws if an export is not answered 200. @returns how many */
export async function sendSteadily(
  { signal, perSecond, seconds, cycles = 1 }: SteadyLoad,
  port: number,
): Promise<number> {
  const sender = new LoadSender(port, connections, {});
  const made = clientExports();
  const started = performance.now();
  const statuses: Promise<number>[] = [];
  for (let index = 0; index < perSecond * seconds; index++) {
    const early = started + (index * 1000) / perSecond - performance.now();
    if (early > 1) {
      await sleep(early);
    }
    const body = made[signal](index % sessions, Math.floor(index / sessions) * cycles + cycles - 1, Date.now(), cycles);
    statuses.push(sender.post(signal, body));
  }
  const refused = (await Promise.all(statuses)).filter((status) => status !== 200);
  sender.close();
  if (refused.length > 0) {
    throw new Error(`${refused.length} exports of ${signal} were answered ${[...new Set(refused)].join(", ")}`);
  }
  return statuses.length;
}
