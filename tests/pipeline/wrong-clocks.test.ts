import * as assert from "node:assert/strict";
import { collectorAttributes } from "../../telemetry/collector-attributes";
import { metrics } from "../../telemetry/client-metrics";
import { assertSameAmounts } from "../support/compare";
import { type LoadLedger, runLoad, totalsOf } from "../support/clients/load-generator";
import { PipelineStack } from "../support/collectors/pipeline-stack";
import { readTotals } from "../support/prometheus/totals";
import { hourMs, minuteMs } from "../../units";

const clockLabel = collectorAttributes.clock.replaceAll(".", "_");

/** Clients by the error of their clocks. The label is what the collector marks them with. */
const clients = [
  { team: "right-1", offsetMs: 0, label: "", lookAheadSeconds: 0 },
  { team: "ahead-by-an-hour", offsetMs: hourMs, label: "ahead", lookAheadSeconds: 0 },
  { team: "behind-by-two-days", offsetMs: -48 * hourMs, label: "behind", lookAheadSeconds: 0 },
  // Within the tolerance a point keeps its own time, and counts once that time has come.
  { team: "ahead-by-four-minutes", offsetMs: 4 * minuteMs, label: "", lookAheadSeconds: 300 },
  { team: "delayed-by-five-hours", offsetMs: -5 * hourMs, label: "", lookAheadSeconds: 0 },
  { team: "right-2", offsetMs: 0, label: "", lookAheadSeconds: 0 },
] as const;

describe("clients whose clocks are wrong", function () {
  this.timeout(60_000);
  let stack: PipelineStack;
  const ledgers = new Map<string, LoadLedger>();

  before(async () => {
    stack = await PipelineStack.start({ collectors: 2 });
    await Promise.all(
      clients.map(async ({ team, offsetMs }) => {
        const load = { url: stack.otlpHttpUrl, exports: 40, perSecond: 10, sessions: 8, team, clockOffsetMs: offsetMs };
        ledgers.set(team, await runLoad(load));
      }),
    );
    await stack.drained();
  });

  after(async () => {
    await stack.stop();
  });

  for (const { team, label, lookAheadSeconds } of clients) {
    it(`${team}: every number is exact${label === "" ? "" : `, counted at arrival and labelled "${label}"`}`, async () => {
      const ledger = ledgers.get(team);
      assert.ok(ledger !== undefined && ledger.with("accepted").length === 40);
      // What is counted at arrival is found in the last minutes; what is merely late, where it belongs.
      const window = team.startsWith("delayed") ? "6h" : "15m";
      const at = Date.now() / 1000 + lookAheadSeconds;
      const found = await readTotals(stack.reader, { window, at, matchers: `team="${team}"` });
      assertSameAmounts(totalsOf(ledger.entries), found, team);
      const byClock = await stack.reader.sumOf(metrics.cost.prometheus, {
        window,
        at,
        matchers: `team="${team}"`,
        by: [clockLabel],
      });
      assert.deepEqual([...byClock.keys()], [label]);
    });
  }

  it("the late ones are not counted in the last minutes", async () => {
    const matchers = 'team="delayed-by-five-hours"';
    assert.equal(await stack.reader.totalOf(metrics.cost.prometheus, { window: "15m", matchers }), 0);
  });
});
