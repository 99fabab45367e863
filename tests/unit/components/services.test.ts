import assert from "node:assert/strict";

import type { types } from "@pulumi/kubernetes";

import { deploy, type Deployment } from "./deployment";
import { metadata, ofType, specOf } from "./registered";

type ServiceSpec = types.output.core.v1.ServiceSpec;
type IngressSpec = types.output.networking.v1.IngressSpec;

/** The ports of each Service, by the resource's name: port, name, and the protocol that proxies are told. */
const services = {
  "otel-collector-service": {
    of: "otel-collector",
    ports: ["4317 otlp-grpc grpc", "4318 otlp-http http", "8888 metrics"],
  },
  "otel-collector-replicas-service": { of: "otel-collector", ports: ["8888 metrics"] },
  "prometheus-service": { of: "prometheus", ports: ["9090 http"] },
  "prometheus-write-service": { of: "prometheus", ports: ["9090 http"] },
  "loki-service": { of: "loki", ports: ["3100 http"] },
  "tempo-service": { of: "tempo", ports: ["3200 http", "4317 otlp-grpc grpc", "4318 otlp-http http"] },
  "grafana-service": { of: "grafana", ports: ["3000 http"] },
} as const;

describe("Services", () => {
  let deployment: Deployment;
  before(async () => {
    deployment = await deploy("prod");
  });

  const spec = (name: string) => specOf(deployment, name) as ServiceSpec;

  for (const [name, { of, ports }] of Object.entries(services)) {
    it(`${name} leads to the ports of ${of}'s pods that have its ports' names`, () => {
      const { selector, ports: found } = spec(name);
      assert.deepEqual(
        found.map((port) => [String(port.port), port.name, port.appProtocol].filter(Boolean).join(" ")),
        ports,
      );
      for (const port of found) {
        assert.deepEqual([port.targetPort, port.protocol], [port.name, "TCP"]);
      }
      assert.deepEqual(selector, {
        "app.kubernetes.io/name": of,
        "app.kubernetes.io/instance": "prod",
        "app.kubernetes.io/part-of": "claude-code-monitoring",
      });
    });
  }

  it("keep each client on one collector, and nobody on anything else", () => {
    const affinities = Object.keys(services).map((name) => [name, spec(name).sessionAffinity as string | undefined]);
    assert.deepEqual(
      affinities.filter(([, affinity]) => affinity !== undefined),
      [["otel-collector-service", "ClientIP"]],
    );
  });

  it("lead to every collector by its own address, ready or not, so that each is scraped", () => {
    const { clusterIP, publishNotReadyAddresses, type } = spec("otel-collector-replicas-service");
    assert.deepEqual([clusterIP, publishNotReadyAddresses, type], ["None", true, "ClusterIP"]);
  });

  it("are reached at NodePorts in dev, at the ports that are configured", async () => {
    const dev = await deploy("dev");
    const nodePorts = (name: string) => {
      const { type, ports } = specOf(dev, name) as ServiceSpec;
      return [type, ...ports.map((port) => port.nodePort as number | undefined)];
    };
    assert.deepEqual(nodePorts("grafana-service"), ["NodePort", 30000]);
    assert.deepEqual(nodePorts("otel-collector-service"), ["NodePort", 30317, 30318, undefined]);
  });
});

describe("Ingresses", () => {
  let deployment: Deployment;
  before(async () => {
    deployment = await deploy("prod");
  });

  /** What an Ingress leads to, e.g. `grafana.example.com/ Prefix > prod-grafana:http`. */
  const rules = (name: string) =>
    (specOf(deployment, name) as IngressSpec).rules.flatMap(({ host, http }) =>
      http.paths.map(({ path, pathType, backend: { service } }) => {
        return `${host}${path} ${pathType} > ${service.name}:${service.port.name}`;
      }),
    );

  it("lead from the hosts of the configured URLs to the Services' named ports", () => {
    assert.deepEqual(rules("grafana-ingress"), ["grafana.monitoring.test/ Prefix > prod-grafana:http"]);
    assert.deepEqual(rules("otel-collector-ingress"), [
      "otlp-grpc.monitoring.test/ Prefix > prod-otel-collector:otlp-grpc",
      "otlp.monitoring.test/ Prefix > prod-otel-collector:otlp-http",
    ]);
  });

  it("have the Services' names, and are not waited for: some controllers never publish an address", () => {
    const ingresses = ofType(deployment, "kubernetes:networking.k8s.io/v1:Ingress").map(metadata);
    assert.deepEqual(ingresses.map(({ name }) => name).sort(), ["prod-grafana", "prod-otel-collector"]);
    for (const { annotations } of ingresses) {
      assert.deepEqual(annotations, { "pulumi.com/skipAwait": "true" });
    }
  });
});
