import { remoteWriteMessage } from "../prometheus/config";
import { largestInternalRequest } from "./receivers";

/** Name of the exporter to Prometheus. */
export const outgoingExporter = "prometheus_remote_write/outgoing";

/** An argument of the collector: {@link outgoingExporter} sends version 2 of remote write behind a feature gate (0.155). */
export const featureGates = "--feature-gates=exporter.prometheusremotewritexporter.enableSendingRW2";

/**
 * Configuration of {@link outgoingExporter}.
 *
 * Version 2 of remote write, because Prometheus takes all of a request but its bad points. It refuses an OTLP request whole,
 * as version 1: nobody's exports could be merged with another's.
 *
 * No queue and no retries of its own: it answers to the stage before it, whose queue is on disk. No limit of time of its
 * own either: it would drop what takes longer, where the stage before it sends it again.
 *
 * @param endpoint of Prometheus' remote-write receiver
 */
export function outgoingExporterConfig(endpoint: string): object {
  return {
    endpoint,
    protobuf_message: remoteWriteMessage,
    timeout: "0s",
    // A kept connection would lead to a Prometheus that its Service no longer leads to, because its volume is full.
    disable_keep_alives: true,
    remote_write_queue: { enabled: false },
    retry_on_failure: { enabled: false },
    // Never cut: of two parts, one refused for good and one to be sent again, neither would be.
    max_batch_size_bytes: largestInternalRequest,
    target_info: { enabled: false },
    disable_scope_info: true,
  };
}
