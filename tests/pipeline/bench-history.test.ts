import assert from "node:assert/strict";

import { checkMarkers, checkRollups, checkTotals } from "../bench/check";
import { ensureHistory, smallHistory } from "../bench/history";
import { historySpec } from "../bench/history-spec";
import { BenchPrometheus } from "../bench/prometheus";

describe("the benchmark's history", function () {
  this.timeout(120_000);
  const spec = historySpec();
  let prometheus: BenchPrometheus;

  before(async () => {
    prometheus = await BenchPrometheus.start(await ensureHistory(smallHistory, () => undefined, spec));
  });

  after(async () => {
    await prometheus.stop();
  });

  it("has the roll-ups that the rules' expressions give", async () => {
    const { compared, differences } = await checkRollups(prometheus.reader, spec, prometheus.truth, 12);
    assert.ok(compared > 1000);
    assert.deepEqual(differences, []);
  });

  it("marks every instant, and sums to its truth", async () => {
    const { reader, truth } = prometheus;
    assert.deepEqual((await checkMarkers(reader, spec, truth)).differences, []);
    assert.deepEqual((await checkTotals(reader, spec, truth)).differences, []);
  });
});
