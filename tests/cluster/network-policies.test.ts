import assert from "node:assert/strict";
import * as net from "node:net";

import { selectorLabels } from "../../components/kubernetes/labels";
import { networkPolicySpecs, type PolicyComponent } from "../../components/namespace/network-policies";
import { restrictedNamespace } from "../../components/kubernetes/pod-security";
import { ports } from "../../components/kubernetes/ports";
import { Overrides } from "../../cli/overrides";
import { billMetrics } from "../../telemetry/bill";
import { metrics } from "../../telemetry/client-metrics";
import { metricsRequest } from "../../synthetic/otlp/request";
import { type ManagedProcess, waitUntil } from "../support/processes";
import { PrometheusReader } from "../support/prometheus/prometheus-reader";
import { BilledCluster } from "./bill-job";
import { startPolicyEngine } from "./policy-engine";
import { apply, type Endpoint, type ProbePod, reachable, resolves, runProbePods } from "./probe-pods";
import { assertNothingLeft } from "./stack-assertions";
import { say, TestCluster } from "./test-cluster";

const matrixNamespace = "policy-matrix";
const otherNamespace = "policy-elsewhere";
const readerNamespace = "policy-reader";
const backups = ["prometheus-backup", "loki-backup", "grafana-backup"] as const;
const components: readonly PolicyComponent[] = [
  ...(["otel-collector", "prometheus", "loki", "tempo", "grafana", "bill", "report"] as const),
  ...backups,
];
const listening: Readonly<Record<PolicyComponent, readonly number[]>> = {
  "otel-collector": [4317, 4318, 8888, 13133],
  prometheus: [9090],
  loki: [3100],
  tempo: [3200, 4317, 4318],
  grafana: [3000],
  bill: [],
  report: [],
  "prometheus-backup": [],
  "loki-backup": [],
  "grafana-backup": [],
};

/** The whole table, written out: who reaches what with the policies. */
const expected: Readonly<Record<string, readonly string[]>> = {
  elsewhere: ["otel-collector:4317", "otel-collector:4318", "grafana:3000", "outside:8443"],
  reader: [
    ...["otel-collector:4317", "otel-collector:4318", "prometheus:9090", "loki:3100", "tempo:3200", "grafana:3000"],
    "outside:8443",
  ],
  // In the namespace, but not of the stack: not even out of its own pod.
  stranger: [],
  "otel-collector": ["prometheus:9090", "loki:3100", "tempo:4318"],
  prometheus: ["otel-collector:8888", "loki:3100", "tempo:3200", "grafana:3000"],
  loki: [],
  tempo: [],
  grafana: ["prometheus:9090", "loki:3100", "tempo:3200", "outside:8443"],
  // The provider's addresses alone, which the outside is none of.
  bill: ["prometheus:9090"],
  report: ["prometheus:9090"],
  "prometheus-backup": ["prometheus:9090"],
  "loki-backup": ["prometheus:9090"],
  "grafana-backup": ["prometheus:9090"],
};

describe("network policies on a real cluster, enforced by kube-network-policies", function () {
  this.timeout(180_000);

  let cluster: TestCluster;
  let engine: ManagedProcess;

  before(async () => {
    cluster = await TestCluster.get();
    engine = await startPolicyEngine(cluster);
  });

  after(async () => {
    await engine.stop();
  });

  describe("every arrow, between stand-in listeners", () => {
    const inMatrix = (name: string, labels: Readonly<Record<string, string>>, listen: readonly number[] = []) => ({
      ...{ namespace: matrixNamespace, name, labels, listen },
    });
    const sources: readonly ProbePod[] = [
      { namespace: otherNamespace, name: "elsewhere", labels: selectorLabels("dev", "grafana") },
      { namespace: readerNamespace, name: "reader", labels: {} },
      inMatrix("stranger", { "app.kubernetes.io/name": "grafana" }),
      ...components.map((component) => inMatrix(component, selectorLabels("dev", component), listening[component])),
    ];
    let outside: net.Server;
    let targets: (Endpoint & { readonly name: string })[] = [];

    before(async () => {
      const names = { [matrixNamespace]: restrictedNamespace, [otherNamespace]: {}, [readerNamespace]: {} };
      await apply(
        cluster,
        Object.entries(names).map(([name, labels]) => ({
          ...{ apiVersion: "v1", kind: "Namespace", metadata: { name, labels } },
        })),
      );
      const addresses = await runProbePods(cluster, sources);
      // This machine is outside the cluster, at the other end of the node's link.
      const machine = cluster.node.hostAddress;
      outside = net
        .createServer((socket) => socket.on("error", () => undefined).once("data", () => socket.end("open")))
        .listen(8443, machine);
      targets = components.flatMap((component) =>
        listening[component].map((port) => ({
          name: `${component}:${port}`,
          host: addresses.get(component) ?? "",
          port,
        })),
      );
      targets.push({ name: "outside:8443", host: machine, port: 8443 });
    });

    after(async () => {
      outside.close();
      await cluster.kubectl("delete", "namespace", matrixNamespace, otherNamespace, readerNamespace, "--wait=false");
    });

    async function table(): Promise<Record<string, string[]>> {
      const rows = sources.map(async (source) => [source.name, await row(source)] as const);
      return Object.fromEntries(await Promise.all(rows));
    }

    async function row(source: ProbePod): Promise<string[]> {
      const others = targetsOf(source);
      const found = await reachable(cluster, source, others);
      return others.filter((target) => found.includes(target)).map(({ name }) => name);
    }

    /** To itself a pod always gets, by loopback. */
    function targetsOf(source: ProbePod) {
      return targets.filter(({ name }) => !name.startsWith(`${source.name}:`));
    }

    it("without policies, everything reaches everything", async () => {
      const rows = await table();
      for (const source of sources) {
        const others = targetsOf(source).map(({ name }) => name);
        assert.deepEqual(rows[source.name], others, source.name);
      }
    });

    it("with them, only the arrows of the design are left", async () => {
      const specs = networkPolicySpecs({
        namePrefix: "dev",
        components,
        externalEgress: { grafana: { ports: [8443] }, bill: { ports: [8443], addresses: ["203.0.113.0/24"] } },
        dnsAddresses: [],
        apiServerAddresses: [],
        readerNamespaces: [readerNamespace],
      });
      await apply(
        cluster,
        [...specs].map(([name, spec]) => ({
          ...{ apiVersion: "networking.k8s.io/v1", kind: "NetworkPolicy" },
          ...{ metadata: { name, namespace: matrixNamespace }, spec },
        })),
      );
      const [stranger] = sources.filter(({ name }) => name === "stranger");
      await waitUntil("the engine knows the policies", async () => (await row(stranger!)).length === 0);
      const rows = await table();
      assert.deepEqual(rows, expected);
      say(`${Object.values(rows).flat().length} of ${sources.flatMap(targetsOf).length} connections are left`);
    });

    it("names are resolved by those that need it, and by nobody else", async () => {
      const name = "kubernetes.default.svc.cluster.local";
      const answers = sources.map(async (source) => [source.name, await resolves(cluster, source, name)] as const);
      assert.deepEqual(Object.fromEntries(await Promise.all(answers)), {
        ...{ elsewhere: true, reader: true, stranger: false },
        ...{
          "otel-collector": true,
          prometheus: true,
          loki: false,
          tempo: false,
          grafana: true,
          bill: true,
          report: true,
        },
        ...{ "prometheus-backup": true, "loki-backup": true, "grafana-backup": true },
      });
    });

    it("the API server admits the restricted pods there, and refuses a privileged one", async () => {
      const pod = (securityContext: object) => ({
        ...{ apiVersion: "v1", kind: "Pod", metadata: { name: "intruder", namespace: matrixNamespace } },
        spec: { containers: [{ name: "intruder", image: "busybox", securityContext }] },
      });
      await assert.rejects(apply(cluster, [pod({ privileged: true })]), /violates PodSecurity "restricted:v1\.34"/);
      await assert.rejects(apply(cluster, [pod({})]), /allowPrivilegeEscalation != false/);
    });
  });

  describe("the stack itself", () => {
    const namespace = "claude-monitoring-dev";
    const outsider = { namespace: otherNamespace, name: "outsider", labels: {} };
    const service = (name: string, port: number) => ({ host: `dev-${name}.${namespace}.svc.cluster.local`, port });
    const open = [
      service("otel-collector", ports.otlpGrpc),
      service("otel-collector", ports.otlpHttp),
      service("grafana", ports.grafana),
    ];
    const closed = [service("prometheus", ports.prometheus), service("otel-collector", ports.collectorMetrics)];
    let overrides: Overrides;
    let billed: BilledCluster;

    before(async () => {
      billed = await BilledCluster.start(cluster);
      overrides = { "grafana.apiUrl": `http://${cluster.node.nodeAddress}:30000`, ...billed.overrides };
      await waitUntil("the namespace of the matrix is gone", () => gone(otherNamespace), 60_000, 500);
      await apply(cluster, [{ apiVersion: "v1", kind: "Namespace", metadata: { name: otherNamespace } }]);
      await runProbePods(cluster, [outsider]);
    });

    after(async () => {
      await billed.stop();
      await cluster.kubectl("delete", "namespace", otherNamespace, "--wait=false");
    });

    async function stack(more: Overrides = {}) {
      const result = cluster.stack("dev", { ...overrides, ...more });
      await result.prepare();
      return result;
    }

    async function gone(name: string): Promise<boolean> {
      return !(await cluster.kubectl("get", "namespaces", "--output=name")).split("\n").includes(`namespace/${name}`);
    }

    it("comes up within its policies and its quota, and what is sent arrives in Prometheus", async () => {
      await (await stack()).up();
      const reader = new PrometheusReader(cluster.proxyUrl(namespace, "services", "dev-prometheus", ports.prometheus));
      await waitUntil(
        "every target is up",
        async () => {
          const targets = await reader.targets();
          return targets.length === 3 && targets.every(({ health }) => health === "up");
        },
        90_000,
        1000,
      );
      const url = `http://${cluster.node.nodeAddress}:30318/v1/metrics`;
      await send(url, 1.25);
      await waitUntil("the amount arrives", async () => {
        return (await reader.totalOf(metrics.cost.prometheus, { window: "1h" })) === 1.25;
      });
      const [quota] = await cluster.list<{ status: { used: Record<string, string> } }>("resourcequotas", namespace);
      say(`quota in use: ${JSON.stringify(quota?.status.used)}`);
      assert.equal(quota?.status.used["pods"], "3");
    });

    it("reads the provider's bill within its policies, and keeps its key", async () => {
      const printed = await billed.run(namespace, "dev-bill");
      const prometheus = cluster.proxyUrl(namespace, "services", "dev-prometheus", ports.prometheus);
      const reader = new PrometheusReader(prometheus);
      const sum = async (metric: string) => (await reader.totalOf(metric, { window: "4d" })).toFixed(6);
      assert.equal(await sum(billMetrics.charged.prometheus), billed.chargedUsd.toFixed(6));
      const reportedUsd = billed.readsToday ? 1.25 : 0;
      assert.equal(await sum(billMetrics.reported.prometheus), reportedUsd.toFixed(6));
      assert.equal(await sum(billMetrics.difference.prometheus), (billed.chargedUsd - reportedUsd).toFixed(6));
      await billed.assertKeyIsSecret(namespace, printed, await (await stack()).state());
    });

    it("from another namespace, only OTLP and Grafana answer", async () => {
      assert.deepEqual(await reachable(cluster, outsider, [...open, ...closed]), open);
    });

    it("without the policies, Prometheus and the collector's metrics answer there too", async () => {
      await (await stack({ networkPolicies: false })).up();
      assert.deepEqual(await reachable(cluster, outsider, [...open, ...closed]), [...open, ...closed]);
      const dev = await stack();
      await dev.destroy();
      await assertNothingLeft(cluster, dev, namespace);
    });
  });
});

/** Sends one export of a known amount, as the client does. */
async function send(url: string, usd: number): Promise<void> {
  const now = Date.now();
  const { name, unit } = metrics.cost;
  const points = [{ attributes: {}, startMs: now, timeMs: now, value: usd }];
  const response = await fetch(url, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify(metricsRequest({ scope: { name: "test" } }, [{ name, unit, points }])),
  });
  assert.equal(response.status, 200, await response.text());
}
