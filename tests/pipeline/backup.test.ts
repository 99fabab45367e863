import { execa } from "execa";
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import * as fs from "node:fs";
import * as http from "node:http";
import * as path from "node:path";

import { backupMetrics, backupStoreLabel } from "../../telemetry/backup-metrics";
import { ensureDebianPackages } from "../../lab/lab";
import { BackupScript } from "../support/prometheus/backup-script";
import { assertSameAmounts } from "../support/compare";
import { LoadLedger, runLoad, totalsOf } from "../support/clients/load-generator";
import { closeServer, freePorts, listen, loopback } from "../support/loopback-ports";
import { PipelineStack } from "../support/collectors/pipeline-stack";
import { killAtExit, removeTemporaryDirectory, temporaryDirectory, waitUntil } from "../support/processes";
import { readTotals } from "../support/prometheus/totals";
import { hourMs } from "../../units";

/** In the text, each comma, brace and equals sign could be taken for one of its syntax. */
const oddLabels = { "dotted.name": 'a,b="c",d=', plain: "{x=\\y}" } as const;

/** A target with names that need quotes, as the collector's own metrics have. */
async function serveOddNames() {
  const value = (text: string) => JSON.stringify(text);
  const [dotted, plain] = [value(oddLabels["dotted.name"]), value(oddLabels.plain)];
  const server = http.createServer((_, response) => {
    response.setHeader("content-type", "text/plain; version=1.0.0; escaping=allow-utf-8");
    response.end(`# TYPE "odd.metric" gauge\n{"odd.metric","dotted.name"=${dotted},plain=${plain}} 1\n`);
  });
  const port = await listen(server, loopback, (await freePorts(1))[0] ?? 0);
  return {
    scrapeConfig: {
      job_name: "odd",
      scrape_interval: "500ms",
      scrape_timeout: "500ms",
      static_configs: [{ targets: [`${loopback}:${port}`] }],
    },
    stop: () => closeServer(server),
  };
}

describe("a backup of Prometheus, taken while it runs", function () {
  this.timeout(120_000);
  const directory = temporaryDirectory("backup-test");
  const ledgers = new Map<string, LoadLedger>();
  let script: BackupScript;
  let copy = "";
  let fresh: PipelineStack;

  before(async () => {
    script = await BackupScript.prepare("prometheus", directory);
    const odd = await serveOddNames();
    const stack = await PipelineStack.start({ prometheus: { extraScrapeConfigs: [odd.scrapeConfig] } });
    await send(stack, "before");
    // Out of order within its series, which only the second log holds.
    await send(stack, "late");
    await stack.drained();
    await send(stack, "late", -5 * hourMs);
    await stack.drained();
    // Prometheus begins to scrape some seconds after its start.
    const scraped = async () => (await stack.reader.query('{"odd.metric"}')).length > 0;
    await waitUntil("the target with odd names is scraped", scraped);
    const during = send(stack, "during");
    copy = await script.backup(stack.prometheus.dataDirectory);
    await during;
    await stack.stop();
    await odd.stop();

    fresh = await PipelineStack.start();
    // In order there, and yet older than the newest block of the backup: a restart must find it in the log.
    await send(fresh, "since, late", -hourMs / 3);
    await send(fresh, "since");
    await fresh.drained();
  });

  after(async () => {
    await fresh.stop();
    removeTemporaryDirectory(directory);
  });

  async function send(stack: PipelineStack, team: string, clockOffsetMs = 0): Promise<void> {
    const load = { url: stack.otlpHttpUrl, exports: 200, perSecond: 100, sessions: 8, team, clockOffsetMs };
    const ledger = ledgers.get(team) ?? new LoadLedger();
    ledger.entries.push(...(await runLoad(load)).entries);
    ledgers.set(team, ledger);
  }

  async function assertAllThere(): Promise<void> {
    for (const team of ["before", "late", "since, late", "since"]) {
      const { entries } = ledgers.get(team)!;
      const found = await readTotals(fresh.reader, { window: "7h", matchers: `team="${team}"` });
      assertSameAmounts(totalsOf(entries), found, team);
    }
  }

  async function restore(name: string): Promise<void> {
    const { status, stderr } = await script.run(fresh.prometheus.dataDirectory, ["restore", name]);
    assert.equal(status, 0, stderr);
    // Prometheus looks for new blocks each minute; at its start, too.
    await fresh.prometheus.stop();
    await fresh.prometheus.start();
  }

  it("is added to a Prometheus that has data since then: in order, late and new are equal to the ledger", async () => {
    await restore(copy);
    await assertAllThere();
    assert.deepEqual(
      fs.readdirSync(fresh.prometheus.dataDirectory).filter((name) => name.includes("restore")),
      [],
    );
  });

  it("keeps names and values with any characters", async () => {
    const series = await fresh.reader.query(`sum by ("dotted.name", plain) (count_over_time({"odd.metric"}[1h]))`);
    assert.deepEqual(
      series.map(({ labels }) => labels),
      [oddLabels],
    );
    assert.ok(series[0]!.value >= 1);
  });

  it("adds nothing twice, and what is there outlives restarts", async () => {
    await restore(copy);
    await fresh.prometheus.kill();
    await fresh.prometheus.start();
    await assertAllThere();
  });

  it("is read although its log ends in the middle of a record", async () => {
    const torn = "2026-01-01T00-00-00Z";
    const folder = path.join(script.backups, torn);
    fs.cpSync(path.join(script.backups, copy), folder, { recursive: true });
    const segment = path.join(folder, "wal", fs.readdirSync(path.join(folder, "wal")).sort().at(-1)!);
    const { size } = fs.statSync(segment);
    fs.truncateSync(segment, size - 11);
    const refused = await script.run(fresh.prometheus.dataDirectory, ["restore", torn]);
    assert.equal(refused.status, 1);
    assert.match(refused.stderr, /is not complete/);
    const list = path.join(folder, "files");
    fs.writeFileSync(list, fs.readFileSync(list, "utf8").replace(`${size} ./wal/`, `${size - 11} ./wal/`));
    await restore(torn);
    await assertAllThere();
  });

  it("is listed, and another name is refused with those that there are", async () => {
    const listed = await script.run("/nonexistent", ["list"]);
    assert.match(listed.stdout, new RegExp(`^${copy} \\d+ files \\d+ bytes$`, "m"));
    const { status, stderr } = await script.run("/nonexistent", ["restore", "yesterday"]);
    assert.equal(status, 1);
    assert.match(stderr, new RegExp(`found no copy "yesterday" of prometheus; expected one of: .*${copy}`));
  });

  it("tells Prometheus when it is complete, and is one although that is down", async () => {
    const reportUrl = `${fresh.prometheus.otlpUrl}/v1/metrics`;
    const from = Math.floor(Date.now() / 1000);
    const told = await script.run(fresh.prometheus.dataDirectory, ["backup"], 7, { reportUrl });
    assert.deepEqual([told.status, told.stderr], [0, ""]);
    const [completed, ...others] = await fresh.reader.query(backupMetrics.completed.prometheus);
    assert.deepEqual([completed?.labels[backupStoreLabel], others], ["prometheus", []]);
    assert.ok(completed!.value >= from && completed!.value <= Date.now() / 1000, String(completed!.value));

    const [nowhere = 0] = await freePorts(1);
    const untold = await script.run(fresh.prometheus.dataDirectory, ["backup"], 7, {
      reportUrl: `http://${loopback}:${nowhere}/v1/metrics`,
    });
    assert.equal(untold.status, 0);
    assert.match(untold.stderr, /Prometheus was not told of this backup: http:/);
    assert.match(untold.stdout, /^\S+Z \d+ files \d+ bytes$/m);
  });

  it("keeps the newest", async () => {
    const newest = await script.backup(fresh.prometheus.dataDirectory, 1);
    assert.deepEqual(fs.readdirSync(script.backups), [newest]);
  });
});

describe("a backup of Grafana's database (SQLite), taken while it is written", function () {
  this.timeout(60_000);

  for (const mode of ["delete", "wal"]) {
    it(`is whole, in journal mode ${mode}`, async () => {
      await ensureDebianPackages(["sqlite3"], { install: true });
      const directory = temporaryDirectory("backup-sqlite");
      const data = path.join(directory, "data");
      for (const folder of ["plugins", "unified-search/bleve"]) {
        fs.mkdirSync(path.join(data, folder), { recursive: true });
        fs.writeFileSync(path.join(data, folder, "a file"), "as it is");
      }
      const database = path.join(data, "grafana.db");
      const create = "create table a (n integer primary key, t text); create table b (n integer primary key, t text);";
      await execa("sqlite3", [database, `pragma journal_mode=${mode}; ${create}`]);
      const script = await BackupScript.prepare("grafana", directory);
      // Both tables or none, in each transaction; many pages, so that a copy in the middle would show.
      const loop = [
        "n=0; while :; do n=$((n + 1))",
        `echo "begin; insert into a values ($n, hex(randomblob(20000))); insert into b values ($n, hex(randomblob(20000))); commit;"`,
        // By SQLite itself: however long the disk takes for a transaction, it pauses before the next.
        "echo '.shell sleep 0.2'; done | sqlite3 -cmd '.timeout 5000' \"$1\"",
      ].join("\n");
      const writer = spawn("sh", ["-c", loop, "sh", database], { stdio: "ignore", detached: true });
      killAtExit(writer);
      const count = async (file: string, table: string) =>
        Number((await execa("sqlite3", ["-cmd", ".timeout 10000", file, `select count(*) from ${table}`])).stdout);
      try {
        await waitUntil("some rows are there", async () => (await count(database, "a")) > 20);
        for (let copies = 0; copies < 5; copies += 1) {
          const before = await count(database, "a");
          const copy = path.join(script.backups, await script.backup(data));
          const file = path.join(copy, "grafana.db");
          assert.equal((await execa("sqlite3", [file, "pragma integrity_check"])).stdout, "ok");
          const rows = await count(file, "a");
          assert.equal(rows, await count(file, "b"));
          assert.ok(rows >= before && rows <= (await count(database, "a")), `${rows} rows, ${before} before`);
          assert.equal(fs.readFileSync(path.join(copy, "plugins", "a file"), "utf8"), "as it is");
          assert.equal(fs.existsSync(path.join(copy, "unified-search")), false, "Grafana makes its index anew");
        }
      } finally {
        process.kill(-writer.pid!, "SIGTERM");
        removeTemporaryDirectory(directory);
      }
    });
  }
});
