import type * as pulumi from "@pulumi/pulumi";

import { EventStore, type EventStoreArgs } from "./event-store";
import { ports } from "../kubernetes/ports";
import { formatDuration } from "../../units";

/** Holds blocks and write-ahead log. */
const dataDirectory = "/var/tempo";
/** The largest trace; what exceeds it is refused. */
const largestTraceBytes = 50_000_000;
/** A trace passes between the parts of the process in one message. */
const largestMessageBytes = 64 * 2 ** 20;

/** Tempo, as one process: keeps the traces of clients that send them, for as long as it is told. */
export class Tempo extends EventStore {
  constructor(name: string, args: EventStoreArgs, opts?: pulumi.ComponentResourceOptions) {
    const store = {
      program: "tempo",
      config: tempoConfig(args),
      dataDirectory,
      ports: [
        { name: "http", port: ports.tempo },
        { name: "otlp-grpc", port: ports.otlpGrpc, appProtocol: "grpc" },
        { name: "otlp-http", port: ports.otlpHttp, appProtocol: "http" },
      ],
    } as const;
    super("claude-monitoring:tempo:Tempo", name, args, store, opts);
  }
}

/** Tempo's configuration file: one process, one volume, OTLP in. */
export function tempoConfig(args: Pick<EventStoreArgs, "retention" | "promisedLateness">): Record<string, unknown> {
  return {
    server: {
      http_listen_port: ports.tempo,
      // The process asks itself.
      grpc_listen_address: "127.0.0.1",
      // The level below writes the text of every query.
      log_level: "warn",
      grpc_server_max_recv_msg_size: largestMessageBytes,
      grpc_server_max_send_msg_size: largestMessageBytes,
    },
    distributor: {
      receivers: {
        otlp: {
          protocols: {
            grpc: { endpoint: `0.0.0.0:${ports.otlpGrpc}`, max_recv_msg_size_mib: largestMessageBytes / 2 ** 20 },
            http: { endpoint: `0.0.0.0:${ports.otlpHttp}`, max_request_body_size: largestMessageBytes },
          },
        },
      },
      log_received_spans: { enabled: false },
      log_discarded_spans: { enabled: false },
      // Longer ones are cut.
      max_attribute_bytes: 65_536,
      // Without it, senders drop what exceeds the rate instead of waiting.
      retry_after_on_resource_exhausted: "5s",
    },
    // Bounds the block that is built up in memory and on disk.
    ingester: { max_block_bytes: 100 * 2 ** 20, max_block_duration: "30m" },
    querier: { frontend_worker: { grpc_client_config: { max_send_msg_size: largestMessageBytes } } },
    // A search may be of all that is kept.
    query_frontend: { search: { max_duration: "0s" } },
    compactor: { compaction: { block_retention: formatDuration(args.retention) } },
    storage: {
      trace: {
        backend: "local",
        local: { path: `${dataDirectory}/blocks` },
        wal: {
          path: `${dataDirectory}/wal`,
          // A span that is later does not widen its block's range, so no search by time opens the block.
          ingestion_time_range_slack: formatDuration(args.promisedLateness),
        },
      },
    },
    overrides: {
      defaults: {
        ingestion: { rate_limit_bytes: 64_000_000, burst_size_bytes: 128_000_000, max_traces_per_user: 100_000 },
        global: { max_bytes_per_trace: largestTraceBytes },
        // Metrics are the client's own, and the collector's.
        metrics_generator: { processors: [] },
      },
    },
    usage_report: { reporting_enabled: false },
  };
}
