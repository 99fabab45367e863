import assert from "node:assert/strict";

import type { types } from "@pulumi/kubernetes";

import { type ImageName, images } from "../../../components/kubernetes/images";
import { deploy, type Deployment } from "./deployment";
import { metadata, one, specOf } from "./registered";

type Probe = types.output.core.v1.Probe;
type WorkloadSpec = types.output.apps.v1.DeploymentSpec;

const http = (path: string, port: string) => ({ httpGet: { path, port } });

/** How each workload runs. A probe is what it asks, seconds between two, and failures that count. */
const workloads = {
  "otel-collector": {
    user: 10001,
    grace: 60,
    ports: { "otlp-grpc": 4317, "otlp-http": 4318, metrics: 8888, health: 13133 },
    startup: [http("/", "health"), 1, 180],
    readiness: [http("/", "health"), 5, 3],
    liveness: [http("/", "health"), 10, 3],
    mounts: [
      "/etc/otelcol (config, read only)",
      "/var/lib/otelcol/queue (queue)",
      "/var/run/queue-check (queue-report, read only)",
    ],
  },
  prometheus: {
    user: 65534,
    grace: 120,
    ports: { http: 9090 },
    // Replays its log: a quarter of an hour. Must be out of service at the first failure.
    startup: [http("/-/ready", "http"), 2, 450],
    readiness: ["exec", 5, 1],
    liveness: ["exec", 10, 3],
    mounts: ["/etc/prometheus (config, read only)", "/prometheus (data)"],
  },
  loki: {
    user: 10001,
    grace: 120,
    ports: { http: 3100 },
    startup: [http("/ready", "http"), 2, 450],
    readiness: [http("/ready", "http"), 5, 3],
    liveness: [http("/ready", "http"), 10, 6],
    mounts: ["/etc/loki (config, read only)", "/loki (data)", "/tmp (tmp)"],
  },
  tempo: {
    user: 10001,
    grace: 120,
    ports: { http: 3200, "otlp-grpc": 4317, "otlp-http": 4318 },
    startup: [http("/ready", "http"), 2, 450],
    readiness: [http("/ready", "http"), 5, 3],
    liveness: [http("/ready", "http"), 10, 6],
    mounts: ["/etc/tempo (config, read only)", "/var/tempo (data)", "/tmp (tmp)"],
  },
  grafana: {
    user: 472,
    // Kubernetes' default, 30 s.
    grace: undefined,
    ports: { http: 3000 },
    // Migrates its database: ten minutes.
    startup: [http("/api/health", "http"), 2, 300],
    readiness: [http("/api/health", "http"), 5, 3],
    liveness: [http("/api/health", "http"), 10, 6],
    mounts: ["/var/lib/grafana (data)", "/tmp (tmp)"],
  },
} as const;

for (const [name, expected] of Object.entries(workloads)) {
  describe(`workload ${name}`, () => {
    let deployment: Deployment;
    let spec: WorkloadSpec;
    before(async () => {
      // Without teams, no Secret is mounted besides.
      deployment = await deploy("dev");
      spec = specOf(deployment, `${name}-workload`) as WorkloadSpec;
    });

    const pod = () => spec.template.spec;
    const container = () => pod().containers[0]!;

    it("runs as the user of its image, who owns its volume", () => {
      assert.deepEqual(pod().securityContext, {
        runAsNonRoot: true,
        runAsUser: expected.user,
        runAsGroup: expected.user,
        fsGroup: expected.user,
        // Not at each start: a large volume has many files.
        fsGroupChangePolicy: "OnRootMismatch",
        seccompProfile: { type: "RuntimeDefault" },
      });
    });

    it("is a container of its pinned image that can write only where it is given a volume, and gets no more rights", () => {
      assert.equal(container().image, images[name === "otel-collector" ? "collector" : (name as ImageName)]);
      assert.deepEqual(container().securityContext, {
        allowPrivilegeEscalation: false,
        readOnlyRootFilesystem: true,
        capabilities: { drop: ["ALL"] },
      });
    });

    it("is told of no other Service, and has no token", () => {
      assert.deepEqual([pod().enableServiceLinks, pod().automountServiceAccountToken], [false, false]);
    });

    it("has its time to end", () => {
      assert.equal(pod().terminationGracePeriodSeconds, expected.grace);
    });

    for (const kind of ["startup", "readiness", "liveness"] as const) {
      it(`has its ${kind} probe, and time for it`, () => {
        const { exec, httpGet, periodSeconds, failureThreshold, ...others } = container()[
          `${kind}Probe`
        ] as Partial<Probe>;
        const asked = exec === undefined ? { httpGet } : "exec";
        assert.deepEqual([asked, periodSeconds, failureThreshold], expected[kind]);
        // Prometheus' own scripts make requests that a throttled Prometheus answers late.
        assert.deepEqual(others, { timeoutSeconds: exec === undefined ? 5 : 20 });
        assert.ok(exec === undefined || exec.command.slice(0, 2).join(" ") === "/bin/sh -c");
      });
    }

    it("listens at its ports, by name", () => {
      assert.equal(container().name, name);
      const ports = container().ports.map((port) => [port.name, port.containerPort]);
      assert.deepEqual(Object.fromEntries(ports), expected.ports);
    });

    it("mounts its configuration read-only and its volume, and nothing else", () => {
      const mounts = container().volumeMounts.map(
        (mount) => `${mount.mountPath} (${mount.name}${mount.readOnly ? ", read only" : ""})`,
      );
      assert.deepEqual(mounts, expected.mounts);
      const sources: Readonly<Record<string, object>> = {
        config: { configMap: { name: `${name}-config-generated` } },
        data: { persistentVolumeClaim: { claimName: `dev-${name}` } },
        tmp: { emptyDir: {} },
        "queue-check": { configMap: { name: `${name}-queue-check-generated` } },
        "queue-report": { emptyDir: { sizeLimit: "1Mi" } },
      };
      const before = pod().initContainers as ReturnType<typeof container>[] | undefined;
      const all = [...(before ?? []), container()].flatMap(({ volumeMounts }) => volumeMounts);
      const volumes = [...new Set(all.map((mount) => mount.name))].filter((volume) => volume in sources);
      const byName = (left: { name: string }, right: { name: string }) => (left.name < right.name ? -1 : 1);
      assert.deepEqual(
        [...pod().volumes].sort(byName),
        volumes.map((volume) => ({ name: volume, ...sources[volume] })).sort(byName),
      );
    });

    if (name !== "otel-collector") {
      it("ends before its successor starts, and has 20 minutes for its rollout, of which Pulumi waits 25", () => {
        const { replicas, strategy, progressDeadlineSeconds } = spec;
        assert.deepEqual([replicas, strategy, progressDeadlineSeconds], [1, { type: "Recreate" }, 1200]);
        const { customTimeouts } = one(deployment, `${name}-workload`).options;
        assert.deepEqual(customTimeouts, { create: "25m", update: "25m" });
      });
    }

    it("has a fixed name", () => {
      assert.equal(metadata(one(deployment, `${name}-workload`)).name, `dev-${name}`);
    });
  });
}
