import assert from "node:assert/strict";
import * as http from "node:http";
import { AddressInfo } from "node:net";

import { deploy, Deployment } from "../components/deployment";
import { ofType, one, PodTemplate } from "../components/registered";

type Json = Readonly<Record<string, unknown>>;

describe("dev and prod", () => {
  it("differ in reach: NodePorts in dev, Ingress and no NodePort in prod", async () => {
    const [dev, prod] = [await deploy("dev"), await deploy("prod")];
    const nodePorts = (deployment: Deployment) =>
      ofType(deployment, "kubernetes:core/v1:Service").flatMap((service) =>
        (service.inputs["spec"] as { ports: { nodePort?: number }[] }).ports.flatMap(({ nodePort }) => nodePort ?? []),
      );
    assert.deepEqual(nodePorts(dev).sort(), [30000, 30317, 30318]);
    assert.deepEqual(nodePorts(prod), []);
    assert.equal(ofType(dev, "kubernetes:networking.k8s.io/v1:Ingress").length, 0);
    assert.equal(ofType(prod, "kubernetes:networking.k8s.io/v1:Ingress").length, 2);
  });

  it("differ in protection: prod's namespace and volumes are protected, and queues outlive their StatefulSet", async () => {
    for (const [stack, protect] of [
      ["dev", false],
      ["prod", true],
    ] as const) {
      const deployment = await deploy(stack);
      // In prod also the generated password and key, which Grafana's database is made with.
      const kept = deployment.resources.filter(
        ({ type, name }) =>
          /:(PersistentVolumeClaim|Namespace|RandomPassword)$/.test(type) && !name.startsWith("team-credentials"),
      );
      // And the volumes of the copies.
      assert.equal(kept.length, protect ? 10 : 5);
      for (const resource of kept) {
        assert.equal(resource.options.protect, protect, resource.name);
      }
      const { persistentVolumeClaimRetentionPolicy } = one(deployment, "otel-collector-workload").inputs["spec"] as {
        persistentVolumeClaimRetentionPolicy: object;
      };
      assert.deepEqual(persistentVolumeClaimRetentionPolicy, {
        whenDeleted: protect ? "Retain" : "Delete",
        whenScaled: "Retain",
      });
    }
  });

  it("differ in collectors: one, and two with a disruption budget", async () => {
    for (const [stack, replicas] of [
      ["dev", 1],
      ["prod", 2],
    ] as const) {
      const deployment = await deploy(stack);
      assert.equal(
        (one(deployment, "otel-collector-workload").inputs["spec"] as { replicas: number }).replicas,
        replicas,
      );
      assert.equal(ofType(deployment, "kubernetes:policy/v1:PodDisruptionBudget").length, replicas - 1);
    }
  });

  it("add collectors by load where a number is given, and take none away by themselves", async () => {
    const kind = "kubernetes:autoscaling/v2:HorizontalPodAutoscaler";
    assert.deepEqual(ofType(await deploy("prod"), kind), []);
    const deployment = await deploy("prod", { "collector.maxReplicas": "5", "collector.resources.cpuLimit": "2" });
    const [autoscaler] = ofType(deployment, kind);
    const spec = autoscaler?.inputs["spec"] as {
      minReplicas: number;
      maxReplicas: number;
      metrics: { resource: { target: { averageValue: string } } }[];
      behavior: { scaleDown: object };
    };
    assert.deepEqual([spec.minReplicas, spec.maxReplicas], [2, 5]);
    assert.equal(spec.metrics[0]?.resource.target.averageValue, "1400m");
    assert.deepEqual(spec.behavior.scaleDown, { selectPolicy: "Disabled" });
    assert.deepEqual(one(deployment, "otel-collector-workload").options.ignoreChanges, ["spec.replicas"]);
  });

  it("differ in the password: given in dev, generated in prod", async () => {
    const [dev, prod] = [await deploy("dev"), await deploy("prod")];
    assert.equal(dev.outputs["grafanaAdminPassword"], "admin");
    assert.equal(ofType(dev, "random:index/randomPassword:RandomPassword").length, 0);
    assert.equal(prod.outputs["grafanaAdminPassword"], "generated-password");
    assert.equal(one(prod, "grafana-admin-password").inputs["length"], 32);
    assert.ok(dev.secretOutputs.includes("grafanaAdminPassword"));
    assert.ok(prod.secretOutputs.includes("grafanaAdminPassword"));
  });

  it("differ in what encrypts the secrets in Grafana's database: Grafana's own default in dev, a key in prod", async () => {
    const [dev, prod] = [await deploy("dev"), await deploy("prod")];
    const ofGrafana = (deployment: Deployment) => {
      const { template } = one(deployment, "grafana-workload").inputs["spec"] as PodTemplate;
      // Marked as secret, whole.
      const { stringData } = one(deployment, "grafana-admin").inputs as { stringData: { value: Json } };
      const variable = template.spec.containers[0]?.env?.find(({ name }) => name === "GF_SECURITY_SECRET_KEY");
      return { key: stringData.value["secret-key"], variable };
    };
    assert.deepEqual(ofGrafana(dev), { key: undefined, variable: undefined });
    assert.deepEqual(ofGrafana(prod), {
      key: "generated-password",
      variable: {
        name: "GF_SECURITY_SECRET_KEY",
        valueFrom: { secretKeyRef: { name: "grafana-admin-generated", key: "secret-key" } },
      },
    });
    assert.deepEqual(one(prod, "grafana-database-key").inputs, { length: 40, special: false });
    const kept = await deploy("prod", { "grafana.databaseKey": "public" });
    assert.deepEqual(ofGrafana(kept), { key: undefined, variable: undefined });
  });
});

describe("outputs", () => {
  const always = ["claudeCodeSettings", "otlpEndpoint"];
  const ofContent = ["dashboardUrl", "grafanaUrl"];
  const ofGrafana = ["grafanaAdminPassword", "grafanaAdminUser"];
  const external = {
    "grafana.deployment": "external",
    "grafana.auth": "token",
    "network.readerNamespaces": ["grafana"],
  };

  it("are those that the stack has: the engine warns of each that is undefined", async () => {
    for (const [overrides, expected] of [
      [{}, [...always, ...ofContent, ...ofGrafana]],
      [{ identity: "pseudonym" }, [...always, ...ofContent, ...ofGrafana, "pseudonymKey"]],
      [external, [...always, ...ofContent]],
      [{ "grafana.deployment": "none" }, always],
    ] as const) {
      assert.deepEqual(Object.keys((await deploy("dev", overrides)).outputs).sort(), [...expected].sort());
    }
  });
});

describe("options", () => {
  it("grafana.deployment: none leaves Grafana, its content and its outputs out", async () => {
    const deployment = await deploy("dev", { "grafana.deployment": "none" });
    assert.deepEqual(
      deployment.resources.filter(({ type }) => type.includes("rafana")),
      [],
    );
    assert.equal(deployment.outputs["grafanaUrl"], undefined);
    assert.equal(deployment.outputs["dashboardUrl"], undefined);
    const { data } = one(deployment, "prometheus-config").inputs as { data: Record<string, string> };
    assert.doesNotMatch(data["prometheus.yaml"]!, /grafana/);
  });

  it("exposure: ClusterIP opens nothing to the outside", async () => {
    const deployment = await deploy("prod", { exposure: "ClusterIP", "tls.secret": "certificate" });
    for (const service of ofType(deployment, "kubernetes:core/v1:Service")) {
      assert.equal((service.inputs["spec"] as { type: string }).type, "ClusterIP");
    }
    assert.equal(ofType(deployment, "kubernetes:networking.k8s.io/v1:Ingress").length, 0);
  });

  it("ingressClassName and tls.secret reach both Ingresses", async () => {
    const deployment = await deploy("prod", { ingressClassName: "nginx", "tls.secret": "certificate" });
    const ingresses = ofType(deployment, "kubernetes:networking.k8s.io/v1:Ingress");
    const hosts = ingresses.flatMap((ingress) => {
      const { ingressClassName, tls } = ingress.inputs["spec"] as {
        ingressClassName: string;
        tls: { secretName: string; hosts: string[] }[];
      };
      assert.equal(ingressClassName, "nginx");
      assert.equal(tls[0]!.secretName, "certificate");
      return tls[0]!.hosts;
    });
    assert.deepEqual(hosts.sort(), ["grafana.monitoring.test", "otlp-grpc.monitoring.test", "otlp.monitoring.test"]);
  });

  for (const preview of [true, false]) {
    it(
      preview
        ? "a preview looks up the StorageClass, and asks no Grafana"
        : "an update looks it up too, and waits for Grafana",
      async () => {
        const answers = [503, 503, 200];
        let asked = 0;
        const server = http.createServer((_request, response) => {
          response.statusCode = answers[asked++] ?? 200;
          response.end("{}");
        });
        await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
        const apiUrl = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
        try {
          const deployment = await deploy("dev", { "grafana.apiUrl": apiUrl }, preview);
          const before = one(deployment, "namespace").options.dependsOn as { __name?: string }[];
          assert.deepEqual(
            before.map(({ __name }) => __name),
            ["storage-class"],
          );
          assert.equal(one(deployment, "grafana-content-provider").inputs["url"], apiUrl);
          assert.equal(asked, preview ? 0 : answers.length);
        } finally {
          server.close();
        }
      },
    );
  }

  it("verifyStorageClass: false looks up no StorageClass, in a preview without a cluster", async () => {
    const deployment = await deploy("dev", { verifyStorageClass: false });
    assert.deepEqual(one(deployment, "namespace").options.dependsOn, []);
    assert.deepEqual(ofType(deployment, "kubernetes:storage.k8s.io/v1:StorageClass"), []);
  });

  it("changing the collector's configuration changes nothing of the others", async () => {
    const [before, after] = [await deploy("dev"), await deploy("dev", { "collector.clockAheadTolerance": "10m" })];
    const changed = after.resources.filter((resource, index) => {
      return JSON.stringify(resource.inputs) !== JSON.stringify(before.resources[index]!.inputs);
    });
    assert.deepEqual(
      changed.map(({ name }) => name),
      ["otel-collector-config"],
    );
  });
});
