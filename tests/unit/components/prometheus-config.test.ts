import assert from "node:assert/strict";

import { prometheusConfig, prometheusFlags } from "../../../components/prometheus/config";

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

  it("scrapes four times a minute, and evaluates rules each minute unless a group says otherwise", () => {
    const { global } = prometheusConfig({ outOfOrderTimeWindow: "30h", ruleFiles: "", scrapeTargets: [] });
    assert.deepEqual(global, { scrape_interval: "15s", evaluation_interval: "1m" });
  });

  it("is what its command line says: file, data, how long and how much, and nothing that ends or reloads it", () => {
    assert.deepEqual(
      prometheusFlags({ configFile: "/c.yaml", dataDirectory: "/data", retention: "200h", retentionSize: "8192MB" }),
      [
        "--config.file=/c.yaml",
        "--storage.tsdb.path=/data",
        "--storage.tsdb.retention.time=200h",
        "--storage.tsdb.retention.size=8192MB",
        "--web.listen-address=0.0.0.0:9090",
        "--web.enable-remote-write-receiver",
        "--web.remote-write-receiver.accepted-protobuf-messages=io.prometheus.write.v2.Request",
        "--web.enable-otlp-receiver",
        "--enable-feature=otlp-native-delta-ingestion",
      ],
    );
  });

  it("stores each delta as a sample", () => {
    const flags = { configFile: "/c.yaml", dataDirectory: "/data", retention: "200h", retentionSize: "8192MB" };
    assert.ok(prometheusFlags(flags).includes("--enable-feature=otlp-native-delta-ingestion"));
    assert.ok(prometheusFlags(flags).includes("--web.enable-otlp-receiver"));
    assert.ok(prometheusFlags(flags).includes("--web.listen-address=0.0.0.0:9090"));
    assert.ok(prometheusFlags({ ...flags, listenAddress: "127.0.0.1:1" }).includes("--web.listen-address=127.0.0.1:1"));
  });
});
