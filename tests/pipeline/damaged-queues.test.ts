import * as assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import * as fs from "node:fs";
import * as path from "node:path";

import { bundleQueueCheck } from "../../queue-check/bundle";
import { damagedQueuesLabel, noneDamaged } from "../../telemetry/queue-report";
import { pipelineBinaries } from "../support/collectors/pipeline-binaries";
import { freePorts } from "../support/loopback-ports";
import { sleep, temporaryDirectory } from "../support/processes";
import { cut, type Damage, isLeft, isNumbered, leafOf, liveLeaves, pageSize, zeroed } from "../support/queues/damage";
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
}

/** Marks damage that takes the newest copy of the queue's own numbers, too: which exports were sent is a guess then. */
const numbersLost = ", numbers lost";
/** Share of the exports for which the guess may be wrong. */
const tolerated = 0.05;

/** Sums of one kind of damage. */
interface Row {
  files: number;
  started: number;
  /** Exports that waited, and whose bytes are not on a damaged page. */
  readable: number;
  /** Those of them that were not sent. */
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
    await drained();
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
      tried.push(...damages(bytes).map((damage) => ({ source, signal, damage })));
    });
    const table = new Map<string, Row>();
    for (let from = 0; from < tried.length; from += queuesPerStart) {
      await tryGroup(`group${from}`, tried.slice(from, from + queuesPerStart), table);
    }
    console.table(Object.fromEntries(table));
    const sum = (key: keyof Row) => [...table.values()].reduce((total, row) => total + row[key], 0);
    assert.ok(sum("files") >= 200, String(sum("files")));
    assert.equal(sum("started"), sum("files"));
    const guessed = [...table].filter(([kind]) => kind.endsWith(numbersLost));
    guessed.forEach(([kind]) => table.delete(kind));
    assert.deepEqual([sum("lost"), sum("doubled")], [0, 0]);
    // Where nothing tells any more which exports were sent, some are lost, or sent twice: few.
    const wrong = guessed.reduce((total, [, { lost, doubled }]) => total + lost + doubled, 0);
    const all = guessed.reduce((total, [, { readable }]) => total + readable, 0);
    assert.ok(wrong <= all * tolerated, `${wrong} of ${all}`);
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

  /** Waits until no more comes: on a busy machine, a collector pauses now and then. */
  async function drained(): Promise<void> {
    for (let last = -1, same = 0; same < 3;) {
      await sleep(700);
      const now = sink.below("/").length;
      same = now === last ? same + 1 : 0;
      last = now;
    }
  }

  async function tryGroup(name: string, group: readonly Tried[], table: Map<string, Row>): Promise<void> {
    const queues = group.map((_, index) => `${name}-${index}`);
    const collector = await collectorFor(name, queues);
    const fileOf = (index: number) => path.join(collector.queueFolder, queueFile(queues[index]!, group[index]!.signal));
    group.forEach(({ damage }, index) => {
      writeDamaged(fileOf(index), damage);
    });
    execFileSync(process.execPath, [check, collector.queueFolder, path.join(folder, `${name}.report`)]);
    const started = await collector.start();
    await drained();
    await collector.stop();
    group.forEach((tried, index) => {
      count(tried, sink.below(`/${queues[index]!}/`), started, table);
    });
  }

  function count({ source, signal, damage }: Tried, sent: number[], started: boolean, table: Map<string, Row>): void {
    const file = source.files.get(signal)!;
    const leaves = liveLeaves(file);
    const waiting = live.get(source.name)!.filter((number) => signals[number % signals.length] === signal);
    const readable = waiting.filter((number) =>
      copiesOf(file, number, exportBytes(number)).some(
        (copy) => leaves.includes(leafOf(file, copy.start)) && isLeft(file, damage, copy),
      ),
    );
    const lost = readable.filter((number) => !sent.includes(number));
    const doubled = sent.filter((number, index) => !waiting.includes(number) || sent.indexOf(number) !== index);
    const kind = isNumbered(file, damage) ? damage.kind : damage.kind + numbersLost;
    const row = table.get(kind) ?? { files: 0, started: 0, readable: 0, lost: 0, doubled: 0 };
    row.files++;
    row.started += Number(started);
    row.readable += readable.length;
    row.lost += lost.length;
    row.doubled += doubled.length;
    table.set(kind, row);
    if (lost.length + doubled.length > 0) {
      console.log(source.name, signal, damage.kind, JSON.stringify({ at: damage.lost, lost, doubled }));
    }
  }
});
