import * as assert from "node:assert/strict";
import * as fs from "node:fs";
import * as path from "node:path";

import { sleep, waitUntil } from "../processes";
import { type ExportSink, markedExport, signals } from "./marked-exports";
import { type QueueCollector, queueFile } from "./queue-collector";

/** A collector's queues at a moment in which it was killed. */
export interface QueueSource {
  readonly name: string;
  /** By signal. */
  readonly files: ReadonlyMap<string, Buffer>;
  /** Numbers of the exports that were sent on before. */
  readonly taken: ReadonlySet<number>;
}

/** What happens before the collector is killed. */
export interface QueueHistory {
  /** Exports that are sent on at once. */
  readonly sent: number;
  /** Exports that come while nobody takes them. */
  readonly waiting: number;
  /** Clients that send at the same time. Default 1. */
  readonly clients?: number;
  /** Whether all are sent on in the end, and as many as before once more. Default false. */
  readonly drained?: boolean;
}

/** Longer than it takes to hand on what was just sent. */
const settleMs = 300;

/** Bytes of an export's text: most fit into a page, some need several. */
export function exportBytes(number: number): number {
  return [60, 700, 1500, 300, 9000, 200, 3000].at(number % 7)!;
}

/** Fills the queues of a collector, kills it, and reads their files. */
export async function killedQueues(
  name: string,
  collector: QueueCollector,
  sink: ExportSink,
  { sent, waiting, clients = 1, drained = false }: QueueHistory,
): Promise<QueueSource> {
  const send = async (number: number) => {
    assert.equal(await collector.send(markedExport(number, exportBytes(number))), 200);
  };
  const sendAll = async (from: number, to: number) => {
    for (let number = from; number < to; number += clients) {
      await Promise.all(Array.from({ length: Math.min(clients, to - number) }, (_, client) => send(number + client)));
    }
  };
  const taken = (count: number) => waitUntil("all are sent", () => sink.below(`/${name}/`).length === count);
  assert.ok(await collector.start());
  await sendAll(0, sent);
  await taken(sent);
  sink.takes = false;
  await sendAll(sent, sent + waiting);
  if (drained) {
    sink.takes = true;
    await taken(sent + waiting);
    await sendAll(sent + waiting, sent + waiting + sent);
    await taken(sent + waiting + sent);
  }
  await sleep(settleMs);
  await collector.kill();
  sink.takes = true;
  const files = signals.map((signal) => {
    return [signal, fs.readFileSync(path.join(collector.queueFolder, queueFile(name, signal)))] as const;
  });
  return { name, files: new Map(files), taken: new Set(sink.below(`/${name}/`)) };
}
