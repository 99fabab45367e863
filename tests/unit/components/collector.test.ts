import assert from "node:assert/strict";

import type { types } from "@pulumi/kubernetes";

import { collectorConfig } from "../../../components/collector/config";
import { deploy, type Deployment } from "./deployment";
import { configFile, one, specOf } from "./registered";

type StatefulSetSpec = types.output.apps.v1.StatefulSetSpec;

const selector = {
  "app.kubernetes.io/name": "otel-collector",
  "app.kubernetes.io/instance": "prod",
  "app.kubernetes.io/part-of": "claude-code-monitoring",
};

interface Collector {
  readonly extensions: Readonly<Record<string, object>>;
  readonly processors: Readonly<Record<string, object>>;
  readonly receivers: {
    readonly otlp: {
      readonly protocols: { readonly grpc: Record<string, unknown>; readonly http: Record<string, unknown> };
    };
  };
  readonly exporters: Readonly<
    Record<
      string,
      { readonly sending_queue: Record<string, unknown>; readonly retry_on_failure: object; timeout: string }
    >
  >;
}

describe("the collectors' StatefulSet", () => {
  let deployment: Deployment;
  let spec: StatefulSetSpec;
  before(async () => {
    deployment = await deploy("prod");
    spec = specOf(deployment, "otel-collector-workload") as StatefulSetSpec;
  });

  it("starts all of its replicas at once, under names of the Service that leads to each", () => {
    assert.equal(spec.podManagementPolicy, "Parallel");
    assert.equal(spec.serviceName, "prod-otel-collector-replicas");
    assert.deepEqual(spec.selector, { matchLabels: selector });
  });

  it("is waited for ten minutes and five for each replica", async () => {
    const timeout = (stack: Deployment) => one(stack, "otel-collector-workload").options.customTimeouts;
    assert.deepEqual(timeout(deployment), { create: "20m", update: "20m" });
    assert.deepEqual(timeout(await deploy("prod", { "collector.maxReplicas": 5 })), { create: "35m", update: "35m" });
  });

  it("spreads its pods over the nodes where it can", () => {
    assert.deepEqual(spec.template.spec.topologySpreadConstraints, [
      {
        maxSkew: 1,
        topologyKey: "kubernetes.io/hostname",
        whenUnsatisfiable: "ScheduleAnyway",
        labelSelector: { matchLabels: selector },
      },
    ]);
  });

  it("is disrupted by one pod at a time", () => {
    const budget = specOf(
      deployment,
      "otel-collector-disruption-budget",
    ) as types.output.policy.v1.PodDisruptionBudgetSpec;
    assert.deepEqual(budget, { maxUnavailable: 1, selector: { matchLabels: selector } });
  });

  it("has a queue for each replica, on a volume of its own", () => {
    assert.deepEqual(spec.volumeClaimTemplates, [
      {
        metadata: { name: "queue", labels: selector },
        spec: {
          accessModes: ["ReadWriteOnce"],
          storageClassName: "local-path",
          resources: { requests: { storage: "6Gi" } },
        },
      },
    ]);
  });

  it("mounts its teams' credentials so that its own group reads them", () => {
    const { containers, volumes } = spec.template.spec;
    assert.deepEqual(
      volumes.find(({ name }) => name === "credentials"),
      { name: "credentials", secret: { secretName: "team-credentials-htpasswd-generated", defaultMode: 0o440 } },
    );
    assert.deepEqual(
      containers[0]!.volumeMounts.find(({ name }) => name === "credentials"),
      { name: "credentials", mountPath: "/etc/otelcol-secrets/credentials", readOnly: true },
    );
  });

  it("reads the mounted configuration, knows its own name, and collects garbage at half of its memory", () => {
    const [container] = spec.template.spec.containers;
    const gate = "--feature-gates=exporter.prometheusremotewritexporter.enableSendingRW2";
    assert.deepEqual(container!.args, ["--config=/etc/otelcol/collector.yaml", gate]);
    assert.deepEqual(container!.env, [
      { name: "GOGC", value: "400" },
      // Exports are refused above three fifths.
      { name: "GOMEMLIMIT", value: `${0.5 * 2 ** 30}B` },
      { name: "COLLECTOR_NAME", valueFrom: { fieldRef: { fieldPath: "metadata.name" } } },
    ]);
  });
});

describe("the autoscaler of the collectors", () => {
  it("adds one a minute above seven tenths of the CPU limit, and takes none away", async () => {
    const deployment = await deploy("prod", { "collector.maxReplicas": 5, "collector.resources.cpuLimit": "2" });
    assert.deepEqual(specOf(deployment, "otel-collector-autoscaler"), {
      scaleTargetRef: { apiVersion: "apps/v1", kind: "StatefulSet", name: "prod-otel-collector" },
      minReplicas: 2,
      maxReplicas: 5,
      metrics: [
        { type: "Resource", resource: { name: "cpu", target: { type: "AverageValue", averageValue: "1400m" } } },
      ],
      behavior: {
        scaleUp: { stabilizationWindowSeconds: 60, policies: [{ type: "Pods", value: 1, periodSeconds: 60 }] },
        scaleDown: { selectPolicy: "Disabled" },
      },
    });
  });
});

describe("limits of the collector", () => {
  let collector: Collector;
  before(async () => {
    collector = configFile(await deploy("prod"), "otel-collector", "collector.yaml") as Collector;
  });

  it("refuses exports above three fifths of its memory, and collects garbage by force above four", () => {
    assert.deepEqual(collector.processors["memory_limiter"], {
      check_interval: "1s",
      limit_percentage: 80,
      spike_limit_percentage: 20,
    });
  });

  it("takes requests of a mebibyte, of four where raw bodies are kept", async () => {
    const largest = ({ receivers: { otlp } }: Collector) => [
      otlp.protocols.grpc["max_recv_msg_size_mib"],
      otlp.protocols.http["max_request_body_size"],
    ];
    assert.deepEqual(largest(collector), [1, 2 ** 20]);
    const keeping = await deploy("dev", { contents: ["rawBodies"] });
    assert.deepEqual(largest(configFile(keeping, "otel-collector", "collector.yaml") as Collector), [4, 4 * 2 ** 20]);
  });

  it("takes requests of its own stages up to 64 MiB", () => {
    const { receivers } = collector as unknown as {
      receivers: Record<string, { protocols: { http: { max_request_body_size: number } } }>;
    };
    for (const stage of ["accepted", "merged", "outgoing"]) {
      assert.equal(receivers[`otlp/${stage}`]!.protocols.http.max_request_body_size, 64 * 2 ** 20, stage);
    }
  });

  it("waits for a slow client 30 s, and closes what is idle or old", () => {
    const { grpc, http } = collector.receivers.otlp.protocols;
    assert.equal(grpc["max_concurrent_streams"], 32);
    assert.deepEqual(grpc["keepalive"], {
      server_parameters: {
        max_connection_idle: "5m",
        max_connection_age: "10m",
        max_connection_age_grace: "30s",
        time: "1m",
        timeout: "20s",
      },
    });
    const { compression_algorithms, read_header_timeout, read_timeout, idle_timeout } = http;
    assert.deepEqual(compression_algorithms, ["", "gzip"]);
    assert.deepEqual([read_header_timeout, read_timeout, idle_timeout], ["10s", "30s", "5m"]);
  });

  it("counts a cumulative stream on after a pause of 30 days", () => {
    assert.deepEqual(collector.processors["cumulativetodelta"], { max_staleness: "720h" });
  });

  it("keeps its queues in files, which it compacts at start and after a rush", () => {
    const directory = "/var/lib/otelcol/queue";
    assert.deepEqual(collector.extensions["file_storage/queue"], {
      directory,
      create_directory: true,
      timeout: "10s",
      fsync: false,
      compaction: { directory, on_start: true, on_rebound: true, cleanup_on_start: true },
    });
  });
});

describe("queues of the collector", () => {
  let exporters: Collector["exporters"];
  before(async () => {
    ({ exporters } = configFile(await deploy("prod"), "otel-collector", "collector.yaml") as Collector);
  });

  it("share a third of the volume: compaction writes a second copy", () => {
    const bytes = Math.floor((6 * 2 ** 30) / 3);
    const share = (name: string) => Number(exporters[`otlp_http/${name}`]!.sending_queue["queue_size"]) / bytes;
    const stores = { loki: 0.1, tempo: 0.1 };
    const shares = { prometheus: 0.4, accepted: 0.1, "accepted-spans": 0.1, "event-metrics": 0.05, ...stores };
    for (const [name, expected] of Object.entries(shares)) {
      assert.ok(Math.abs(share(name) - expected) < 1e-6, `${name}: ${share(name)}`);
    }
  });

  it("give half of the metrics' share to the copies for a distributed store", () => {
    const remoteStore = { otlpUrl: "http://otlp", writeUrl: "http://write", auth: { kind: "none" } } as const;
    const { exporters: all } = collectorConfig({ ...args, remoteStore }) as unknown as Pick<Collector, "exporters">;
    const size = (name: string) => all[`otlp_http/${name}`]!.sending_queue["queue_size"];
    assert.deepEqual([size("prometheus"), size("copies")], [200_000, 200_000]);
  });

  it("count bytes, and are emptied by ten at a time; those of counts and of Prometheus, by one", () => {
    const single = ["merged", "prometheus", "event-metrics"].map((name) => `otlp_http/${name}`);
    for (const [name, { sending_queue: queue }] of Object.entries(exporters)) {
      if (name.startsWith("otlp_http/")) {
        assert.equal(queue["sizer"], "bytes", name);
        assert.equal(queue["num_consumers"], single.includes(name) ? 1 : 10, name);
      }
    }
  });

  it("are tried again after one second, and after ten at most", () => {
    const retried = { enabled: true, initial_interval: "1s", max_interval: "10s", max_elapsed_time: 0 };
    for (const [name, { retry_on_failure }] of Object.entries(exporters)) {
      assert.deepEqual(
        retry_on_failure,
        name === "prometheus_remote_write/outgoing" ? { enabled: false } : retried,
        name,
      );
    }
  });

  it("give up on an answer of Prometheus, Loki or Tempo after 30 s, and send it again", () => {
    for (const name of ["prometheus", "event-metrics", "loki", "tempo"]) {
      assert.equal(exporters[`otlp_http/${name}`]!.timeout, "30s", name);
    }
    // Its own limit of time would drop what takes longer.
    assert.equal(exporters["prometheus_remote_write/outgoing"]!.timeout, "0s");
  });

  it("make batches by time, and by size where the queue is full before", () => {
    const queue = (name: string, queueBytes: number) =>
      (collectorConfig({ ...args, queueBytes }) as unknown as Pick<Collector, "exporters">).exporters[name]!
        .sending_queue;
    const large = 2 ** 30;
    const stored = { sizer: "bytes", max_size: 4 * 2 ** 20 };
    const batches: readonly (readonly [string, number, object])[] = [
      ["loki", large, { ...stored, flush_timeout: "2s", min_size: 65_536 }],
      ["loki", 1_000_000, { ...stored, flush_timeout: "2s", min_size: 25_000 }],
      ["accepted-spans", large, { ...stored, flush_timeout: "200ms", min_size: 65_536 }],
      ["prometheus", large, { ...stored, flush_timeout: "200ms", min_size: 65_536 }],
      ["event-metrics", 1_000_000, { ...stored, flush_timeout: "200ms", min_size: 25_000 }],
      ["merged", large, { flush_timeout: "15s", sizer: "items", min_size: 4096, max_size: 4096 }],
      ["merged", 1_000_000, { flush_timeout: "15s", sizer: "items", min_size: 6, max_size: 6 }],
    ];
    for (const [name, queueBytes, expected] of batches) {
      assert.deepEqual(queue(`otlp_http/${name}`, queueBytes)["batch"], expected, name);
    }
    // A request to the next stage may have 64 MiB, and the queue is the limit of what is merged.
    assert.deepEqual(
      [queue("otlp_http/merged", large), queue("otlp_http/merged", 1_000_000)].map((each) => each["queue_size"]),
      [32 * 2 ** 20, 50_000],
    );
  });
});

const args = {
  prometheusWriteUrl: "http://prometheus",
  lokiOtlpUrl: "http://loki",
  queueDirectory: "/queue",
  queueBytes: 1_000_000,
  clockAheadTolerance: "5m",
  clockBehindTolerance: "6h",
  privacy: { contents: [], identity: "keep", attributeLength: 100, resourceAttributes: [] },
  labelValues: {},
} as const;
