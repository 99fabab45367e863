import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";

import { hasRoomScript, intactScript, probeTimeoutSeconds } from "../../../components/prometheus/probes";

const args = { port: 9090, dataDirectory: "/prometheus", floorKib: 1000, aheadSeconds: 86_400 };
const intact = "prometheus_tsdb_out_of_order_wbl_writes_failed_total 0\nprometheus_tsdb_wal_writes_failed_total 0\n";
const brokenLog = intact.replace("wal_writes_failed_total 0", "wal_writes_failed_total 3");
const brokenLateLog = intact.replace("wbl_writes_failed_total 0", "wbl_writes_failed_total 1e+06");

describe("Prometheus' probes", () => {
  let programs: string;

  before(() => {
    programs = fs.mkdtempSync(path.join(os.tmpdir(), "probes-"));
    // Stand-ins that say what the test wants; every other command is the machine's.
    write(
      "df",
      'echo "Filesystem 1024-blocks Used Available Capacity Mounted on"; echo "dev 9999 1 $FREE 1% /prometheus"',
    );
    write(
      "wget",
      '[ "$ANSWERS" = yes ] || exit 1; case "$*" in *-/*) ;; */metrics) [ "$METRICS" ] && printf "%s" "$METRICS" ;; esac',
    );
  });

  after(() => {
    fs.rmSync(programs, { recursive: true });
  });

  function write(name: string, script: string): void {
    fs.writeFileSync(path.join(programs, name), `#!/bin/sh\n${script}\n`, { mode: 0o755 });
  }

  function passes(script: string, free: number, metrics: string, answers = "yes"): boolean {
    const env = {
      PATH: `${programs}:${process.env["PATH"] ?? ""}`,
      FREE: String(free),
      METRICS: metrics,
      ANSWERS: answers,
    };
    try {
      execFileSync("/bin/sh", ["-c", script], { env });
      return true;
    } catch {
      return false;
    }
  }

  it("let exports in only with room for them, an intact log and an answer", () => {
    const script = hasRoomScript(args);
    assert.equal(passes(script, 1000, intact), true);
    assert.equal(passes(script, 999, intact), false);
    assert.equal(passes(script, 5000, brokenLog), false);
    assert.equal(passes(script, 5000, brokenLateLog), false);
    assert.equal(passes(script, 5000, intact, "no"), false);
  });

  it("let no exports in while the newest sample is so far ahead that they would be too old", () => {
    const script = hasRoomScript(args);
    const newest = (aheadSeconds: number) => {
      const time = (Date.now() / 1000 + aheadSeconds).toExponential();
      return `prometheus_tsdb_head_max_time 1e+300\nprometheus_tsdb_head_max_time_seconds ${time}\n${intact}`;
    };
    for (const [ahead, expected] of [
      [-3600, true],
      [86_300, true],
      [86_500, false],
      [400_000, false],
    ] as const) {
      assert.equal(passes(script, 5000, newest(ahead)), expected, `${ahead} s ahead`);
      assert.equal(passes(intactScript(args), 5000, newest(ahead)), true, "a restart would not help");
    }
    const empty = `prometheus_tsdb_head_max_time_seconds -9.223372036854776e+15\n${intact}`;
    assert.equal(passes(script, 5000, empty), true, "no sample yet");
  });

  it("restart it only where it does not answer, or where its log is broken and has room again", () => {
    const script = intactScript(args);
    assert.equal(passes(script, 5000, intact), true);
    assert.equal(passes(script, 0, intact), true);
    assert.equal(passes(script, 0, brokenLog), true);
    assert.equal(passes(script, 5000, brokenLog), false);
    assert.equal(passes(script, 5000, brokenLateLog), false);
    assert.equal(passes(script, 5000, intact, "no"), false);
  });

  it("take metrics that did not come, or not whole, for no leave to write and for no reason to restart", () => {
    for (const metrics of ["", intact.slice(0, 60)]) {
      assert.equal(passes(hasRoomScript(args), 5000, metrics), false);
      assert.equal(passes(intactScript(args), 5000, metrics), true);
    }
  });

  it("wait for a slow answer, and are done before the kubelet ends them", () => {
    for (const script of [hasRoomScript(args), intactScript(args)]) {
      const waits = [...script.matchAll(/timeout (\d+) wget/g)].map(([, seconds]) => Number(seconds));
      assert.equal(waits.length, script.match(/wget/g)?.length);
      assert.ok(Math.min(...waits) > 5, "a throttled Prometheus answers");
      assert.ok(waits.reduce((sum, seconds) => sum + seconds) < probeTimeoutSeconds);
    }
  });
});
