import assert from "node:assert/strict";

import { basicAuthorization } from "../../client/authorization";
import { recordingRules } from "../../dashboards/rollups/rules";
import { Overrides } from "../../cli/overrides";
import { histogramMetrics, ledgerMetrics } from "../../telemetry/event-metrics";
import { type Amounts, assertSameAmounts, sameAmount } from "../support/compare";
import { waitUntil } from "../support/processes";
import { PrometheusReader } from "../support/prometheus/prometheus-reader";
import { ClientMachines, runSessions } from "./client-machines";
import { assertNothingLeft, assertUnchanged } from "./stack-assertions";
import { say, TestCluster } from "./test-cluster";
import { hour } from "../../units";

const namespace = "claude-monitoring-dev";

interface Pod {
  readonly metadata: { readonly name: string; readonly uid: string };
}

describe("stack dev on a real cluster", function () {
  this.timeout(300_000);

  let cluster: TestCluster;
  let reader: PrometheusReader;
  let overrides: Overrides;
  /** Resources of a whole deployment, the stack itself included. */
  let resources = 0;

  before(async () => {
    cluster = await TestCluster.get();
    overrides = { "grafana.apiUrl": `http://${cluster.node.nodeAddress}:30000` };
    reader = new PrometheusReader(cluster.proxyUrl(namespace, "services", "dev-prometheus", 9090));
  });

  async function stack(more: Overrides = {}) {
    const result = cluster.stack("dev", { ...overrides, ...more });
    await result.prepare();
    return result;
  }

  async function podsByName(): Promise<Map<string, string>> {
    const pods = await cluster.list<Pod>("pods", namespace);
    return new Map(pods.map(({ metadata }) => [metadata.name, metadata.uid]));
  }

  it("refuses wrong configuration before anything is created, all problems at once", async () => {
    const wrong = await stack({ "prometheus.storage": "lots", grafanaUrl: "nowhere", "prometheus.retension": "1d" });
    await assert.rejects(wrong.up(), (error: Error) => {
      assert.match(error.message, /prometheus.storage: found "lots"; expected a quantity/);
      assert.match(error.message, /grafanaUrl: found "nowhere"; expected a URL/);
      assert.match(error.message, /prometheus.retension: no such key; did you mean prometheus.retention/);
      return true;
    });
    assert.deepEqual(
      (await wrong.resourceTypes()).filter((type) => type !== "pulumi:pulumi:Stack"),
      [],
    );
    const missing = await stack({ storageClass: "no-such-class" });
    await assert.rejects(missing.up(), /no-such-class/);
    assert.deepEqual(
      (await missing.resourceTypes()).filter((type) => type.startsWith("kubernetes:")),
      [],
    );
    await cluster.gone(namespace);
  });

  it("previews before anything exists", async () => {
    const preview = await (await stack()).preview();
    say(`preview: ${preview.created} to create`);
    // The refused attempts left the stack and its components, which exist in the state only.
    resources = preview.created + preview.unchanged;
    assert.ok(resources > 20);
    await cluster.gone(namespace);
  });

  it("previews without any cluster, as a pull-request check does", async () => {
    const nowhere = cluster.stack("dev", { verifyStorageClass: false }, "/nonexistent/kubeconfig");
    await nowhere.prepare();
    const preview = await nowhere.preview();
    say(`preview without a cluster: ${preview.created} to create`);
    assert.equal(preview.created, resources);
  });

  it("up creates everything, and everything is ready", async () => {
    const up = await (await stack()).up();
    say(`up: ${up.created} created, ${up.updated} updated, ${up.deleted} deleted`);
    assert.deepEqual([up.created + up.unchanged, up.updated, up.deleted], [resources, 0, 0]);
    const pods = await podsByName();
    assert.deepEqual([...pods.keys()].map((name) => name.replace(/(-[0-9a-f]+)?-\w+$/, "")).sort(), [
      "dev-grafana",
      "dev-otel-collector",
      "dev-prometheus",
    ]);
  });

  it("a second up, a preview and a refresh change nothing", async () => {
    await assertUnchanged(await stack());
  });

  it("has the recording rules loaded and scrapes Prometheus, the collector and Grafana", async () => {
    const groups = await reader.ruleGroups();
    const expected = recordingRules({ promisedLateness: 30 * hour, retentionSeconds: 200 * hour }).groups;
    assert.ok(expected.length > 0);
    assert.deepEqual(
      groups.map(({ name, rules }) => `${name}: ${rules.length}`).sort(),
      expected.map(({ name, rules }) => `${name}: ${rules.length}`).sort(),
    );
    await waitUntil(
      "every target is up",
      async () => {
        const targets = await reader.targets();
        const up = targets.filter(({ health }) => health === "up").map(({ scrapePool }) => scrapePool);
        return JSON.stringify(up.sort()) === '["grafana","otel-collector","prometheus"]';
      },
      90_000,
      1000,
    );
  });

  it("declares folder, data source, dashboards and alerts in Grafana (STAND-IN)", async () => {
    const ask = async (path: string) => {
      const headers = { authorization: basicAuthorization("admin", "admin") };
      const response = await fetch(`http://${cluster.node.nodeAddress}:30000/api/${path}`, { headers });
      assert.equal(response.status, 200, path);
      return (await response.json()) as {
        url?: string;
        title?: string;
        dashboard?: { panels: unknown[] };
        rules?: { uid: string }[];
      };
    };
    const source = await ask("datasources/uid/claude-code-monitoring-prometheus");
    assert.equal(source.url, `http://dev-prometheus.${namespace}.svc:9090`);
    assert.equal((await ask("folders/claude-code-monitoring")).title, "Claude Code");
    const panels: number[] = [];
    for (const uid of [
      "claude-code-monitoring-api",
      "claude-code-spend",
      "claude-code-adoption",
      "claude-code-trust",
      "claude-code-requests",
      "claude-code-tools",
      "claude-code-bill",
    ]) {
      panels.push((await ask(`dashboards/uid/${uid}`)).dashboard?.panels.length ?? 0);
    }
    assert.deepEqual(panels, [41, 23, 23, 31, 29, 33, 2]);
    const group = encodeURIComponent("Claude Code, arrival of data");
    const { rules } = await ask(`v1/provisioning/folder/claude-code-monitoring/rule-groups/${group}`);
    assert.ok((rules ?? []).some(({ uid }) => uid === "claude-arrival-nothing"));
  });

  it("the real client's sessions come out equal to the truth, through the NodePort", async () => {
    const outputs = await (await stack()).outputs();
    const machines = await ClientMachines.start(cluster, namespace, 1);
    const { truth, found } = await runSessions(machines, outputs, reader, "first");
    assertSameAmounts(truth, found, "one collector");
    await sameLedger(truth, "first");
    say(`one collector: $${truth["cost"]} in ${truth["sessions"]} sessions, difference 0`);
  });

  it("a change of the collector's configuration rolls the collector and nothing else", async () => {
    const before = await podsByName();
    const up = await (await stack({ "collector.clockAheadTolerance": "7m" })).up();
    await cluster.rolledOut(namespace, "statefulset/dev-otel-collector");
    const after = await podsByName();
    const kept = [...before].filter(([name, uid]) => after.get(name) === uid).map(([name]) => name);
    assert.deepEqual(kept.length, 2, kept.join());
    assert.ok(!kept.some((name) => name.includes("otel-collector")));
    assert.equal(up.replaced, 1, up.output);
    assert.equal(up.updated, 1, up.output);
  });

  it("with two collectors behind the Service the sessions come out equal, and both took part", async () => {
    const dev = await stack({ "collector.replicas": 2 });
    await dev.up();
    const machines = await ClientMachines.start(cluster, namespace, 2);
    const { truth, found } = await runSessions(machines, await dev.outputs(), reader, "second");
    assertSameAmounts(truth, found, "two collectors");
    await sameLedger(truth, "second");
    const counted = `${histogramMetrics.requestDuration.prometheus}_count`;
    await waitUntil("both collectors have counted requests", async () => {
      const byCollector = await reader.sumOf(counted, {
        window: "1h",
        by: ["collector"],
        matchers: 'team="second"',
      });
      return byCollector.size === 2;
    });
    const received = await machines.receivedByCollector();
    say(
      `two collectors: $${truth["cost"]} in ${truth["sessions"]} sessions, difference 0; points: ${received.join(", ")}`,
    );
    assert.equal(received.length, 2);
    assert.ok(received.every((points) => points > 0));
  });

  it("destroy leaves nothing in the cluster", async () => {
    const dev = await stack({ "collector.replicas": 2 });
    const { deleted } = await dev.destroy();
    say(`destroy: ${deleted} deleted`);
    assert.ok(deleted >= resources);
    await assertNothingLeft(cluster, dev, namespace);
  });

  /** What events say, which take another way, and may take some seconds longer. */
  async function sameLedger(truth: Amounts, team: string): Promise<void> {
    const window = { window: "1h", matchers: `team="${team}"` };
    await waitUntil(`the events of team ${team} say ${truth["cost"] ?? 0} USD`, async () =>
      sameAmount(truth["cost"] ?? 0, await reader.totalOf(ledgerMetrics.cost.prometheus, window)),
    );
  }
});
