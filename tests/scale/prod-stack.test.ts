import assert from "node:assert/strict";

import { basicAuthorization } from "../../client/authorization";
import { selectorLabels } from "../../components/kubernetes/labels";
import { ports } from "../../components/kubernetes/ports";
import { prometheusDataSource } from "../../dashboards/data-source";
import { metrics } from "../../telemetry/client-metrics";
import { ensureTools } from "../../lab/lab";
import { openDoor } from "../cluster/door";
import { startPolicyEngine } from "../cluster/policy-engine";
import { reachable, runProbePods } from "../cluster/probe-pods";
import { say, TestCluster } from "../cluster/test-cluster";
import { FaultStack } from "../faults/fault-stack";
import { assertSameAmounts, sameAmount } from "../support/compare";
import { scrape, sumSamples } from "../support/prometheus/metrics-text";
import { type ManagedProcess, sleep, waitUntil } from "../support/processes";
import { stackDefault } from "../support/stack-defaults";
import { teamAuthorizations } from "../support/collectors/team-credentials";
import { assertStored } from "./assert-stored";
import { ClusterStore, storeImage } from "./cluster-store";
import { metricNames, seriesOf } from "./series";
import { type TeamLedger, teamLoad, together } from "./team-load";

const namespace = "claude-monitoring-prod";
const teams = ["core", "web"] as const;
/** One for each collector. */
const doorPorts = [30318, 30319] as const;
/** What is made of events comes that much later, and a little more. */
const countIntervalMs = 15_000;

describe("stack prod on a real cluster, beside a distributed store", function () {
  this.timeout(300_000);

  let cluster: TestCluster;
  let engine: ManagedProcess;
  let store: ClusterStore;
  let stack: FaultStack;
  let grafana: { url: string; stop: () => Promise<void> };
  const endpoints: string[] = [];
  let authorizations = new Map<string, string>();
  const sent: TeamLedger[] = [];

  before(async () => {
    const { thanos } = await ensureTools(["thanos"], { log: say });
    cluster = await TestCluster.get(process.env["SCALE_NODE"] ?? "scale-test", [storeImage(thanos)]);
    engine = await startPolicyEngine(cluster);
    store = await ClusterStore.deploy(cluster, stackDefault("prometheus.outOfOrderWindow"));
    grafana = await cluster.forward(namespace, "prod-grafana", ports.grafana);
    stack = new FaultStack(cluster, { ...store.overrides, "grafana.apiUrl": grafana.url, teams });
    await stack.up();
    await stack.ready("otel-collector", 2);
    for (const [replica, port] of doorPorts.entries()) {
      const url = await openDoor(cluster, { namespace, namePrefix: "prod", replica }, port);
      // A machine of each team, which take turns.
      endpoints.push(...teams.map(() => url));
    }
    authorizations = await teamAuthorizations(await stack.deployment());
  });

  after(async () => {
    await grafana.stop();
    await engine.stop();
  });

  async function send(name: string, seconds: number): Promise<void> {
    sent.push(await teamLoad({ name, seconds, endpoints, authorizations }));
  }

  /** Waits until nothing is on its way to Prometheus or the store. */
  async function settled(): Promise<void> {
    await stack.drained(180_000);
    await sleep(countIntervalMs + 5_000);
    await stack.drained(60_000);
  }

  /** Shows that both hold the same samples of some metrics, series by series. @returns how many series */
  async function assertSameSeries(names: readonly string[]): Promise<number> {
    // What was scraped before may be on its way for a second.
    const at = Math.floor(Date.now() / 1000) - 5;
    let series = 0;
    for (const name of names) {
      const own = await seriesOf(stack.reader, name, at);
      assert.ok(own.length > 0, name);
      assert.deepEqual(await seriesOf(store.reader, name, at), own, name);
      series += own.length / 2;
    }
    return series;
  }

  it("gets the same numbers through both collectors as Prometheus, and both hold what was sent", async () => {
    await send("steady", 30);
    await store.queryable();
    await settled();
    const received = await stack.received();
    say(`points received: ${received.map(({ pod, points }) => `${pod.metadata.name} ${points}`).join(", ")}`);
    assert.ok(received.length === 2 && received.every(({ points }) => points > 0));
    await assertStored(stack.reader, together(...sent), teams, "Prometheus");
    await assertStored(store.reader, together(...sent), teams, "Thanos");

    const names = await metricNames(stack.reader);
    assert.deepEqual(await metricNames(store.reader), names);
    assert.ok(names.length > 8, names.join());
    say(`${names.length} metrics of clients, ${await assertSameSeries(names)} series: equal in both`);
    const scraped = await assertSameSeries(["up", "otelcol_exporter_queue_size"]);
    say(`${scraped} series that Prometheus scrapes: equal in both`);
  });

  it("is where Grafana reads, which its network policy lets it", async () => {
    const password = (await (await stack.deployment()).outputs(true))["grafanaAdminPassword"] as string;
    const headers = { Authorization: basicAuthorization("admin", password) };
    const response = await fetch(`${grafana.url}/api/datasources/uid/${prometheusDataSource.uid}`, { headers });
    const { url } = (await response.json()) as { url: string };
    assert.equal(url, store.overrides["remoteWrite.queryUrl"]);

    const pod = (name: string, labels: Readonly<Record<string, string>>) => ({ namespace, name, labels });
    const [asGrafana, stranger] = [pod("as-grafana", selectorLabels("prod", "grafana")), pod("stranger", {})];
    await runProbePods(cluster, [asGrafana, stranger]);
    const { write, query } = await store.endpoints();
    assert.deepEqual(await reachable(cluster, asGrafana, [write, query]), [query]);
    assert.deepEqual(await reachable(cluster, stranger, [write, query]), []);
    assertSameAmounts({ cost: totalOf(together(...sent)) }, { cost: await askAsGrafana(url) }, "as Grafana");
  });

  /** USD of the last hour, asked from a pod that network policies take for Grafana's. */
  async function askAsGrafana(url: string): Promise<number> {
    const question = `${url}/api/v1/query?query=${encodeURIComponent(`sum(sum_over_time(${metrics.cost.prometheus}[1h]))`)}`;
    const ask = ["exec", "--namespace", namespace, "as-grafana", "--", "timeout", "10", "wget", "-q", "-O", "-"];
    const answer = await cluster.kubectl(...ask, question);
    return Number(/"value":\[[\d.]+,"([\d.]+)"\]/.exec(answer)?.[1]);
  }

  it("Prometheus lost with its volume: the numbers are still there, and Grafana has them", async () => {
    const claim = ["persistentvolumeclaim", "prod-prometheus"];
    const volume = await stack.kubectl("get", ...claim, "--output=jsonpath={.spec.volumeName}");
    assert.match(volume, /./);
    // As docs/runbooks/node-lost.md has it.
    await stack.kubectl("delete", ...claim, "--wait=false");
    await stack.kubectl("delete", "pod", "--selector=app.kubernetes.io/name=prometheus");
    const isGone = async () => !(await cluster.kubectl("get", "persistentvolumes", "--output=name")).includes(volume);
    await waitUntil("the volume is gone", isGone, 120_000, 500);
    await assert.rejects(stack.reader.query("vector(1)"));
    await assertStored(store.reader, together(...sent), teams, "Thanos without Prometheus");
    const shown = await askAsGrafana(store.overrides["remoteWrite.queryUrl"]!);
    assertSameAmounts({ cost: totalOf(together(...sent)) }, { cost: shown }, "as Grafana, without Prometheus");
  });

  it("goes on without Prometheus, and beside a new one", async () => {
    const before = sent.length;
    await send("without", 15);
    const total = totalOf(together(...sent));
    const has = async () => sameAmount(total, await store.reader.totalOf(metrics.cost.prometheus, { window: "1h" }));
    await waitUntil("the store has what was sent", has, 60_000, 1000);
    await sleep(5_000);
    await assertStored(store.reader, together(...sent), teams, "Thanos without Prometheus");

    await (await stack.deployment()).refresh();
    await stack.up();
    await stack.ready("prometheus", 1);
    await send("anew", 15);
    await settled();
    const since = together(...sent.slice(before));
    await assertStored(stack.reader, since, teams, "the new Prometheus");
    await assertStored(store.reader, together(...sent), teams, "Thanos");
    say(`${totalOf(together(...sent)).toFixed(6)} USD sent, all in Thanos`);
    say(`${totalOf(since).toFixed(6)} USD of it since the loss, all in the new Prometheus`);
  });

  it("nobody gave up sending", async () => {
    const written = await scrape(`${stack.reader.url}/metrics`);
    assert.equal(sumSamples(written, "prometheus_remote_storage_samples_failed_total"), 0);
    assert.ok((sumSamples(written, "prometheus_remote_storage_samples_total") ?? 0) > 0);
    for (const { pod } of await stack.received()) {
      const url = cluster.proxyUrl(namespace, "pods", pod.metadata.name, ports.collectorMetrics);
      const samples = await scrape(`${url}/metrics`);
      const copies = { exporter: "otlp_http/copies" };
      assert.equal(sumSamples(samples, "otelcol_exporter_send_failed_metric_points", copies) ?? 0, 0);
      assert.ok((sumSamples(samples, "otelcol_exporter_sent_metric_points", copies) ?? 0) > 0);
    }
  });
});

function totalOf({ metrics: entries }: TeamLedger): number {
  return entries.reduce((sum, { amounts }) => sum + amounts.costMicroUsd, 0) / 1e6;
}
