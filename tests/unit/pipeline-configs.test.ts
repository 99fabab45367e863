import assert from "node:assert/strict";

import { collectorConfig, CollectorConfigArgs } from "../../components/collector-config";
import { images, imageTag } from "../../components/images";
import { prometheusConfig, prometheusFlags } from "../../components/prometheus-config";
import { toolVersion } from "../../toolchain/tools";

interface CollectorConfig {
  readonly receivers: { readonly otlp: { readonly protocols: Record<"grpc" | "http", { endpoint: string }> } };
  readonly exporters: Record<string, Record<string, unknown>>;
  readonly processors: Record<string, { readonly metric_statements?: readonly string[] }>;
  readonly service: { readonly pipelines: Record<string, Record<"receivers" | "processors" | "exporters", string[]>> };
}

const args: CollectorConfigArgs = {
  prometheusOtlpUrl: "http://prometheus:9090/api/v1/otlp",
  queueDirectory: "/queue",
  queueBytes: 1024,
  clockAheadTolerance: "5m",
  clockBehindTolerance: "6h",
};

function config(overrides: Partial<CollectorConfigArgs> = {}): CollectorConfig {
  return collectorConfig({ ...args, ...overrides }) as unknown as CollectorConfig;
}

describe("collector's configuration", () => {
  it("accepts all three signals on one endpoint", () => {
    const { pipelines } = config().service;
    assert.deepEqual(Object.keys(pipelines).sort(), ["logs", "metrics", "traces"]);
    for (const pipeline of Object.values(pipelines)) {
      assert.deepEqual(pipeline.receivers, ["otlp"]);
    }
  });

  it("never merges the requests of different clients", () => {
    const { processors, exporters } = config();
    assert.deepEqual(
      Object.keys(processors).filter((name) => name.startsWith("batch") || name.startsWith("groupbyattrs")),
      [],
    );
    for (const [name, exporter] of Object.entries(exporters)) {
      const queue = exporter["sending_queue"] as Record<string, unknown> | undefined;
      assert.equal(queue?.["batch"], undefined, name);
    }
  });

  it("queues on disk and retries without end", () => {
    const [exporter] = config().service.pipelines["metrics"]!.exporters;
    const { sending_queue: queue, retry_on_failure: retry } = config().exporters[exporter!]! as Record<
      string,
      Record<string, unknown>
    >;
    assert.equal(queue!["storage"], "file_storage/queue");
    assert.equal(queue!["queue_size"], 1024);
    assert.equal(retry!["max_elapsed_time"], 0);
  });

  it("never prints contents", () => {
    assert.equal(config().exporters["debug"]!["verbosity"], "basic");
  });

  it("restamps clocks that are wrong either way, by the tolerances given", () => {
    const statements = config().processors["transform/clock"]!.metric_statements!.join("\n");
    assert.match(statements, /datapoint\.time > Now\(\) \+ Duration\("5m"\)/);
    assert.match(statements, /datapoint\.time < Now\(\) - Duration\("6h"\)/);
  });

  it("listens where it is told", () => {
    assert.equal(config().receivers.otlp.protocols.http.endpoint, "0.0.0.0:4318");
    const listenPorts = { otlpGrpc: 1, otlpHttp: 2, collectorMetrics: 3, collectorHealth: 4 };
    const local = config({ listenHost: "127.0.0.1", listenPorts });
    assert.equal(local.receivers.otlp.protocols.http.endpoint, "127.0.0.1:2");
  });
});

describe("Prometheus' configuration", () => {
  it("takes samples that are late, scrapes itself and every target", () => {
    const written = prometheusConfig({
      outOfOrderTimeWindow: "30h",
      ruleFiles: "/rules/*.yaml",
      scrapeTargets: [{ job: "otel-collector", dnsName: "collectors", port: 8888 }],
    });
    assert.deepEqual(written["storage"], { tsdb: { out_of_order_time_window: "30h" } });
    assert.deepEqual(written["rule_files"], ["/rules/*.yaml"]);
    const [itself, collectors] = written["scrape_configs"] as Record<string, object[]>[];
    assert.deepEqual(itself!["static_configs"], [{ targets: ["localhost:9090"] }]);
    assert.deepEqual(collectors!["dns_sd_configs"], [
      { names: ["collectors"], type: "A", port: 8888, refresh_interval: "15s" },
    ]);
    const other = prometheusConfig({ outOfOrderTimeWindow: "1h", ruleFiles: "", scrapeTargets: [], port: 1 });
    assert.deepEqual((other["scrape_configs"] as Record<string, object[]>[])[0]!["static_configs"], [
      { targets: ["localhost:1"] },
    ]);
  });

  it("stores each delta as a sample", () => {
    const flags = { configFile: "/c.yaml", dataDirectory: "/data", retention: "200h", retentionSize: "8192MB" };
    assert.ok(prometheusFlags(flags).includes("--enable-feature=otlp-native-delta-ingestion"));
    assert.ok(prometheusFlags(flags).includes("--web.enable-otlp-receiver"));
    assert.ok(prometheusFlags(flags).includes("--web.listen-address=0.0.0.0:9090"));
    assert.ok(prometheusFlags({ ...flags, listenAddress: "127.0.0.1:1" }).includes("--web.listen-address=127.0.0.1:1"));
  });
});

describe("versions", () => {
  it("of the images are those that the toolchain builds", () => {
    assert.equal(imageTag(images.collector), toolVersion("collector"));
    assert.equal(imageTag(images.prometheus), `v${toolVersion("prometheus")}`);
  });
});
