import assert from "node:assert/strict";

import { say } from "../cluster/test-cluster";
import { sleep } from "../support/processes";
import { failedTries, type FaultRow, faultTable } from "./fault-table";
import { FaultStack } from "./fault-stack";
import { dropHalf } from "./packet-loss";
import { PrometheusVolume, waitUntilWritable } from "./prometheus-volume";
import { type Fault, runRow } from "./row";
import { hourMs } from "../../units";

/** Fifteen minutes, or what `FAULTS_OUTAGE_SECONDS` says. */
const outageSeconds = Number(process.env["FAULTS_OUTAGE_SECONDS"] ?? 900);

describe("faults under load on a real cluster: what was accepted is stored, once", function () {
  this.timeout(1_200_000);
  const rows: FaultRow[] = [];
  let stack: FaultStack;

  before(async () => {
    stack = await FaultStack.start();
  });

  after(() => {
    console.log(`\n${faultTable(rows)}\n`);
  });

  const run = async (fault: Fault) => runRow(stack, fault, rows);

  it("one collector killed", async () => {
    await run({
      name: "collector-killed",
      title: "One collector killed (SIGKILL), later its pod deleted without grace",
      happen: async () => {
        const [busiest, other] = await stack.received();
        await stack.kill([busiest!.pod]);
        await stack.ready("otel-collector", 2);
        await stack.kubectl("delete", "pod", other!.pod.metadata.name, "--grace-period=0", "--force");
        await stack.ready("otel-collector", 2);
      },
    });
  });

  it("both collectors killed", async () => {
    await run({
      name: "collectors-killed",
      title: "Both collectors killed at the same moment (SIGKILL)",
      happen: async () => {
        await stack.kill(await stack.pods("otel-collector"));
        await stack.ready("otel-collector", 2);
      },
    });
  });

  it("rolling update of the collectors: no try of any client fails", async () => {
    const { ledger } = await run({
      name: "collector-update",
      title: "`pulumi up` changes the collectors' configuration: rolling update",
      happen: async () => stack.up({ "collector.clockAheadTolerance": "6m" }),
    });
    assert.equal(failedTries(ledger), "0");
  });

  it("update of Prometheus: no try of any client fails", async () => {
    const { ledger } = await run({
      name: "prometheus-update",
      title: "`pulumi up` changes Prometheus' flags: its pod is replaced",
      happen: async () => stack.up({ "prometheus.retention": "401d" }),
    });
    assert.equal(failedTries(ledger), "0");
  });

  it("the node's power cut", async () => {
    await run({
      name: "node-reboot",
      title: "Node without power: everything on it ended (SIGKILL) and started again",
      happen: async (faulty) => {
        await faulty.cluster.powerCycle(5_000);
        // Its addresses went with its network.
        await faulty.endpoints();
        await faulty.ready("otel-collector", 2);
        await faulty.ready("prometheus", 1);
      },
    });
  });

  it("Prometheus' volume full, then grown", async () => {
    const volume = await PrometheusVolume.limit(stack);
    const row = run({
      name: "volume-full",
      title: "Prometheus' volume full for a minute, then grown; then Prometheus killed",
      happen: async (faulty) => {
        const noticed = async () => {
          await waitUntilWritable(faulty, false, 300_000);
          assert.ok((await faulty.reader.query("vector(1)")).length === 1, "dashboards still get answers");
        };
        await Promise.all([volume.fill(), noticed()]);
        await sleep(60_000);
        say(`Prometheus on a full volume: ${await faulty.state("prometheus")}`);
        await volume.grow();
        await waitUntilWritable(faulty, true, 420_000);
      },
      // What is in memory only would be read all the same.
      beforeReading: killPrometheus,
      drainMs: 300_000,
    });
    try {
      await row;
    } finally {
      await volume.release();
    }
  });

  it("half of the packets between collectors and Prometheus dropped", async () => {
    await run({
      name: "packets-dropped",
      title: "Half of the packets between collectors and Prometheus dropped for 90 s",
      happen: async (faulty) => dropHalf(faulty, 90_000),
      drainMs: 300_000,
    });
  });

  it("clocks that jump", async () => {
    const jumps = [0, 2 * hourMs, -2 * hourMs, -10 * hourMs, 3 * 60_000, 0];
    const start = Date.now();
    const clockOffsetMs = () => jumps[Math.floor((Date.now() - start) / 15_000)] ?? 0;
    await run({
      name: "clock-jumps",
      title: "Clocks of clients against the node's: +2 h, -2 h, -10 h, +3 min, 15 s each",
      clockOffsetMs,
      happen: async () => sleep(jumps.length * 15_000),
    });
  });

  it("several at once", async () => {
    await run({
      name: "several",
      title:
        "Prometheus down for a minute, a collector killed meanwhile; then half of the packets dropped for 45 s, " +
        "both collectors killed meanwhile; then Prometheus killed",
      happen: async (faulty) => {
        await faulty.scalePrometheus(0);
        await sleep(20_000);
        await faulty.kill((await faulty.pods("otel-collector")).slice(0, 1));
        await sleep(40_000);
        await faulty.scalePrometheus(1);
        const killBoth = async () => {
          await sleep(15_000);
          await faulty.kill(await faulty.pods("otel-collector"));
        };
        await Promise.all([dropHalf(faulty, 45_000), killBoth()]);
        await killPrometheus(faulty);
      },
      drainMs: 300_000,
    });
  });

  it(`Prometheus down for ${outageSeconds} s`, async function () {
    this.timeout(outageSeconds * 1000 + 900_000);
    const { ledger } = await run({
      name: "prometheus-down",
      title: `Prometheus down for ${outageSeconds / 60} minutes`,
      happen: async (faulty) => {
        await faulty.scalePrometheus(0);
        await sleep(outageSeconds * 1000);
        await faulty.scalePrometheus(1);
      },
      drainMs: 600_000,
    });
    assert.equal(failedTries(ledger), "0");
  });
});

async function killPrometheus(stack: FaultStack): Promise<void> {
  await stack.kill(await stack.pods("prometheus"));
  await stack.ready("prometheus", 1);
}
