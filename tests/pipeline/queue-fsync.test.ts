import * as assert from "node:assert/strict";
import * as fs from "node:fs";
import * as path from "node:path";

import { parseCpuSeconds } from "../bench/process-usage";
import { pipelineBinaries } from "../support/collectors/pipeline-binaries";
import { freePorts } from "../support/loopback-ports";
import { temporaryDirectory } from "../support/processes";
import { ExportSink, markedExport } from "../support/queues/marked-exports";
import { QueueCollector } from "../support/queues/queue-collector";

const exports = 1000;
const clients = 8;
/** Bytes of an export's text, as of a client's metrics. */
const bytes = 3000;

describe("fsync of the queues", function () {
  this.timeout(120_000);

  it("costs time for each export: what it costs is printed", async () => {
    const { collector: binary } = await pipelineBinaries();
    const [sinkPort = 0] = await freePorts(1);
    const sink = await ExportSink.start(sinkPort);
    const rows: Record<string, object> = {};
    for (const fsync of [false, true]) {
      const folder = path.join(temporaryDirectory("queue-fsync"), "collector");
      const collector = await QueueCollector.create(binary, folder, { queues: ["q"], sinkPort, fsync });
      assert.ok(await collector.start());
      const cpu = () => parseCpuSeconds(fs.readFileSync(`/proc/${collector.pid}/stat`, "utf8"));
      const [began, before] = [Date.now(), cpu()];
      for (let number = 0; number < exports; number += clients) {
        const sent = Array.from({ length: clients }, (_, client) =>
          collector.send(markedExport(number + client, bytes)),
        );
        assert.deepEqual([...new Set(await Promise.all(sent))], [200]);
      }
      const seconds = (Date.now() - began) / 1000;
      rows[`fsync: ${fsync}`] = {
        "exports/s": Math.round(exports / seconds),
        "CPU, ms/export": Number((((cpu() - before) * 1000) / exports).toFixed(2)),
      };
      assert.equal(fs.readFileSync(path.join(folder, "collector.yaml"), "utf8").includes(`fsync: ${fsync}`), true);
      await collector.stop();
    }
    console.table(rows);
    await sink.stop();
  });
});
