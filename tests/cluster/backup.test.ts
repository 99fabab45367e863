import assert from "node:assert/strict";
import * as fs from "node:fs";
import * as path from "node:path";

import { basicAuthorization } from "../../client/authorization";
import { type BackedUpStore } from "../../components/backup/backup";
import { backupTemplates, runBackupJob } from "../../cli/backup-jobs";
import type { StackLocation } from "../../cli/target";
import { restoreStore } from "../../cli/restore-store";
import { backupMetrics, backupStoreLabel } from "../../telemetry/backup-metrics";
import { assertSameAmounts } from "../support/compare";
import { type LoadLedger, runLoad, totalsOf } from "../support/clients/load-generator";
import { waitUntil } from "../support/processes";
import { PrometheusReader } from "../support/prometheus/prometheus-reader";
import { readTotals } from "../support/prometheus/totals";
import { assertNothingLeft } from "./stack-assertions";
import { say, TestCluster } from "./test-cluster";

const namespace = "claude-monitoring-dev";
const jobTimeoutSeconds = 120;

interface Volume {
  readonly spec: {
    readonly claimRef: { readonly name: string };
    readonly hostPath?: { readonly path: string };
    readonly local?: { readonly path: string };
  };
}

describe("backup and restore on a real cluster", function () {
  this.timeout(300_000);

  let cluster: TestCluster;
  let reader: PrometheusReader;
  let location: StackLocation;
  const ledgers = new Map<string, LoadLedger>();

  before(async () => {
    cluster = await TestCluster.get();
    reader = new PrometheusReader(cluster.proxyUrl(namespace, "services", "dev-prometheus", 9090));
    const target = { kind: "node", kubeconfig: cluster.node.kubeconfig, overrides: {} } as const;
    location = { target, namespace, namePrefix: "dev" };
    await (await stack()).up();
  });

  async function stack() {
    const result = cluster.stack("dev", {
      "grafana.apiUrl": `http://${cluster.node.nodeAddress}:30000`,
      // Once a year: what this test takes is all there is.
      "backup.enabled": true,
      "backup.schedule": "0 0 1 1 *",
      "backup.keep": 2,
    });
    await result.prepare();
    return result;
  }

  async function send(team: string, exports: number, signal?: AbortSignal): Promise<void> {
    const url = `http://${cluster.node.nodeAddress}:30318`;
    const load = { url, exports, perSecond: 40, sessions: 10, team, ...(signal === undefined ? {} : { signal }) };
    ledgers.set(team, await runLoad(load));
    const { entries } = ledgers.get(team)!;
    assert.equal(ledgers.get(team)!.with("accepted").length, entries.length, "every export was accepted");
  }

  async function assertStored(team: string): Promise<void> {
    const expected = totalsOf(ledgers.get(team)!.entries);
    const found = () => readTotals(reader, { window: "1h", matchers: `team="${team}"` });
    const complete = async () => (await found())["sessions"] === expected["sessions"];
    await waitUntil(`all of ${team} is stored`, complete, 60_000, 500).catch(() => undefined);
    assertSameAmounts(expected, await found(), team);
  }

  async function job(store: BackedUpStore, ...args: readonly string[]): Promise<string> {
    const template = (await backupTemplates(location)).get(store)!;
    return runBackupJob(location, store, template, { args }, jobTimeoutSeconds);
  }

  async function restore(store: BackedUpStore, name: string, replace = false): Promise<string> {
    return restoreStore(location, store, (await backupTemplates(location)).get(store)!, name, replace);
  }

  async function deletePrometheusPod(): Promise<void> {
    await cluster.kubectl("delete", "pod", "-n", namespace, "-l", "app.kubernetes.io/name=prometheus", "--wait=true");
  }

  it("copies Prometheus while load goes on", async () => {
    await send("before", 400);
    await assertStored("before");
    const end = new AbortController();
    const load = send("during", 100_000, end.signal);
    const from = Date.now() / 1000 - 1;
    const saved = await job("prometheus", "backup");
    end.abort();
    await load;
    say(
      `prometheus: ${saved.split("\n").at(-1) ?? ""}; load meanwhile: ${ledgers.get("during")!.entries.length} exports`,
    );
    const reported = await reader.query(`max_over_time(${backupMetrics.completed.prometheus}[1h])`);
    assert.deepEqual(
      reported.map(({ labels, value }) => [labels[backupStoreLabel], value > from && value < Date.now() / 1000]),
      [["prometheus", true]],
    );
    assert.match(await job("prometheus", "list"), /^\S+Z \d+ files \d+ bytes$/);
  });

  it("after Prometheus' volume was destroyed, up makes a new one, and what came meanwhile waits in the queue", async () => {
    await cluster.kubectl("delete", "pvc", "dev-prometheus", "-n", namespace, "--wait=false");
    await deletePrometheusPod();
    const gone = async () =>
      !(await cluster.kubectl("get", "pvc", "-n", namespace, "--output=name"))
        .split("\n")
        .includes("persistentvolumeclaim/dev-prometheus");
    await waitUntil("the volume is gone", gone, 60_000, 500);
    await send("outage", 200);
    const dev = await stack();
    await dev.refresh();
    await dev.up();
    await send("since", 100);
    await assertStored("outage");
    await assertStored("since");
    assert.deepEqual(await readTotals(reader, { window: "1h", matchers: 'team="before"' }), {});
  });

  it("restore brings back all that was sent before the backup, and keeps what came after", async () => {
    await assert.rejects(
      restore("prometheus", "yesterday"),
      /found no copy "yesterday" of prometheus; expected one of: 20/,
    );
    say(`prometheus: ${await restore("prometheus", "latest")}`);
    for (const restart of [false, true]) {
      if (restart) {
        await deletePrometheusPod();
      }
      for (const team of ["before", "outage", "since"]) {
        await assertStored(team);
      }
    }
    const cost = (team: string) => totalsOf(ledgers.get(team)!.entries)["cost"] ?? 0;
    const sum = ["before", "outage", "since"].reduce((total, team) => total + cost(team), 0);
    say(`$${sum.toFixed(6)} sent before the backup and after the loss, difference 0, before and after a restart`);
  });

  it("Grafana's files (of the STAND-IN) come back byte by byte, and only if told that data may be replaced", async () => {
    const file = path.join(await volumeFolder("dev-grafana"), "grafana-stand-in.json");
    const before = fs.readFileSync(file);
    await job("grafana", "backup");
    const response = await fetch(`http://${cluster.node.nodeAddress}:30000/api/folders`, {
      method: "POST",
      headers: {
        authorization: basicAuthorization("admin", "admin"),
        "content-type": "application/json",
      },
      body: JSON.stringify({ uid: "later", title: "Later than the backup" }),
    });
    assert.equal(response.status, 200);
    assert.notDeepEqual(fs.readFileSync(file), before);
    await assert.rejects(restore("grafana", "latest"), /the volume of grafana holds data/);
    await restore("grafana", "latest", true);
    assert.deepEqual(fs.readFileSync(file), before);
  });

  it("destroy leaves nothing, backups included", async () => {
    const dev = await stack();
    await dev.destroy();
    await assertNothingLeft(cluster, dev, namespace);
  });

  async function volumeFolder(claim: string): Promise<string> {
    const volumes = await cluster.list<Volume>("persistentvolumes");
    const found = volumes.find(({ spec }) => spec.claimRef.name === claim)?.spec;
    return found?.hostPath?.path ?? found?.local?.path ?? assert.fail(`no volume of ${claim}`);
  }
});
