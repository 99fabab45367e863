import * as assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import * as fs from "node:fs";
import * as path from "node:path";

import { bundleQueueCheck } from "../../queue-check/bundle";
import { damagedQueuesLabel, noneDamaged } from "../../telemetry/queue-report";
import { pipelineBinaries } from "../support/collectors/pipeline-binaries";
import { freePorts } from "../support/loopback-ports";
import { sleep, temporaryDirectory } from "../support/processes";
import { cut, type Damage, isLeft, isNumbered, liveLeaves, pageSize, zeroed } from "../support/queues/damage";
import { damages, writeDamaged } from "../support/queues/damages";
import { copiesOf, ExportSink, signals } from "../support/queues/marked-exports";
import { QueueCollector, queueFile } from "../support/queues/queue-collector";
import { exportBytes, killedQueues, type QueueHistory, type QueueSource } from "../support/queues/queue-source";

/** Queues of one collector, so of one start. */
const queuesPerStart = 60;

/** What queues went through before their collector was killed. */
const histories: Readonly<Record<string, QueueHistory>> = {
  waiting: { sent: 60, waiting: 240 },
  few: { sent: 40, waiting: 6 },
  idle: { sent: 50, waiting: 0 },
  busy: { sent: 90, waiting: 0, clients: 12 },
  drained: { sent: 20, waiting: 200, drained: true },
};

interface Tried {
  readonly source: QueueSource;
  readonly signal: string;
  readonly damage: Damage;
  /** Numbers of the exports that wait in the undamaged file. */
  readonly waiting: readonly number[];
  /** Those of them that were not sent on before, and whose bytes are not on a damaged page. */
  readonly readable: readonly number[];
  /** Whether the newest copy of the queue's own numbers is not on a damaged page. */
  readonly numbered: boolean;
}

/** Marks damage that takes the newest copy of the queue's own numbers, too: which exports were sent is a guess then. */
const numbersLost = ", numbers lost";
/** Share of the exports for which the guess may be wrong. */
const tolerated = 0.05;
/** No export comes for so long: no more will, where all came that must. */
const settledMs = 2_000;
/** The same where some are missing: longer than a busy machine pauses. */
const missingMs = 20_000;

/** Sums of one kind of damage. */
interface Row {
  files: number;
  started: number;
  readable: number;
  /** Readable exports that were not sent. */
  lost: number;
  /** Exports that were sent twice, or had been sent before. */
  doubled: number;
}

describe("damaged queue files", function () {
  this.timeout(300_000);
  const folder = temporaryDirectory("damaged-queues");
  const check = path.join(folder, "queue-check.mjs");
  let binary: string;
  let sink: ExportSink;
  let sinkPort: number;
  const sources: QueueSource[] = [];
  /** By source: exports that a collector sends from the undamaged files. */
  const live = new Map<string, readonly number[]>();

  before(async () => {
    ({ collector: binary } = await pipelineBinaries());
    fs.writeFileSync(check, bundleQueueCheck());
    [sinkPort = 0] = await freePorts(1);
    sink = await ExportSink.start(sinkPort);
    for (const [name, history] of Object.entries(histories)) {
      sources.push(await killedQueues(name, await collectorFor(name, [name]), sink, history));
    }
    const collector = await collectorFor("live", Object.keys(histories));
    forEachFile((source, signal, bytes) => {
      fs.writeFileSync(path.join(collector.queueFolder, queueFile(source.name, signal)), bytes);
    });
    sink.taken.clear();
    assert.ok(await collector.start());
    const waiting = Object.entries(histories).filter(([, { drained }]) => drained !== true);
    await allCame(() => waiting.every(([name, history]) => sink.below(`/${name}/`).length >= history.waiting));
    await collector.stop();
    sources.forEach(({ name }) => live.set(name, sink.below(`/${name}/`)));
    assert.equal(live.get("waiting")!.length, histories["waiting"]!.waiting);
  });

  after(async () => {
    await sink.stop();
  });

  it("keep a collector from starting where nobody checks them", async () => {
    const file = sources[0]!.files.get("logs")!;
    const unchecked = [cut(file, 20_000), zeroed(file, 0, 1)];
    for (const [index, damage] of unchecked.entries()) {
      const collector = await collectorFor(`unchecked${index}`, ["q"]);
      writeDamaged(path.join(collector.queueFolder, queueFile("q", "logs")), damage);
      const started = await collector.start();
      await collector.stop();
      assert.equal(started, false, damage.kind);
    }
  });

  it("keep none from starting after the check, lose what was on damaged pages only, and double nothing", async () => {
    const tried: Tried[] = [];
    forEachFile((source, signal, bytes) => {
      tried.push(...damagedCopies(source, signal, bytes));
    });
    const table = new Map<string, Row>();
    const wrong: string[] = [];
    for (let from = 0; from < tried.length; from += queuesPerStart) {
      wrong.push(...(await tryGroup(`group${from}`, tried.slice(from, from + queuesPerStart), table)));
    }
    console.table(Object.fromEntries(table));
    const sum = (key: keyof Row) => [...table.values()].reduce((total, row) => total + row[key], 0);
    assert.ok(sum("files") >= 200, String(sum("files")));
    assert.equal(sum("started"), sum("files"));
    const guessed = [...table].filter(([kind]) => kind.endsWith(numbersLost));
    guessed.forEach(([kind]) => table.delete(kind));
    assert.deepEqual(wrong, []);
    // Where nothing tells any more which exports were sent, some are lost, or sent twice: few.
    const wrongGuesses = guessed.reduce((total, [, { lost, doubled }]) => total + lost + doubled, 0);
    const all = guessed.reduce((total, [, { readable }]) => total + readable, 0);
    assert.ok(wrongGuesses <= all * tolerated, `${wrongGuesses} of ${all}`);
    assert.ok(sum("readable") > 1000, String(sum("readable")));
  });

  it("are named by the collector's own metrics", async () => {
    for (const [index, bytes] of [sources[0]!.files.get("logs")!, Buffer.alloc(pageSize)].entries()) {
      const report = path.join(folder, `report${index}`);
      const collector = await collectorFor(`reported${index}`, ["q"], report);
      fs.writeFileSync(path.join(collector.queueFolder, queueFile("q", "logs")), bytes);
      execFileSync(process.execPath, [check, collector.queueFolder, report]);
      assert.ok(await collector.start());
      const text = await collector.selfMetrics();
      await collector.stop();
      const expected = index === 0 ? noneDamaged : `1 ${queueFile("q", "logs")}`;
      assert.match(text, new RegExp(`^target_info\\{${damagedQueuesLabel}="${expected}",`, "m"));
    }
  });

  function forEachFile(use: (source: QueueSource, signal: string, bytes: Buffer) => void): void {
    for (const source of sources) {
      for (const [signal, bytes] of source.files) {
        use(source, signal, bytes);
      }
    }
  }

  async function collectorFor(name: string, queues: readonly string[], report?: string): Promise<QueueCollector> {
    const options = { queues, sinkPort, ...(report === undefined ? {} : { report }) };
    return QueueCollector.create(binary, path.join(folder, name), options);
  }

  /** Waits until no more comes. */
  async function allCame(isComplete: () => boolean): Promise<void> {
    let last = sink.below("/").length;
    for (let since = Date.now(); Date.now() - since < (isComplete() ? settledMs : missingMs);) {
      await sleep(200);
      const now = sink.below("/").length;
      [last, since] = [now, now === last ? since : Date.now()];
    }
  }

  function damagedCopies(source: QueueSource, signal: string, file: Buffer): Tried[] {
    const leaves = liveLeaves(file);
    const waiting = live.get(source.name)!.filter((number) => signals[number % signals.length] === signal);
    const unsent = waiting.filter((number) => !source.taken.has(number));
    return damages(file).map((damage) => {
      const readable = unsent.filter((number) =>
        copiesOf(file, number, exportBytes(number)).some((copy) => isLeft(file, leaves, damage, copy)),
      );
      return { source, signal, damage, waiting, readable, numbered: isNumbered(file, leaves, damage) };
    });
  }

  /** Sends what a collector finds in damaged files. Returns those that came out wrong, but for guesses. */
  async function tryGroup(name: string, group: readonly Tried[], table: Map<string, Row>): Promise<string[]> {
    const queues = group.map((_, index) => `${name}-${index}`);
    const collector = await collectorFor(name, queues);
    const fileOf = (index: number) => path.join(collector.queueFolder, queueFile(queues[index]!, group[index]!.signal));
    group.forEach(({ damage }, index) => {
      writeDamaged(fileOf(index), damage);
    });
    execFileSync(process.execPath, [check, collector.queueFolder, path.join(folder, `${name}.report`)]);
    const started = await collector.start();
    const sentOf = (index: number) => sink.below(`/${queues[index]!}/`);
    await allCame(() =>
      group.every(({ numbered, readable }, index) => !numbered || lostOf(readable, sentOf(index)).length === 0),
    );
    await collector.stop();
    return group.flatMap((tried, index) => count(tried, sentOf(index), started, table));
  }

  function count(tried: Tried, sent: readonly number[], started: boolean, table: Map<string, Row>): string[] {
    const { source, signal, damage, waiting, readable, numbered } = tried;
    const lost = lostOf(readable, sent);
    const doubled = sent.filter((number, index) => !waiting.includes(number) || sent.indexOf(number) !== index);
    const kind = numbered ? damage.kind : damage.kind + numbersLost;
    const row = table.get(kind) ?? { files: 0, started: 0, readable: 0, lost: 0, doubled: 0 };
    row.files++;
    row.started += Number(started);
    row.readable += readable.length;
    row.lost += lost.length;
    row.doubled += doubled.length;
    table.set(kind, row);
    const isWrong = lost.length + doubled.length > 0;
    const text = `${source.name} ${signal} ${kind} ${JSON.stringify({ at: damage.lost, lost, doubled })}`;
    if (isWrong) {
      console.log(text);
    }
    return isWrong && numbered ? [text] : [];
  }
});

function lostOf(readable: readonly number[], sent: readonly number[]): number[] {
  return readable.filter((number) => !sent.includes(number));
}
