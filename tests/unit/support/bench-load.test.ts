import assert from "node:assert/strict";

import { clientExports, cycleMs, eventsPerCycle } from "../../bench/client-exports";
import { readTraces } from "../../bench/profile";

interface Logs {
  readonly resourceLogs: readonly {
    readonly scopeLogs: readonly {
      readonly logRecords: readonly {
        readonly timeUnixNano: string;
        readonly attributes: readonly { readonly key: string; readonly value: { readonly intValue?: number } }[];
      }[];
    }[];
  }[];
}

describe("exports of the benchmark's clients", () => {
  it("hold the events of as many cycles as asked for, each with its own time and sequence", () => {
    const timeMs = 1_700_000_000_000;
    const { resourceLogs } = JSON.parse(clientExports().logs(7, 2, timeMs, 2)) as Logs;
    const records = resourceLogs[0]?.scopeLogs[0]?.logRecords ?? [];
    const times = records.map(({ timeUnixNano }) => Number(timeUnixNano) / 1e6);
    const of = (cycle: number) => Array.from({ length: eventsPerCycle }, () => timeMs - (1 - cycle) * cycleMs);
    assert.deepEqual(times, [...of(0), ...of(1)]);
    const sequences = records.map(
      ({ attributes }) => attributes.find(({ key }) => key === "event.sequence")?.value.intValue,
    );
    assert.deepEqual(sequences, [3, 4, 5, 6, 7, 8]);
  });

  it("hold the same points of metrics for any number of cycles", () => {
    const made = clientExports();
    const [two, one] = [2, 1].map((cycles) => JSON.parse(made.metrics(7, 2, 1_700_000_000_000, cycles)) as object);
    assert.deepEqual(two, one);
  });
});

describe("a profile of the collector", () => {
  it("counts each stack for the innermost part of the work that it shows", () => {
    const text = `Type: cpu
-----------+-------------------------------------------------------
      30ms   runtime.memmove
             go.etcd.io/bbolt.(*node).write
             github.com/open-telemetry/opentelemetry-collector-contrib/extension/storage/filestorage.(*fileStorageClient).Batch
             net/http.(*conn).serve
-----------+-------------------------------------------------------
      1.5s   runtime.futex
             runtime.mcall
-----------+-------------------------------------------------------
     500us   regexp.(*Regexp).backtrack
             github.com/open-telemetry/opentelemetry-collector-contrib/pkg/ottl.Expr.Eval
-----------+-------------------------------------------------------
      20ms   go.etcd.io/bbolt.(*DB).Update
`;
    assert.deepEqual(
      [...readTraces(text)].map(([part, seconds]) => [part, Number(seconds.toFixed(6))]),
      [
        ["queues on disk: bbolt", 0.05],
        ["runtime: scheduling, timers and the rest", 1.5],
        ["transform: regular expressions", 0.0005],
      ],
    );
  });
});
