import { execa } from "execa";
import assert from "node:assert/strict";
import * as fs from "node:fs";
import * as path from "node:path";
import { performance } from "node:perf_hooks";

import { ifThere, nodePhase, processIds, signalPid } from "../../lab/lab";
import { repository } from "../../cli/repository";
import { metrics } from "../../telemetry/client-metrics";
import { metricsRequest } from "../../synthetic/otlp/request";
import { sleep, temporaryDirectory, waitUntil } from "../support/processes";
import { emptyInDev, emptyPanels } from "./empty-panels";
import { askStack, costPanels } from "./last-day-panels";
import { say } from "./test-cluster";
import { hour, hourMs } from "../../units";

async function npm(command: string, ...args: readonly string[]) {
  const options = { cwd: repository, reject: false } as const;
  const { exitCode, stdout, stderr } = await execa("npm", ["run", "--silent", command, "--", ...args], options);
  return { status: exitCode, stdout, stderr };
}

describe("npm run up, status and down", function () {
  this.timeout(600_000);
  /** What clients and the demo have sent. */
  let sentUsd = Number.NaN;
  /** Unless it is, what is deployed there is not the tests' to remove. */
  let machineIsFree = false;

  /** The developer's own stacks are left alone. */
  const dataFolder = temporaryDirectory("commands-test");
  const kept = (file: string) => path.join(dataFolder, "stacks", "dev", file);

  before(() => {
    process.env["CLAUDE_MONITORING_DATA"] = dataFolder;
    const phase = nodePhase();
    assert.equal(phase, "absent", `a node of npm run up is ${phase} on this machine; expected none (npm run down)`);
    machineIsFree = true;
  });

  after(async () => {
    if (machineIsFree) {
      await npm("down", "--yes");
    }
    delete process.env["CLAUDE_MONITORING_DATA"];
  });

  for (const command of [
    "up",
    "status",
    "settings",
    "down",
    "demo",
    "recompute",
    "report",
    "backup",
    "restore",
    "dashboards",
    "pseudonym",
    "doctor",
    "monitor",
    "test",
  ]) {
    it(`npm run ${command} -- --help tells how it is used`, async () => {
      const { status, stdout } = await npm(command, "--help");
      assert.equal(status, 0);
      assert.match(stdout, /^Usage: npm /);
    });
  }

  it("status and down say that nothing is deployed", async () => {
    const result = await npm("status");
    assert.equal(result.status, 1);
    assert.match(result.stderr, /stack dev has not been deployed from here/);
    assert.match((await npm("down", "--yes")).stderr, /has not been deployed from here/);
  });

  it("up refuses wrong values before it touches a cluster", async () => {
    const { status, stderr } = await npm("up", "--config", "prometheus.storage=lots");
    assert.equal(status, 1);
    assert.match(stderr, /prometheus.storage: found "lots"; expected a quantity/);
    assert.equal(nodePhase(), "absent");
  });

  it("up, warm, brings everything to Ready in under 3 minutes, and says where to send", async () => {
    const start = performance.now();
    const { status, stdout, stderr } = await npm("up");
    const seconds = Math.round((performance.now() - start) / 1000);
    assert.equal(status, 0, stderr);
    say(`npm run up, warm: ${seconds} s`);
    assert.match(stderr, /cluster: node, because/);
    assert.match(stderr, /dev-prometheus: 1 of 1 ready/);
    assert.match(stderr, /dev-otel-collector: 1 of 1 ready/);
    assert.match(stderr, /Grafana is left out: .+/);
    assert.match(stderr, /Loki and Tempo are left out: the cluster cannot pull .+/);
    assert.match(stdout, /OTLP: +http:\/\/localhost:30318 \(HTTP\)/);
    assert.match(stdout, /export OTEL_EXPORTER_OTLP_ENDPOINT="http:\/\/localhost:30318"/);
    assert.doesNotMatch(stderr, /warning|Undefined value/);
    assert.ok(seconds < 180, `${seconds} s`);
  });

  it("a second up keeps what was given with --config, secrets encrypted, until --reset", async () => {
    const password = "a-password-of-the-test";
    const first = await npm(
      "up",
      "--config",
      "collector.clockAheadTolerance=7m",
      "--config",
      `grafana.adminPassword=${password}`,
    );
    assert.equal(first.status, 0, first.stderr);
    const second = await npm("up");
    assert.match(second.stderr, /pulumi: 0 created, 0 updated, 0 replaced, 0 deleted/);
    const files = ["target.json", "Pulumi.dev.yaml"].map((name) => fs.readFileSync(kept(name), "utf8"));
    for (const text of files) {
      assert.ok(text.includes("7m") && /secure"?: "?v1:/.test(text) && !text.includes(password), text);
    }
    const third = await npm("up", "--reset", "collector.clockAheadTolerance", "--reset", "grafana.adminPassword");
    assert.match(third.stderr, /otel-collector-config replaced|pulumi: .* 1 replaced/);
    assert.deepEqual((JSON.parse(fs.readFileSync(kept("target.json"), "utf8")) as { given: object }).given, {});
  });

  /** Starts an up that has something to do, and signals all of its processes when the engine has locked the stack. */
  async function interruptedUp(signal: NodeJS.Signals): Promise<string> {
    const args = [
      "run",
      "--silent",
      "up",
      "--",
      "--config",
      `collector.clockAheadTolerance=${signal === "SIGINT" ? 8 : 9}m`,
    ];
    const child = execa("npm", args, { cwd: repository, detached: true, reject: false, all: true });
    const locks = kept("state/.pulumi/locks/organization/claude-code-monitoring/dev");
    await waitUntil("the stack is locked", () => fs.readdirSync(locks).length > 0, 120_000);
    // Pulumi 3.256 handles signals only some moments after it has written its lock: until then, one ends it at once.
    await sleep(2_000);
    process.kill(-(child.pid ?? 0), signal);
    const { all, failed } = await child;
    assert.ok(failed, all);
    endPrograms();
    return all;
  }

  /** Ends the programs of the tests' stacks: each has a process group of its own, and outlives an engine that was killed. */
  function endPrograms(): void {
    for (const pid of processIds()) {
      const commandLine = ifThere(() => fs.readFileSync(`/proc/${pid}/cmdline`, "utf8"));
      if (commandLine?.includes(dataFolder) === true) {
        signalPid(pid, "SIGKILL");
      }
    }
  }

  it("an up that is interrupted ends cleanly, and one that was killed leaves a lock that the next removes", async () => {
    assert.match(await interruptedUp("SIGINT"), /Failed: pulumi up of stack dev failed/);
    const next = await npm("up");
    assert.equal(next.status, 0, next.stderr);
    assert.doesNotMatch(next.stderr, /removing the lock/);
    await interruptedUp("SIGKILL");
    const last = await npm("up");
    assert.equal(last.status, 0, last.stderr);
    assert.match(last.stderr, /removing the lock of a command that was killed/);
  });

  it("settings prints the managed settings", async () => {
    const { env } = JSON.parse((await npm("settings")).stdout) as { env: Record<string, string> };
    assert.equal(env["OTEL_EXPORTER_OTLP_ENDPOINT"], "http://localhost:30318");
    assert.equal(env["OTEL_EXPORTER_OTLP_METRICS_TEMPORALITY_PREFERENCE"], "delta");
  });

  it("the printed endpoint takes an export, and status shows it", async () => {
    const attributes = { "session.id": "from-the-test", "user.id": "the-test" };
    const points = [{ attributes, startMs: Date.now() - 1000, timeMs: Date.now(), value: 1.25 }];
    const sums = [metrics.cost, metrics.tokens].map(({ name, unit }) => ({ name, unit, points }));
    const response = await fetch("http://localhost:30318/v1/metrics", {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify(metricsRequest({ scope: { name: "test" } }, sums)),
    });
    assert.equal(response.status, 200);
    let shown = await npm("status");
    for (let tries = 0; tries < 10 && !shown.stdout.includes("$1.25"); tries += 1) {
      shown = await npm("status");
    }
    assert.equal(shown.status, 0, shown.stdout + shown.stderr);
    assert.match(shown.stdout, /^Today {6}\$1\.2500$/m);
    assert.match(shown.stdout, /^Last data +\d+ s ago$/m);
    assert.match(shown.stdout, /^healthy$/m);
  });

  it("backup and restore say that dev has no backups, and what is wrong with what was typed", async () => {
    for (const command of ["backup", "restore"]) {
      const { status, stderr } = await npm(command);
      assert.equal(status, 1);
      assert.match(
        stderr,
        /found no CronJob dev-prometheus-backup in namespace .*; expected backups\. Set backup.enabled/,
      );
    }
    const wrong = await npm("restore", "--store", "tempo");
    assert.match(wrong.stderr, /--store: found "tempo"; expected one of prometheus, loki, grafana/);
    assert.match((await npm("restore", "--from", "latest")).stderr, /--store: found nothing; with --from expected/);
  });

  it("demo sends an invented company's last day, and status shows that it came", async () => {
    const { status, stdout, stderr } = await npm("demo", "--days", "1");
    assert.equal(status, 0, stderr);
    assert.match(stdout, /^ {2}users {5}40$/m);
    const said = (pattern: RegExp) => Number(pattern.exec(stdout)?.[1]?.replaceAll(",", ""));
    // And the export of the test above.
    sentUsd = said(/cost +\$([\d,]+\.\d\d)/) + 1.25;
    const sessions = Number(/^ {2}sessions +([\d,]+)$/m.exec(stdout)?.[1]?.replaceAll(",", ""));
    assert.ok(sessions > 100, stdout);
    const shown = /^Sessions +(\d+) in the last 24 hours$/m;
    let found = 0;
    // The demo's begin leaves the last 24 hours while this waits, so a few sessions may be missing.
    for (let tries = 0; tries < 20 && found < sessions * 0.9; tries += 1) {
      found = Number(shown.exec((await npm("status")).stdout)?.[1]);
    }
    assert.ok(found >= sessions * 0.9 && found <= sessions + 1, `found ${found} of ${sessions}`);
  });

  it("every cost panel that covers the last day shows what the demo says it sent, right after it", async () => {
    const panels = await costPanels();
    say([...panels].map(([title, usd]) => `${title}: $${usd.toFixed(2)}`).join("; "));
    assert.ok(panels.size >= 10, [...panels.keys()].join(", "));
    for (const [title, usd] of panels) {
      // What it says is rounded to the cent.
      assert.ok(Math.abs(usd - sentUsd) <= 0.0101, `${title}: found ${usd}; sent ${sentUsd}`);
    }
  });

  it("recompute rolls up what came late: every level and scope then equals raw series", async () => {
    // Counts of events leave the collector after the metrics, batch by batch.
    const waiting = () => askStack("sum(max_over_time(otelcol_exporter_queue_size[1m]))");
    await waitUntil("the collector's queues are empty", async () => (await waiting()) === 0, 300_000, 5000);
    const hoursAgo = (hours: number) => new Date(Date.now() - hours * hourMs).toISOString();
    // Fewer than 300 windows are one question for each series. The newer half of the day takes as long, and shows no more.
    const span = ["--from", hoursAgo(25), "--to", hoursAgo(10.5)];
    const first = await npm("recompute", ...span);
    assert.equal(first.status, 0, first.stderr);
    assert.match(first.stdout, /^added \d+ samples/m);
    // Each hour from 12 hours ago, when no pass is due: what raw series hold, at every level.
    const end = Math.floor((Date.now() / 1000 - 12 * hour) / 3600) * 3600 - 300;
    const cost = (series: string, at: number) => askStack(`sum(sum_over_time(${series}[10h]))`, at);
    const raw = await cost("claude_code_cost_usage_USD_total", end);
    assert.ok(raw > 1, String(raw));
    for (const scope of ["team", "user", "device"]) {
      for (const step of ["5m", "1h"]) {
        const found = await cost(`${scope}_model:claude_code_cost_usage_USD:sum{rollup_step="${step}"}`, end + 360);
        assert.ok(Math.abs(found - raw) < 1e-6, `${scope}, ${step}: found ${found}; expected ${raw}`);
      }
    }
    const again = await npm("recompute", "--from", hoursAgo(24), "--to", hoursAgo(12));
    assert.equal(again.status, 0, again.stderr);
    assert.match(again.stdout, /^nothing is missing$/m);
    const refused = await npm("recompute", "--from", "yesterday", "--to", hoursAgo(2));
    assert.equal(refused.status, 1);
    assert.match(refused.stderr, /--from: found "yesterday"; expected a time such as/);
  }).timeout(1_200_000);

  it("demo of two weeks leaves no panel empty but those that need what a dev stack has not", async () => {
    const { status, stdout, stderr } = await npm("demo", "--seed", "2");
    assert.equal(status, 0, stderr);
    assert.match(stdout, /^ {2}days {6}14$/m);
    const empty = await emptyPanels();
    assert.deepEqual(
      empty.filter((panel) => !emptyInDev.includes(panel)),
      [],
    );
  }).timeout(1_200_000);

  it("demo --remove deletes what is marked, or says from when it can", async () => {
    const { status, stdout, stderr } = await npm("demo", "--remove");
    const counts = /^([\d,]+) series were marked as the demo's before, ([\d,]+) are now/m.exec(stdout);
    const [before = 0, after = 0] = (counts ?? []).slice(1).map((text) => Number(text.replaceAll(",", "")));
    assert.ok(before > 1000 && after < before, stdout + stderr);
    assert.equal(status, after === 0 ? 0 : 1);
    assert.equal(stdout.includes("deletes the rest then"), after > 0);
  });

  it("down asks for --yes where nobody can be asked, then deletes stack and node", async () => {
    assert.match((await npm("down")).stderr, /nobody can be asked here; expected --yes/);
    const { status, stdout, stderr } = await npm("down", "--yes");
    assert.equal(status, 0, stderr);
    assert.match(stdout, /Stack dev is down/);
    assert.equal(nodePhase(), "absent");
  });
});
