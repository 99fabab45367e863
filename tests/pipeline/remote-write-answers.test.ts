import * as assert from "node:assert/strict";

import { pipelineBinaries } from "../support/collectors/pipeline-binaries";
import { removeTemporaryDirectory, temporaryDirectory } from "../support/processes";
import { PrometheusProcess } from "../support/prometheus/prometheus-process";
import { postRemoteWrite, remoteWrite, type WrittenSample } from "../support/prometheus/remote-write";
import { hour, minuteMs } from "../../units";

const metric = "answers_total";

describe("Prometheus, asked to store what the collector merges", function () {
  this.timeout(60_000);
  let now: number;
  let directory: string;
  let prometheus: PrometheusProcess;

  before(async () => {
    now = Date.now();
    directory = temporaryDirectory("claude-monitoring-answers");
    const { prometheus: binary } = await pipelineBinaries();
    prometheus = await PrometheusProcess.prepare(binary, directory, { outOfOrderTimeWindow: "30h" });
    await prometheus.start();
  });

  after(async () => {
    await prometheus.stop();
    removeTemporaryDirectory(directory);
  });

  function sample(session: string, value: number, afterMs = 0): WrittenSample {
    return { labels: { __name__: metric, session }, value, timeMs: now + afterMs };
  }

  /** Status, and how many samples were stored by the answer. */
  async function answer(...samples: readonly WrittenSample[]): Promise<readonly [number, number]> {
    const { status, written } = await remoteWrite(prometheus.writeUrl, samples);
    return [status, written];
  }

  async function sums(): Promise<Record<string, number>> {
    return Object.fromEntries(await prometheus.reader.sumOf(metric, { window: "48h", by: ["session"] }));
  }

  /** By description: a series, and how long after now its sample's time is. */
  const bad: readonly (readonly [string, session: string, afterMs: number])[] = [
    ["another value for the newest time stamp of its series", "stored", 0],
    ["a time before the out-of-order window", "stored", -31 * hour * 1000],
    ["such a time in a series that is new", "new", -31 * hour * 1000],
    ["a time 11 minutes ahead", "stored", 11 * minuteMs],
  ];

  beforeEach(async () => {
    assert.deepEqual(await answer(sample("stored", 1), sample("stored", 2, -minuteMs)), [204, 2]);
  });

  for (const [what, refused, afterMs] of bad) {
    it(`refuses a sample with ${what} for good, and stores all others of its request`, async () => {
      const sent = sample(refused, 5, afterMs);
      const session = `beside ${what}`;
      assert.deepEqual(await answer(sample(`${session}, before`, 3), sent, sample(`${session}, after`, 4)), [400, 2]);
      const { [`${session}, before`]: first, [`${session}, after`]: last, stored, new: made } = await sums();
      assert.deepEqual([first, last, stored, made], [3, 4, 3, undefined]);
    });
  }

  it("stores once what is sent again, alone or twice in one request", async () => {
    assert.deepEqual(await answer(sample("again", 1), sample("again", 1)), [204, 2]);
    assert.deepEqual(await answer(sample("again", 1)), [204, 1]);
    assert.equal((await sums())["again"], 1);
  });

  it("keeps the first of two values of one time stamp, where it does not refuse: of older ones, and in one request", async () => {
    assert.deepEqual(await answer(sample("stored", 7, -minuteMs)), [204, 1]);
    assert.deepEqual(await answer(sample("twice", 1), sample("twice", 2)), [204, 2]);
    const { stored, twice } = await sums();
    assert.deepEqual([stored, twice], [3, 1]);
  });

  it("takes what is less than ten minutes ahead", async () => {
    assert.deepEqual(await answer(sample("ahead", 1, 9 * minuteMs)), [204, 1]);
  });

  it("answers 400 to what it cannot read", async () => {
    const { status, written } = await postRemoteWrite(prometheus.writeUrl, Buffer.from("nonsense"));
    assert.deepEqual([status, written], [400, 0]);
  });
});
