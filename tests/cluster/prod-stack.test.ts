import assert from "node:assert/strict";

import { Overrides } from "../../cli/overrides";
import { assertNothingLeft, assertUnchanged } from "./stack-assertions";
import { say, TestCluster } from "./test-cluster";

const namespace = "claude-monitoring-prod";

interface Named {
  readonly metadata: { readonly name: string };
}

describe("stack prod on a real cluster", function () {
  this.timeout(300_000);

  let cluster: TestCluster;
  let grafana: { url: string; stop: () => Promise<void> };
  let overrides: Overrides;
  let resources = 0;

  before(async () => {
    cluster = await TestCluster.get();
    grafana = await cluster.forward(namespace, "prod-grafana", 3000);
    overrides = { "grafana.apiUrl": grafana.url };
  });

  after(() => grafana.stop());

  async function stack(more: Overrides = {}) {
    const result = cluster.stack("prod", { ...overrides, ...more });
    await result.prepare();
    return result;
  }

  it("refuses default passwords, NodePorts and placeholders before anything is created", async () => {
    const placeholder = { grafanaUrl: "https://grafana.example.com" };
    const wrong = await stack({ "grafana.adminPassword": "admin", exposure: "NodePort", ...placeholder });
    await assert.rejects(wrong.preview(), (error: Error) => {
      assert.match(error.message, /grafana.adminPassword: found a default or short password/);
      assert.match(error.message, /exposure: found "NodePort"/);
      assert.match(error.message, /grafanaUrl: found the placeholder/);
      return true;
    });
  });

  it("up creates everything, although Grafana becomes reachable only later", async () => {
    const prod = await stack();
    const preview = await prod.preview();
    const up = await prod.up();
    resources = up.created;
    say(`preview: ${preview.created} to create; up: ${up.created} created, ${up.updated} updated`);
    assert.ok(Math.abs(preview.created - up.created) <= 1, `${preview.created} against ${up.created}`);
    const collectors = (await cluster.list<Named>("pods", namespace)).filter(({ metadata }) =>
      metadata.name.startsWith("prod-otel-collector-"),
    );
    assert.equal(collectors.length, 2);
    const services = await cluster.list<{ spec: { type: string } }>("services", namespace);
    assert.ok(services.every(({ spec }) => spec.type === "ClusterIP"));
  });

  it("a second up, a preview and a refresh change nothing", async () => {
    await assertUnchanged(await stack());
  });

  it("has a generated password, in the stack's secrets and in Grafana's Secret only", async () => {
    const prod = await stack();
    assert.equal((await prod.outputs())["grafanaAdminPassword"], "[secret]");
    const password = (await prod.outputs(true))["grafanaAdminPassword"] as string;
    assert.match(password, /^[A-Za-z0-9]{32}$/);
    assert.ok(!(await prod.state()).includes(password));
    const secrets = await cluster.list<{ data?: Record<string, string> }>("secrets", namespace);
    const decoded = secrets.flatMap(({ data }) =>
      Object.values(data ?? {}).map((value) => Buffer.from(value, "base64").toString()),
    );
    assert.equal(decoded.filter((value) => value === password).length, 1);
    const others = await cluster.kubectl(
      "get",
      "configmaps,pods,deployments",
      "--namespace",
      namespace,
      "--output=json",
    );
    assert.ok(!others.includes(password));
  });

  it("destroy refuses to delete what is protected, and names it", async () => {
    const prod = await stack();
    await assert.rejects(prod.destroy(), (error: Error) => {
      assert.match(error.message, /prometheus-volume|grafana-volume|namespace/);
      assert.match(error.message, /protected/);
      return true;
    });
    assert.ok((await prod.resourceTypes()).length > 20, "nothing was deleted");
  });

  it("destroy without the protected leaves the volumes, backups among them, and up brings the rest back", async () => {
    const prod = await stack();
    const { deleted } = await prod.destroy({ excludeProtected: true });
    const kept = (await cluster.list<Named>("persistentvolumeclaims", namespace)).map(({ metadata }) => metadata.name);
    say(`destroy --exclude-protected: ${deleted} deleted; kept ${kept.join(", ")}`);
    assert.deepEqual(kept.sort(), [
      "prod-grafana",
      "prod-grafana-backup",
      "prod-prometheus",
      "prod-prometheus-backup",
      "queue-prod-otel-collector-0",
      "queue-prod-otel-collector-1",
    ]);
    const up = await prod.up();
    say(`up: ${up.created} created, ${up.unchanged} unchanged`);
    assert.equal(up.created, deleted);
  });

  it("once released, destroy deletes everything", async () => {
    const prod = await stack({ protectVolumes: false });
    await prod.up();
    const { deleted } = await prod.destroy();
    say(`destroy: ${deleted} deleted of ${resources}`);
    await assertNothingLeft(cluster, prod, namespace);
  });
});
