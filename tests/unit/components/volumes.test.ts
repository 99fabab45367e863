import assert from "node:assert/strict";

import type { types } from "@pulumi/kubernetes";

import { deploy, type Deployment } from "./deployment";
import { metadata, one, specOf } from "./registered";

type PodOwner = types.output.apps.v1.DeploymentSpec;

/** Sizes of prod's volumes, by the resource's name. */
const sizes = {
  "prometheus-volume": "50Gi",
  "loki-volume": "50Gi",
  "tempo-volume": "50Gi",
  "grafana-volume": "5Gi",
  "prometheus-backup-volume": "100Gi",
  "loki-backup-volume": "100Gi",
  "grafana-backup-volume": "5Gi",
} as const;

describe("volumes", () => {
  let deployment: Deployment;
  before(async () => {
    deployment = await deploy("prod");
  });

  for (const [name, size] of Object.entries(sizes)) {
    it(`${name} is of ${size}, of the stack's class, mounted by one node`, () => {
      assert.deepEqual(specOf(deployment, name), {
        accessModes: ["ReadWriteOnce"],
        storageClassName: "local-path",
        resources: { requests: { storage: size } },
      });
    });

    it(`${name} has a fixed name, and is not waited for: it may be bound only with its pod`, () => {
      const { name: found, annotations } = metadata(one(deployment, name));
      assert.equal(found, `prod-${name.replace("-volume", "")}`);
      assert.deepEqual(annotations, { "pulumi.com/skipAwait": "true" });
    });
  }
});

describe("Prometheus' volume", () => {
  const container = async (storage: string) => {
    const deployment = await deploy("prod", { "prometheus.storage": storage });
    return (specOf(deployment, "prometheus-workload") as PodOwner).template.spec.containers[0]!;
  };

  it("is of blocks by four fifths: the rest is for the log and for compaction", async () => {
    assert.ok((await container("20Gi")).args.includes(`--storage.tsdb.retention.size=${16 * 1024}MB`));
  });

  it("is where Prometheus is told that it is, with the mounted configuration", async () => {
    const { args } = await container("20Gi");
    assert.deepEqual(args.slice(0, 3), [
      "--config.file=/etc/prometheus/prometheus.yaml",
      "--storage.tsdb.path=/prometheus",
      "--storage.tsdb.retention.time=9600h",
    ]);
  });

  it("takes no more exports when a twentieth of it is left", async () => {
    const { readinessProbe, livenessProbe } = await container("20Gi");
    for (const { exec } of [readinessProbe, livenessProbe]) {
      assert.match(exec.command[2]!, new RegExp(`df -Pk /prometheus .* "\\$free" -ge ${2 ** 20} `));
    }
  });
});
