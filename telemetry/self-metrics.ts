import { backupMetrics } from "./backup-metrics";
import { damagedQueuesLabel, noneDamaged } from "./queue-report";

/**
 * Self-metrics of the stack's parts, as Prometheus scrapes them: running totals, so `increase` is right for them. Names
 * seen with collector 0.155 and Prometheus 3.16.
 */
export const selfMetrics = {
  backup: {
    /** Seconds since 1970, one sample for each backup. */
    completed: backupMetrics.completed.prometheus,
  },
  collector: {
    acceptedPoints: 'otelcol_receiver_accepted_metric_points{receiver="otlp"}',
    /** From clients; what one stage of the collector hands to the next is counted too, under other receivers. */
    acceptedEvents: 'otelcol_receiver_accepted_log_records{receiver="otlp"}',
    acceptedSpans: 'otelcol_receiver_accepted_spans{receiver="otlp"}',
    /** Clients were told 503: memory or the queue is full. */
    refusedPoints: 'otelcol_receiver_refused_metric_points{receiver="otlp"}',
    /** A later stage that refuses is asked again. */
    refusedEvents: 'otelcol_receiver_refused_log_records{receiver="otlp"}',
    refusedSpans: 'otelcol_receiver_refused_spans{receiver="otlp"}',
    /** Given up by any exporter: to a store, or to the next stage. */
    failedEvents: "otelcol_exporter_send_failed_log_records",
    failedSpans: "otelcol_exporter_send_failed_spans",
    /**
     * In requests that were refused for good. Of those to Prometheus, only the bad points are lost. The last step to a
     * store fails at each try: the queue before it gives up, or not.
     */
    failedPoints: 'otelcol_exporter_send_failed_metric_points{exporter!~".*/(outgoing|remote)"}',
    /** Collectors that found queues damaged when they started. */
    damagedQueues: `target_info{job="otel-collector",${damagedQueuesLabel}!~"|${noneDamaged}"}`,
    /** Seconds. */
    uptime: "otelcol_process_uptime",
    /** Bytes. */
    queueSize: "otelcol_exporter_queue_size",
    /** Bytes. */
    queueCapacity: "otelcol_exporter_queue_capacity",
  },
  prometheus: {
    tooOldSamples: "prometheus_tsdb_too_old_samples_total",
    outOfBoundSamples: "prometheus_tsdb_out_of_bound_samples_total",
    /** The disk is full or broken: Prometheus 3.16 answers 500, and loses what it takes afterwards at its next start. */
    failedWrites: "prometheus_tsdb_wal_writes_failed_total",
    lateSamples: "prometheus_tsdb_head_out_of_order_samples_appended_total",
    headSeries: "prometheus_tsdb_head_series",
    /** One request may hold many samples. Of those by remote write, only the bad ones are lost. */
    refusedRequests: 'prometheus_http_requests_total{handler=~"/api/v1/(write|otlp/v1/metrics)",code=~"4.."}',
  },
} as const;
