import { ports } from "./ports";

/** What the collector's configuration depends on. */
export interface CollectorConfigArgs {
  /** Base URL of Prometheus' OTLP receiver, e.g. `http://dev-prometheus:9090/api/v1/otlp`. */
  readonly prometheusOtlpUrl: string;
  /** Folder of the sending queue; must survive restarts of the process. */
  readonly queueDirectory: string;
  /** How many bytes of exports the sending queue holds before clients are told 503. */
  readonly queueBytes: number;
  /** A point this far ahead of the collector's clock is counted at arrival. Go duration. */
  readonly clockAheadTolerance: string;
  /** A point this far behind the collector's clock is counted at arrival. Go duration. */
  readonly clockBehindTolerance: string;
  /** Address to listen on. Default `0.0.0.0`. */
  readonly listenHost?: string;
  /** Ports to listen on. Defaults: the stack's {@link ports}. */
  readonly listenPorts?: {
    readonly otlpGrpc: number;
    readonly otlpHttp: number;
    readonly collectorMetrics: number;
    readonly collectorHealth: number;
  };
}

/**
 * Attributes that the collector adds to points, so that an operator sees whom they concern.
 */
export const collectorAttributes = {
  /** `ahead` or `behind` on points whose clock was wrong and that were therefore counted at arrival. */
  clock: "claude_monitoring.clock",
  /** `cumulative` on points of clients that do not send delta temporality. */
  temporality: "claude_monitoring.temporality",
} as const;

/**
 * The collector's configuration.
 *
 * - Nothing between client and Prometheus merges requests (no batch processor, no exporter batching): Prometheus refuses
 *   a whole request for one bad point, and only its sender may pay for that.
 * - The sending queue is on disk and retries without end. When it is full, the receiver answers 503: the client retries
 *   on 503 and drops at once on 500.
 * - All three signals are accepted, because a short client session that gets 404 for its traces exits without sending
 *   its metrics. Logs and traces end in the debug exporter at `basic` verbosity, which prints counts and never contents.
 */
export function collectorConfig(args: CollectorConfigArgs): Record<string, unknown> {
  const host = args.listenHost ?? "0.0.0.0";
  const listen = args.listenPorts ?? ports;
  return {
    extensions: {
      health_check: { endpoint: `${host}:${listen.collectorHealth}` },
      "file_storage/queue": {
        directory: args.queueDirectory,
        create_directory: true,
        timeout: "10s",
        compaction: { directory: args.queueDirectory, on_start: true, on_rebound: true, cleanup_on_start: true },
      },
    },
    receivers: {
      otlp: {
        protocols: {
          grpc: { endpoint: `${host}:${listen.otlpGrpc}` },
          http: { endpoint: `${host}:${listen.otlpHttp}` },
        },
      },
    },
    processors: {
      memory_limiter: { check_interval: "1s", limit_percentage: 80, spike_limit_percentage: 20 },
      "transform/temporality": {
        error_mode: "ignore",
        metric_statements: [
          `set(datapoint.attributes["${collectorAttributes.temporality}"], "cumulative") where metric.aggregation_temporality == AGGREGATION_TEMPORALITY_CUMULATIVE`,
        ],
      },
      // A stream that comes back after this is counted again in full, so it outlasts any pause of a running client.
      cumulativetodelta: { max_staleness: "720h" },
      "transform/clock": { error_mode: "ignore", metric_statements: clockStatements(args) },
    },
    exporters: {
      "otlp_http/prometheus": {
        endpoint: args.prometheusOtlpUrl,
        compression: "none",
        timeout: "30s",
        sending_queue: {
          enabled: true,
          storage: "file_storage/queue",
          sizer: "bytes",
          queue_size: args.queueBytes,
          num_consumers: 10,
        },
        retry_on_failure: { enabled: true, initial_interval: "1s", max_interval: "10s", max_elapsed_time: 0 },
      },
      debug: { verbosity: "basic" },
    },
    service: {
      extensions: ["health_check", "file_storage/queue"],
      pipelines: {
        metrics: {
          receivers: ["otlp"],
          processors: ["memory_limiter", "transform/temporality", "cumulativetodelta", "transform/clock"],
          exporters: ["otlp_http/prometheus"],
        },
        logs: { receivers: ["otlp"], processors: ["memory_limiter"], exporters: ["debug"] },
        traces: { receivers: ["otlp"], processors: ["memory_limiter"], exporters: ["debug"] },
      },
      telemetry: {
        logs: { encoding: "json" },
        metrics: {
          readers: [{ pull: { exporter: { prometheus: { host, port: listen.collectorMetrics } } } }],
        },
      },
    },
  };
}

/** Marks, then restamps, points whose clock is wrong. The label says which way, and makes the client findable. */
function clockStatements(args: CollectorConfigArgs): string[] {
  const ahead = `datapoint.time > Now() + Duration("${args.clockAheadTolerance}")`;
  const behind = `datapoint.time < Now() - Duration("${args.clockBehindTolerance}")`;
  return [
    `set(datapoint.attributes["${collectorAttributes.clock}"], "ahead") where ${ahead}`,
    `set(datapoint.time, Now()) where ${ahead}`,
    `set(datapoint.attributes["${collectorAttributes.clock}"], "behind") where ${behind}`,
    `set(datapoint.time, Now()) where ${behind}`,
  ];
}
