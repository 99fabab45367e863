import type * as pulumi from "@pulumi/pulumi";

import { EventStore, type EventStoreArgs } from "./event-store";
import { ports } from "../kubernetes/ports";
import { day, formatDuration } from "../../units";

/** Arguments of Loki's configuration. */
export type LokiConfigArgs = Pick<EventStoreArgs, "retention" | "promisedLateness" | "resources">;

/** Holds chunks, index and write-ahead log. */
const dataDirectory = "/loki";
/** The one process finds itself here; by its pod's address it may not, and then every query hangs. */
const itself = "127.0.0.1";
/** Bytes of a gRPC message. The HTTP part sends itself every request on over gRPC, so the limit must admit it. */
const largestMessageBytes = 100 * 2 ** 20;
const queryTimeout = "2m";
/** Before all data: Loki reads nothing that is older than its first schema. */
const schemaFrom = "2024-01-01";

/** Loki, as one process: keeps each event that a client reports, for as long as it is told. */
export class Loki extends EventStore {
  constructor(name: string, args: EventStoreArgs, opts?: pulumi.ComponentResourceOptions) {
    const http = { name: "http", port: ports.loki };
    const store = { program: "loki", config: lokiConfig(args), dataDirectory, ports: [http] } as const;
    super("claude-monitoring:loki:Loki", name, args, store, opts);
  }
}

/**
 * Loki's configuration file: one process, one volume, OTLP in. All events of all clients are one stream,
 * `{service_name="claude-code"}`, and whatever they carry is structured metadata.
 */
export function lokiConfig(args: LokiConfigArgs): Record<string, unknown> {
  return {
    auth_enabled: false,
    server: {
      http_listen_port: ports.loki,
      grpc_listen_address: itself,
      // The level below writes the text of every query.
      log_level: "warn",
      http_server_read_timeout: queryTimeout,
      http_server_write_timeout: queryTimeout,
      grpc_server_max_recv_msg_size: largestMessageBytes,
      grpc_server_max_send_msg_size: largestMessageBytes,
    },
    common: {
      path_prefix: dataDirectory,
      instance_addr: itself,
      replication_factor: 1,
      ring: { kvstore: { store: "inmemory" } },
      storage: {
        filesystem: {
          chunks_directory: `${dataDirectory}/chunks`,
          rules_directory: `${dataDirectory}/rules`,
        },
      },
    },
    frontend: { address: itself, log_queries_longer_than: "0s" },
    // Chunks stay in memory longer than the three hours that queries ask for by default.
    querier: { query_ingesters_within: "0s" },
    // A late event belongs to a time whose result would be cached already.
    query_range: { cache_results: false },
    ingester: ingester(args),
    schema_config: {
      configs: [
        {
          from: schemaFrom,
          store: "tsdb",
          object_store: "filesystem",
          schema: "v13",
          index: { prefix: "index_", period: "24h" },
        },
      ],
    },
    compactor: { retention_enabled: true, delete_request_store: "filesystem" },
    limits_config: limits(args),
    analytics: { reporting_enabled: false },
  };
}

function ingester({ promisedLateness, resources }: LokiConfigArgs): object {
  return {
    // A stream takes what is up to half of this behind its newest entry.
    max_chunk_age: formatDuration(2 * promisedLateness),
    // With a single stream, these two bound what is in memory and in the write-ahead log.
    chunk_target_size: 1_572_864,
    chunk_idle_period: "1h",
    wal: {
      enabled: true,
      dir: `${dataDirectory}/wal`,
      // Its default is more than the container has.
      replay_memory_ceiling: `${Math.floor(resources.memory.bytes / 2 / 2 ** 20)}MB`,
    },
  };
}

function limits({ retention }: LokiConfigArgs): object {
  const kept = formatDuration(retention);
  return {
    retention_period: kept,
    // Nothing is deleted on request: anyone who reaches Loki could ask for it.
    deletion_mode: "disabled",
    allow_structured_metadata: true,
    otlp_config: {
      resource_attributes: {
        ignore_defaults: true,
        attributes_config: [{ action: "index_label", attributes: ["service.name"] }],
      },
    },
    // The same event, sent twice, is recognised within its stream only: the stream must not be cut into shards.
    shard_streams: { enabled: false },
    discover_log_levels: false,
    ingestion_rate_strategy: "local",
    // The rate at which a collector's queue empties after an outage, not that of clients.
    ingestion_rate_mb: 64,
    ingestion_burst_size_mb: 128,
    per_stream_rate_limit: "64MB",
    per_stream_rate_limit_burst: "128MB",
    max_line_size: "1MB",
    max_structured_metadata_size: "1MB",
    max_structured_metadata_entries_count: 512,
    // How late an event may be is for its stream to say: after a long outage of Loki, all that waited is late.
    reject_old_samples: true,
    reject_old_samples_max_age: kept,
    // A clock that is ahead would make everyone else's events late.
    creation_grace_period: "10m",
    max_query_lookback: kept,
    max_query_length: kept,
    max_query_series: 5000,
    query_timeout: queryTimeout,
    // A question about all that is kept is one part for each day, not for each hour.
    split_queries_by_interval: formatDuration(day),
  };
}
