import { accessExtensions, teamProcessor } from "./access";
import { countDefinitions, ledgerDefinitions } from "./event-metrics";
import { outgoingExporter, outgoingExporterConfig } from "./outgoing";
import { processors, type ProcessorsArgs } from "./processors";
import { queueStorage, type QueueStorageArgs, queueStorageConfig } from "./queue-storage";
import { type CollectorPorts, largestInternalRequest, loopback, receivers } from "./receivers";
import { damagedQueuesLabel } from "../../telemetry/queue-report";
import { ports } from "../kubernetes/ports";
import { remoteExporter, remotePipelines } from "../prometheus/remote-store";

/** URLs of the stores' receivers: of OTLP, without `/v1/logs` and `/v1/traces`, but for Prometheus. */
export interface CollectorStoreUrls {
  /** Remote write, whole, e.g. `http://dev-prometheus-write:9090/api/v1/write`. */
  readonly prometheusWriteUrl: string;
  /** E.g. `http://dev-loki:3100/otlp`. Undefined: events are counted, not stored. */
  readonly lokiOtlpUrl?: string;
  /** E.g. `http://dev-tempo:4318`. Undefined: spans are not stored. */
  readonly tempoOtlpUrl?: string;
}

/** Arguments of the collector's configuration. */
export interface CollectorConfigArgs extends ProcessorsArgs, CollectorStoreUrls, QueueStorageArgs {
  /** File with the value of {@link damagedQueuesLabel}. Undefined: the collector's own metrics lack it. */
  readonly queueReport?: string;
  /** Capacity of all sending queues together, in bytes. While one is full, clients get 503. */
  readonly queueBytes: number;
  /** For how long counts are added up before they are stored. Go duration. Default `15s`. */
  readonly countInterval?: string;
  /** Address to listen on. Default `0.0.0.0`. */
  readonly listenHost?: string;
  /** Ports to listen on. Defaults: the stack's {@link ports}. */
  readonly listenPorts?: CollectorPorts;
}

/** Shares of the queues' bytes. */
const queueShares = {
  metrics: 0.4,
  remote: 0.2,
  acceptedEvents: 0.1,
  acceptedSpans: 0.1,
  merged: 0.05,
  counts: 0.05,
  store: 0.1,
};

/**
 * The collector's configuration.
 *
 * Metrics wait in the queue *prometheus*, which merges the exports of a moment into one request.
 *
 * Events and spans pass three stages, each with its queue on disk:
 * 1. *accepted*: the one place where a client is told 200 or 503, so a repeated export was not counted before
 * 2. from there the ledger to Prometheus, request by request, events to Loki, spans to Tempo. A full queue makes the
 *    stage wait, and in the end the first queue refuse; only after a crash is anything handed on twice
 * 3. *merged*: events of some seconds, as one request, from which counts are made: Prometheus would refuse two points
 *    of one series and one millisecond
 *
 * Points of events wait in the queue *event-metrics*. At each try to send them, points of both queues pass one more stage,
 * *outgoing*. If the node's clock went back meanwhile, they lie in the future, which Prometheus refuses for good.
 *
 * Metrics of other agents take the third stage only, as points without values, and are counted there.
 *
 * With a distributed store, one more queue gets a copy of each point, and sends it as Prometheus stores it. So the
 * store gets every point that Prometheus gets, also while Prometheus is down.
 *
 * The sending queues retry without end. When the first is full, the receiver answers 503: the client retries on 503 and
 * drops at once on 500. All three signals are accepted in every stack, because a short client session that gets 404 for
 * its traces exits without sending its metrics.
 */
export function collectorConfig(args: CollectorConfigArgs): Record<string, unknown> {
  const host = args.listenHost ?? "0.0.0.0";
  const listen = args.listenPorts ?? ports;
  const access = args.access ?? {};
  return {
    extensions: {
      ...accessExtensions(access),
      health_check: { endpoint: `${host}:${listen.collectorHealth}` },
      [queueStorage]: queueStorageConfig(args),
    },
    receivers: receivers(args, host, listen),
    processors: processors(args),
    connectors: {
      // A value that is none is left out of its metric; the message about it would name the statement only.
      "signal_to_metrics/ledger": { error_mode: "silent", ...ledgerDefinitions() },
      "signal_to_metrics/counts": { error_mode: "silent", ...countDefinitions() },
    },
    exporters: exporters(args, listen),
    service: {
      extensions: [...Object.keys(accessExtensions(access)), "health_check", queueStorage],
      pipelines: pipelines(args),
      telemetry: {
        ...(args.queueReport && { resource: { [damagedQueuesLabel]: `\${file:${args.queueReport}}` } }),
        logs: { encoding: "json" },
        metrics: { readers: [{ pull: { exporter: { prometheus: { host, port: listen.collectorMetrics } } } }] },
      },
    },
  };
}

function exporters(args: CollectorConfigArgs, listen: CollectorPorts) {
  const queue = (share: number, settings: object = {}) => ({
    enabled: true,
    storage: queueStorage,
    sizer: "bytes",
    queue_size: Math.floor(args.queueBytes * share),
    num_consumers: 10,
    ...settings,
  });
  const retried = { enabled: true, initial_interval: "1s", max_interval: "10s", max_elapsed_time: 0 };
  const exporter = (endpoint: string, sending_queue: object, timeout = "30s") => ({
    endpoint,
    compression: "none",
    timeout,
    sending_queue,
    retry_on_failure: retried,
  });
  const waiting = { block_on_overflow: true };
  const smallest = Math.min(smallestBatch, Math.floor((args.queueBytes * queueShares.store) / 4));
  const batches = { flush_timeout: "2s", min_size: smallest, max_size: 4 * 2 ** 20, sizer: "bytes" };
  const stored = queue(queueShares.store, { ...waiting, batch: batches });
  const internal = (port: number) => `http://${loopback}:${port}`;
  const smallBatches = { batch: { ...batches, flush_timeout: "200ms" } };
  // One request at a time. Of two with the same series, Prometheus may log the one first and store the other first. When it
  // is killed, it then drops what it has logged too late.
  const outgoing = (share: number, settings: object = {}) =>
    exporter(internal(listen.collectorOutgoing), queue(share, { ...smallBatches, num_consumers: 1, ...settings }));
  const { remoteStore } = args;
  const metricsShare = queueShares.metrics - (remoteStore === undefined ? 0 : queueShares.remote);
  return {
    "otlp_http/prometheus": outgoing(metricsShare),
    // Without a limit of time: when the next stage's queues are full, it waits, and is not asked again.
    "otlp_http/accepted": exporter(internal(listen.collectorAccepted), queue(queueShares.acceptedEvents), "0s"),
    // Merged, unlike events: the ledger would add up an export and its repetition.
    "otlp_http/accepted-spans": exporter(
      internal(listen.collectorAcceptedSpans),
      queue(queueShares.acceptedSpans, smallBatches),
      "0s",
    ),
    "otlp_http/merged": exporter(
      internal(listen.collectorMerged),
      // One at a time, so that no two have the same moment.
      queue(queueShares.merged, { ...waiting, num_consumers: 1, ...countBatches(args) }),
      "0s",
    ),
    "otlp_http/event-metrics": outgoing(queueShares.counts, waiting),
    [outgoingExporter]: outgoingExporterConfig(args.prometheusWriteUrl),
    ...(args.lokiOtlpUrl && { "otlp_http/loki": exporter(args.lokiOtlpUrl, stored) }),
    ...(args.tempoOtlpUrl && { "otlp_http/tempo": exporter(args.tempoOtlpUrl, stored) }),
    ...(remoteStore && {
      "otlp_http/copies": exporter(internal(listen.collectorRemote), queue(queueShares.remote, waiting), "0s"),
      "otlp_http/remote": remoteExporter(remoteStore),
    }),
  };
}

/**
 * Of a store's request, in bytes. With each export the exporter computes the size of all that is merged anew (0.155).
 * Large batches of small exports cost it more than all else together.
 */
const smallestBatch = 64 * 2 ** 10;

/**
 * Of an event or span as it is counted, in bytes. Most have a quarter of it. Where they have four times as much, the queue
 * is full before the number is reached, and waits.
 */
const countedBytes = 2 ** 11;

/**
 * By time, and by number only where a full queue would be waited for: numbers cost nothing to compute. The queue's size
 * is the batch's limit in bytes, because a queue counts what it merges until it is sent.
 */
function countBatches({ countInterval = "15s", queueBytes }: CollectorConfigArgs) {
  const queueSize = Math.min(largestInternalRequest / 2, Math.floor(queueBytes * queueShares.merged));
  const size = Math.floor(queueSize / 4 / countedBytes);
  return {
    queue_size: queueSize,
    batch: { flush_timeout: countInterval, min_size: size, max_size: size, sizer: "items" },
  };
}

function pipelines(args: CollectorConfigArgs) {
  const stored = (receiver: string, exporter: string, ...processors: readonly string[]) => ({
    receivers: [receiver],
    processors,
    exporters: [exporter],
  });
  const team = args.access?.htpasswdFile === undefined ? [] : [teamProcessor];
  const copies = args.remoteStore === undefined ? [] : ["otlp_http/copies"];
  return {
    ...(args.remoteStore && remotePipelines),
    metrics: {
      receivers: ["otlp"],
      processors: [
        "memory_limiter",
        ...team,
        "filter/unknown-metrics",
        "transform/temporality",
        "cumulativetodelta",
        "filter/impossible-points",
        "transform/points",
      ],
      exporters: ["otlp_http/prometheus", ...copies],
    },
    "metrics/other-agents": {
      receivers: ["otlp"],
      processors: ["memory_limiter", "filter/claude-code", "transform/other-agents"],
      exporters: ["otlp_http/merged"],
    },
    logs: {
      receivers: ["otlp"],
      processors: ["memory_limiter", ...team, "transform/events", "filter/raw-bodies"],
      exporters: ["otlp_http/accepted"],
    },
    traces: {
      receivers: ["otlp"],
      processors: ["memory_limiter", ...team, "filter/links", "transform/spans"],
      exporters: ["otlp_http/accepted-spans"],
    },
    ...(args.lokiOtlpUrl && { "logs/stored": stored("otlp/accepted", "otlp_http/loki", "filter/other-agents") }),
    ...(args.tempoOtlpUrl && { "traces/stored": stored("otlp/accepted-spans", "otlp_http/tempo") }),
    "logs/countable": {
      receivers: ["otlp/accepted"],
      processors: ["transform/countable-events"],
      exporters: ["signal_to_metrics/ledger", "otlp_http/merged"],
    },
    "traces/countable": {
      receivers: ["otlp/accepted-spans"],
      processors: ["filter/waits", "transform/countable-spans"],
      exporters: ["otlp_http/merged"],
    },
    "metrics/merged": { receivers: ["otlp/merged"], processors: [], exporters: ["signal_to_metrics/counts"] },
    "logs/merged": { receivers: ["otlp/merged"], processors: [], exporters: ["signal_to_metrics/counts"] },
    "traces/merged": { receivers: ["otlp/merged"], processors: [], exporters: ["signal_to_metrics/counts"] },
    "metrics/ledger": {
      receivers: ["signal_to_metrics/ledger"],
      processors: ["transform/ledger"],
      exporters: ["otlp_http/event-metrics", ...copies],
    },
    "metrics/outgoing": {
      receivers: ["otlp/outgoing"],
      processors: ["transform/outgoing"],
      exporters: [outgoingExporter],
    },
    "metrics/counts": {
      receivers: ["signal_to_metrics/counts"],
      processors: ["transform/counts"],
      exporters: ["otlp_http/event-metrics", ...copies],
    },
  };
}
