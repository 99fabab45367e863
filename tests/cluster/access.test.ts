import assert from "node:assert/strict";
import * as fs from "node:fs";
import * as path from "node:path";

import { metrics } from "../../telemetry/client-metrics";
import type { Overrides } from "../../cli/overrides";
import { Authority } from "../support/collectors/authority";
import { claimedMetrics } from "../support/otlp/claimed-exports";
import { assertSameAmounts } from "../support/compare";
import { type LoadLedger, runLoad, totalsOf } from "../support/clients/load-generator";
import { overGrpc, overHttp } from "../support/otlp/otlp-door";
import { removeTemporaryDirectory, sleep, temporaryDirectory, waitUntil } from "../support/processes";
import { PrometheusReader } from "../support/prometheus/prometheus-reader";
import { teamAuthorizations } from "../support/collectors/team-credentials";
import { readTotals } from "../support/prometheus/totals";
import { assertNothingLeft } from "./stack-assertions";
import { say, TestCluster } from "./test-cluster";

const namespace = "claude-monitoring-access";
const secretName = "collector-certificate";
/** Other ports than a developer's own node has. */
const [httpPort, grpcPort] = [31318, 31317];
/** Longer than anything below takes; the load is told to stop. */
const longestLoad = { exports: 20 * 600, perSecond: 20 };

describe("credentials and TLS on a real cluster", function () {
  this.timeout(300_000);

  let cluster: TestCluster;
  let directory: string;
  let authority: Authority;
  let address: string;
  let reader: PrometheusReader;

  before(async () => {
    cluster = await TestCluster.get();
    directory = temporaryDirectory("cluster-access");
    authority = new Authority(directory);
    address = await cluster.addressFor(0);
    authority.issue("collector", `IP:${address},IP:127.0.0.1,DNS:localhost`);
    reader = new PrometheusReader(cluster.proxyUrl(namespace, "services", "access-prometheus", 9090));
  });

  after(() => {
    removeTemporaryDirectory(directory);
  });

  /** Two collectors that serve TLS; everything else as small as can be. */
  async function stack(teams: Overrides[string], more: Overrides = {}) {
    const url = (port: number) => `https://${address}:${port}`;
    const overrides: Overrides = {
      namespace,
      namePrefix: "access",
      "grafana.deployment": "none",
      grafanaUrl: url(31000),
      "collector.replicas": 2,
      "nodePorts.otlpHttp": httpPort,
      "nodePorts.otlpGrpc": grpcPort,
      otlpHttpUrl: url(httpPort),
      otlpGrpcUrl: url(grpcPort),
      "tls.secret": secretName,
      teams,
      ...more,
    };
    const result = cluster.stack("dev", overrides);
    await result.prepare();
    return result;
  }

  /** Deploys, and gives what each team's clients are to send. */
  async function deploy(teams: Overrides[string]): Promise<Readonly<Record<string, string>>> {
    const deployed = await stack(teams);
    await deployed.up();
    await cluster.rolledOut(namespace, "statefulset/access-otel-collector");
    return Object.fromEntries(await teamAuthorizations(deployed));
  }

  /** How one export ends, over HTTP and over gRPC. */
  async function come(authorization: string | undefined, ca: string | undefined): Promise<string> {
    const claim = { team: "ops", session: "door", costMicroUsd: 1, timeMs: Date.now() };
    const request = {
      host: address,
      signal: "metrics" as const,
      body: claimedMetrics(claim),
      ...(authorization === undefined ? {} : { authorization }),
      ...(ca === undefined ? {} : { tls: { ca } }),
    };
    const answers = [await overHttp({ ...request, port: httpPort }), await overGrpc({ ...request, port: grpcPort })];
    return answers.join(", ");
  }

  it("serves with a certificate from a Secret that was there before, and lets in who has a credential", async () => {
    await cluster.kubectl("create", "namespace", namespace);
    const files = ["crt", "key"].map((kind) => path.join(directory, `collector.${kind}`));
    const [cert = "", key = ""] = files;
    assert.ok(files.every((file) => fs.existsSync(file)));
    const secret = ["create", "secret", "tls", secretName, "--namespace", namespace];
    await cluster.kubectl(...secret, `--cert=${cert}`, `--key=${key}`);
    const { web = "", ops = "" } = await deploy(["web", "ops"]);
    const { certificate: ca } = authority;
    const stranger = fs.mkdtempSync(path.join(directory, "stranger-"));

    assert.equal(await come(web, ca), "accepted, accepted");
    assert.equal(await come(ops, ca), "accepted, accepted");
    assert.equal(await come(undefined, ca), "401, UNAUTHENTICATED");
    assert.equal(await come(`${web.slice(0, -4)}AAA=`, ca), "401, UNAUTHENTICATED");
    assert.equal(await come(web, new Authority(stranger).certificate), "no connection, no connection");
    assert.match(await come(web, undefined), /^(400|no connection), no connection$/);
    // What both sent was claimed to be of one team.
    await waitUntil("both are stored", async () => {
      const stored = await reader.sumOf(metrics.cost.prometheus, {
        window: "1h",
        matchers: 'session_id="door"',
        by: ["team"],
      });
      return stored.size === 2 && stored.has("web") && stored.has("ops");
    });
  });

  it("takes a new credential, then only that, and no export is lost", async () => {
    let { web: current = "" } = await deploy(["web", "ops"]);
    const first = current;
    const running = new AbortController();
    const access = { authorization: () => current, ca: authority.certificate };
    const url = `https://${address}:${httpPort}`;
    const load = runLoad({ url, team: "web", ...longestLoad, sessions: 50, access, signal: running.signal });
    let ledger: LoadLedger;
    try {
      ({ web: current = "" } = await deploy([{ name: "web", credentials: [1, 2] }, "ops"]));
      assert.notEqual(current, first);
      assert.equal(await come(first, authority.certificate), "accepted, accepted");
      // Clients that were told nothing yet are gone after their last tries.
      await sleep(10_000);
      await deploy([{ name: "web", credentials: [2] }, "ops"]);
      await sleep(2_000);
    } finally {
      running.abort();
      ledger = await load;
    }
    const lost = ledger.entries.length - ledger.with("accepted").length;
    say(`rotation: ${ledger.entries.length} exports, ${lost} lost; tries by answer: ${answers(ledger)}`);
    assert.ok(ledger.entries.length > 200);
    assert.equal(lost, 0);
    assert.equal(await come(first, authority.certificate), "401, UNAUTHENTICATED");
    assert.equal(await come(current, authority.certificate), "accepted, accepted");

    const window = { window: "1h", matchers: 'team="web",session_id!="door"' };
    const expected = totalsOf(ledger.entries);
    await waitUntil(
      "all is stored",
      async () => (await readTotals(reader, window))["sessions"] === expected["sessions"],
    );
    assertSameAmounts(expected, await readTotals(reader, window), "Prometheus against what was sent");
  });

  it("keeps collectors that were added by load when the stack is updated", async () => {
    const added = { "collector.maxReplicas": 4 };
    await (await stack([{ name: "web", credentials: [2] }, "ops"], added)).up();
    const workload = ["statefulset/access-otel-collector", "--namespace", namespace];
    await cluster.kubectl("scale", ...workload, "--replicas=3");
    const { updated, replaced } = await (
      await stack([{ name: "web", credentials: [2] }, "ops"], { ...added, "collector.clockAheadTolerance": "6m" })
    ).up();
    say(`up beside an autoscaler: ${updated} updated, ${replaced} replaced`);
    assert.equal(await cluster.kubectl("get", ...workload, "--output=jsonpath={.spec.replicas}"), "3");
  });

  it("is gone with the stack", async () => {
    const deployed = await stack([{ name: "web", credentials: [2] }, "ops"]);
    await deployed.destroy();
    await assertNothingLeft(cluster, deployed, namespace);
  });
});

function answers(ledger: LoadLedger): string {
  return [...ledger.statusCounts()].map(([status, count]) => `${status === 0 ? "none" : status} ${count}`).join(", ");
}
