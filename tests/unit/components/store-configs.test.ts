import assert from "node:assert/strict";

import { lokiConfig, LokiConfigArgs } from "../../../components/stores/loki";
import { tempoConfig } from "../../../components/stores/tempo";
import { day, hour } from "../../../units";

type Section = Readonly<Record<string, unknown>>;

function resources(memoryBytes: number): LokiConfigArgs["resources"] {
  const cpu = { text: "1", cores: 1 };
  return { cpuRequest: cpu, cpuLimit: cpu, memory: { text: String(memoryBytes), bytes: memoryBytes } };
}

/** What a path such as `limits_config.retention_period` leads to. */
function at(config: Section, path: string): unknown {
  return path.split(".").reduce<unknown>((section, key) => (section as Section)[key], config);
}

function assertSettings(config: Section, expected: Readonly<Record<string, unknown>>): void {
  const found = Object.keys(expected).map((path) => [path, at(config, path)]);
  assert.deepEqual(Object.fromEntries(found), expected);
}

describe("Loki's configuration", () => {
  const args = { retention: 90 * day, promisedLateness: 30 * hour, resources: resources(2 ** 31) };
  const config = (changes: Partial<LokiConfigArgs> = {}) => lokiConfig({ ...args, ...changes });

  it("is of one process that finds itself, without others and without accounts", () => {
    assertSettings(config(), {
      auth_enabled: false,
      "common.instance_addr": "127.0.0.1",
      "common.ring.kvstore.store": "inmemory",
      "common.replication_factor": 1,
      "frontend.address": "127.0.0.1",
      "server.grpc_listen_address": "127.0.0.1",
      "server.http_listen_port": 3100,
    });
  });

  it("keeps everything on the volume, by the schema that has structured metadata", () => {
    assertSettings(config(), {
      "common.path_prefix": "/loki",
      "common.storage.filesystem.chunks_directory": "/loki/chunks",
      "ingester.wal.enabled": true,
      "ingester.wal.dir": "/loki/wal",
      "limits_config.allow_structured_metadata": true,
    });
    const [schema, ...more] = at(config(), "schema_config.configs") as readonly Section[];
    assert.deepEqual(more, []);
    const { store, object_store, schema: version } = schema!;
    assert.deepEqual([store, object_store, version], ["tsdb", "filesystem", "v13"]);
    assert.ok(Date.parse(String(schema!["from"])) < Date.parse("2025-01-01"), "older data would not be read");
  });

  it("puts all events into one stream by their service, and everything else into structured metadata", () => {
    assert.deepEqual(at(config(), "limits_config.otlp_config"), {
      resource_attributes: {
        ignore_defaults: true,
        attributes_config: [{ action: "index_label", attributes: ["service.name"] }],
      },
    });
    assertSettings(config(), {
      "limits_config.shard_streams": { enabled: false },
      "limits_config.discover_log_levels": false,
    });
  });

  it("lets that one stream take what a collector sends after an outage", () => {
    assertSettings(config(), {
      "limits_config.ingestion_rate_strategy": "local",
      "limits_config.ingestion_rate_mb": 64,
      "limits_config.ingestion_burst_size_mb": 128,
      "limits_config.per_stream_rate_limit": "64MB",
      "limits_config.per_stream_rate_limit_burst": "128MB",
      "server.grpc_server_max_recv_msg_size": 104_857_600,
      "server.grpc_server_max_send_msg_size": 104_857_600,
    });
  });

  it("takes events as late as is promised: half the age of the oldest chunk", () => {
    for (const [promisedLateness, age] of [
      [30 * hour, "60h"],
      [7 * day, "336h"],
    ] as const) {
      assertSettings(config({ promisedLateness }), { "ingester.max_chunk_age": age });
    }
    assertSettings(config(), {
      "limits_config.reject_old_samples_max_age": "2160h",
      "limits_config.creation_grace_period": "10m",
    });
  });

  it("asks what is in memory whatever the time, and caches no result that late events would change", () => {
    assertSettings(config(), { "querier.query_ingesters_within": "0s", "query_range.cache_results": false });
  });

  it("bounds what is in memory by size and time, and what is read back at start by the container's memory", () => {
    assertSettings(config(), {
      "ingester.chunk_target_size": 1_572_864,
      "ingester.chunk_idle_period": "1h",
      "ingester.wal.replay_memory_ceiling": "1024MB",
    });
    assertSettings(config({ resources: resources(2 ** 30) }), { "ingester.wal.replay_memory_ceiling": "512MB" });
  });

  it("deletes by age, and nothing on request; queries reach as far as what is kept", () => {
    assertSettings(config({ retention: 200 * hour }), {
      "compactor.retention_enabled": true,
      "compactor.delete_request_store": "filesystem",
      "limits_config.retention_period": "200h",
      "limits_config.deletion_mode": "disabled",
      "limits_config.max_query_lookback": "200h",
      "limits_config.max_query_length": "200h",
      "limits_config.split_queries_by_interval": "24h",
    });
  });

  it("answers within two minutes, also where a query has thousands of results", () => {
    assertSettings(config(), {
      "limits_config.query_timeout": "2m",
      "limits_config.max_query_series": 5000,
      "server.http_server_read_timeout": "2m",
      "server.http_server_write_timeout": "2m",
    });
  });

  it("refuses what is older than what it keeps, and has an index for each day", () => {
    assertSettings(config(), { "limits_config.reject_old_samples": true });
    const [schema] = at(config(), "schema_config.configs") as readonly Section[];
    assert.deepEqual(schema!["index"], { prefix: "index_", period: "24h" });
  });

  it("takes events with many and long attributes", () => {
    assertSettings(config(), {
      "limits_config.max_structured_metadata_size": "1MB",
      "limits_config.max_structured_metadata_entries_count": 512,
      "limits_config.max_line_size": "1MB",
    });
  });

  it("writes no queries into its log, and reports to nobody", () => {
    assertSettings(config(), {
      "server.log_level": "warn",
      "frontend.log_queries_longer_than": "0s",
      "analytics.reporting_enabled": false,
    });
  });
});

describe("Tempo's configuration", () => {
  const config = tempoConfig({ retention: 30 * day, promisedLateness: 30 * hour });

  it("takes OTLP, and is asked over HTTP; the process asks itself", () => {
    assertSettings(config, {
      "distributor.receivers.otlp.protocols.grpc.endpoint": "0.0.0.0:4317",
      "distributor.receivers.otlp.protocols.http.endpoint": "0.0.0.0:4318",
      "server.http_listen_port": 3200,
      "server.grpc_listen_address": "127.0.0.1",
    });
    assert.deepEqual(Object.keys(at(config, "distributor.receivers") as Section), ["otlp"]);
  });

  it("keeps traces on the volume, and deletes them by age", () => {
    assertSettings(config, {
      "storage.trace.backend": "local",
      "storage.trace.local.path": "/var/tempo/blocks",
      "storage.trace.wal.path": "/var/tempo/wal",
      "compactor.compaction.block_retention": "720h",
      "query_frontend.search.max_duration": "0s",
    });
  });

  it("finds late spans by their own time", () => {
    assertSettings(config, { "storage.trace.wal.ingestion_time_range_slack": "30h" });
  });

  it("takes large traces and long attributes, and passes them on whole", () => {
    const largest = at(config, "overrides.defaults.global.max_bytes_per_trace") as number;
    assert.equal(largest, 50_000_000);
    for (const path of [
      "server.grpc_server_max_recv_msg_size",
      "server.grpc_server_max_send_msg_size",
      "querier.frontend_worker.grpc_client_config.max_send_msg_size",
    ]) {
      assert.ok((at(config, path) as number) > largest, path);
    }
    assertSettings(config, { "distributor.max_attribute_bytes": 65_536 });
  });

  it("takes requests of 64 MiB, and 100,000 traces at a time", () => {
    assertSettings(config, {
      "distributor.receivers.otlp.protocols.grpc.max_recv_msg_size_mib": 64,
      "distributor.receivers.otlp.protocols.http.max_request_body_size": 64 * 2 ** 20,
      "overrides.defaults.ingestion.max_traces_per_user": 100_000,
    });
  });

  it("cuts a block after half an hour or 100 MiB, whichever comes first", () => {
    assertSettings(config, { "ingester.max_block_bytes": 100 * 2 ** 20, "ingester.max_block_duration": "30m" });
  });

  it("makes senders wait that exceed the rate, instead of dropping", () => {
    assertSettings(config, {
      "distributor.retry_after_on_resource_exhausted": "5s",
      "overrides.defaults.ingestion.rate_limit_bytes": 64_000_000,
      "overrides.defaults.ingestion.burst_size_bytes": 128_000_000,
    });
  });

  it("makes no metrics, logs no spans and no queries, and reports to nobody", () => {
    assertSettings(config, {
      "overrides.defaults.metrics_generator.processors": [],
      "distributor.log_received_spans.enabled": false,
      "distributor.log_discarded_spans.enabled": false,
      "server.log_level": "warn",
      "usage_report.reporting_enabled": false,
    });
  });
});
