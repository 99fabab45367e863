import * as assert from "node:assert/strict";
import * as fs from "node:fs";

import { runLoad } from "../support/clients/load-generator";
import { PipelineStack } from "../support/collectors/pipeline-stack";
import { minuteMs } from "../../units";

describe("Prometheus, sent deltas by many clients with the same resource", function () {
  this.timeout(60_000);

  it("has nothing to complain of, in whatever order they come: no late sample of target_info, no interval of length 0", async () => {
    const stack = await PipelineStack.start();
    const load = { url: stack.otlpHttpUrl, exports: 150, perSecond: 75, sessions: 10 };
    const ledgers = await Promise.all([
      runLoad({ ...load, team: "on-time" }),
      // Later ones would make blocks that overlap, of which Prometheus tells.
      runLoad({ ...load, team: "late", clockOffsetMs: -20 * minuteMs }),
      runLoad({ ...load, team: "ahead", clockOffsetMs: minuteMs }),
    ]);
    await stack.drained();
    const sent = ledgers.map((ledger) => ledger.with("accepted").length);
    assert.deepEqual(sent, [150, 150, 150]);
    const lines = fs.readFileSync(stack.prometheus.logFile, "utf8").split("\n");
    await stack.stop();
    assert.ok(
      lines.some((line) => line.includes("level=INFO")),
      "the log holds levels",
    );
    const complaints = lines.filter((line) => /level=(WARN|ERROR)/.test(line));
    assert.deepEqual(complaints, []);
  });
});
