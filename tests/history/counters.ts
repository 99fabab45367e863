import type { SelfSample } from "./load";
import { historyEnd } from "./world";
import { dayMs, hourMs, minuteMs } from "../../units";

/** A scraped series as a function of time. */
interface Counter {
  readonly series: string;
  readonly at: (timeMs: number) => number;
  /** Absent before. Default: since the first scrape. */
  readonly sinceMs?: number;
}

const scrape = 15_000;
const begin = Math.floor((historyEnd - 26 * hourMs) / scrape) * scrape;

/** Grows by `perScrape` between two times, from a value far from zero. */
function growing(series: string, perScrape: number, fromMs: number, untilMs: number): Counter {
  const at = (timeMs: number) => 1e6 + (perScrape * (Math.min(Math.max(timeMs, fromMs), untilMs) - fromMs)) / scrape;
  return { series, at };
}

const always = [begin, historyEnd] as const;

/** What one stage of the collector hands to the next: it came from clients before, and is not to be counted again. */
const betweenStages = [
  "accepted_metric_points",
  "accepted_log_records",
  "accepted_spans",
  "refused_log_records",
  "refused_spans",
].map((name) => growing(`otelcol_receiver_${name}{receiver="otlp/accepted",instance="a"}`, 17, ...always));

/** What the stack's own parts counted in the last 26 hours of the known history. */
export const counters: readonly Counter[] = [
  ...betweenStages,
  growing(
    'otelcol_receiver_accepted_metric_points{receiver="otlp",instance="a"}',
    30,
    begin,
    historyEnd - 4 * minuteMs,
  ),
  growing(
    'otelcol_receiver_accepted_metric_points{receiver="otlp",instance="b"}',
    12,
    begin,
    historyEnd - 9 * minuteMs,
  ),
  growing('otelcol_receiver_accepted_log_records{receiver="otlp",instance="a"}', 5, begin, historyEnd - 3 * hourMs),
  growing('otelcol_receiver_accepted_spans{receiver="otlp",instance="a"}', 2, begin, historyEnd - 20 * minuteMs),
  growing(
    'otelcol_receiver_refused_metric_points{receiver="otlp",instance="a"}',
    3,
    historyEnd - 5 * hourMs,
    historyEnd - 4 * hourMs,
  ),
  growing(
    'otelcol_exporter_send_failed_metric_points{instance="b"}',
    4,
    historyEnd - 50 * minuteMs,
    historyEnd - 40 * minuteMs,
  ),
  growing(
    'otelcol_receiver_refused_log_records{receiver="otlp",instance="a"}',
    2,
    historyEnd - 40 * minuteMs,
    historyEnd - 30 * minuteMs,
  ),
  growing(
    'otelcol_receiver_refused_spans{receiver="otlp",instance="b"}',
    5,
    historyEnd - 30 * minuteMs,
    historyEnd - 28 * minuteMs,
  ),
  growing(
    'otelcol_exporter_send_failed_log_records{exporter="loki",instance="a"}',
    3,
    historyEnd - 20 * minuteMs,
    historyEnd - 10 * minuteMs,
  ),
  growing(
    'otelcol_exporter_send_failed_spans{exporter="tempo",instance="b"}',
    1,
    historyEnd - 55 * minuteMs,
    historyEnd - 50 * minuteMs,
  ),
  { series: 'otelcol_exporter_queue_size{instance="a"}', at: (timeMs) => (timeMs / scrape) % 700 },
  { series: 'otelcol_exporter_queue_size{instance="b"}', at: () => 300 },
  { series: 'otelcol_exporter_queue_capacity{instance="a"}', at: () => 1000 },
  { series: 'otelcol_exporter_queue_capacity{instance="b"}', at: () => 1500 },
  growing(
    'prometheus_tsdb_too_old_samples_total{type="float"}',
    1,
    historyEnd - 30 * minuteMs,
    historyEnd - 20 * minuteMs,
  ),
  growing(
    'prometheus_tsdb_out_of_bound_samples_total{type="float"}',
    2,
    historyEnd - 35 * minuteMs,
    historyEnd - 25 * minuteMs,
  ),
  growing(
    'prometheus_http_requests_total{handler="/api/v1/write",code="400"}',
    7,
    historyEnd - 45 * minuteMs,
    historyEnd - 44 * minuteMs,
  ),
  // Appears with its first event, and never counts another.
  {
    series: 'prometheus_http_requests_total{handler="/api/v1/otlp/v1/metrics",code="413"}',
    at: () => 1,
    sinceMs: historyEnd - 33 * minuteMs,
  },
  growing('prometheus_http_requests_total{handler="/api/v1/write",code="204"}', 90, ...always),
  growing('prometheus_http_requests_total{handler="/api/v1/query",code="400"}', 11, ...always),
  growing('prometheus_tsdb_head_out_of_order_samples_appended_total{type="float"}', 6, ...always),
  growing("prometheus_tsdb_wal_writes_failed_total", 8, historyEnd - 15 * minuteMs, historyEnd - 14 * minuteMs),
  { series: "prometheus_tsdb_head_series", at: (timeMs) => 1000 + (timeMs % hourMs) / 1000 },
];

/** Results of the hourly check: the hourly roll-up of the cost by team lacks something. */
export const checks: readonly Counter[] = [
  { labels: 'signal="cost",scope="device",rollup_step="5m"', value: 0 },
  { labels: 'signal="cost",scope="team",rollup_step="1h"', value: -0.5 },
  { labels: 'signal="tokens",scope="user",rollup_step="1h"', value: 0 },
].map(({ labels, value }) => ({ series: `signal:claude_code_rollup_difference:sum_1d{${labels}}`, at: () => value }));

/** When backups of each store were completed. */
export const backups: Readonly<Record<string, readonly number[]>> = {
  prometheus: [historyEnd - 25 * hourMs, historyEnd - hourMs, historyEnd - 20 * minuteMs],
  grafana: [historyEnd - 49 * hourMs],
};

/** All of them as scraped, recorded or reported. */
export function selfSamples(): SelfSample[] {
  const scraped = counters.flatMap(({ series, at, sinceMs = begin }) =>
    times(Math.ceil(sinceMs / scrape) * scrape, scrape).map((timeMs) => ({ series, timeMs, value: at(timeMs) })),
  );
  const recorded = checks.flatMap(({ series, at }) =>
    times(Math.floor((historyEnd - dayMs) / hourMs) * hourMs, hourMs).map((timeMs) => ({
      series,
      timeMs,
      value: at(timeMs),
    })),
  );
  const reported = Object.entries(backups).flatMap(([store, times]) =>
    times.map((timeMs) => ({
      series: `claude_monitoring_backup_completed_timestamp_seconds{job="backup",store="${store}"}`,
      timeMs,
      value: timeMs / 1000,
    })),
  );
  return [...scraped, ...recorded, ...reported];
}

function times(fromMs: number, stepMs: number): number[] {
  return Array.from({ length: Math.floor((historyEnd - fromMs) / stepMs) + 1 }, (_, index) => fromMs + index * stepMs);
}

/**
 * How much counters grew: `increase` as Prometheus documents it (the samples' difference, stretched to the window's
 * ends where they are near), and the whole value of one that was not there before. They never fall, and those that are
 * there from the begin are far from zero.
 */
export function increase(prefix: string, atMs: number, windowMs: number): number | undefined {
  const grown = counters
    .filter(({ series }) => series.startsWith(prefix))
    .map((counter) => grownBy(counter, atMs, windowMs))
    .filter((value) => value !== undefined);
  return grown.length === 0 ? undefined : grown.reduce((sum, value) => sum + value, 0);
}

function grownBy({ at, sinceMs = begin }: Counter, atMs: number, windowMs: number): number | undefined {
  const scrapes = times(Math.ceil(sinceMs / scrape) * scrape, scrape).filter((timeMs) => timeMs <= atMs);
  const newest = scrapes.at(-1);
  const before = scrapes.some((timeMs) => timeMs <= atMs - windowMs && timeMs > atMs - windowMs - dayMs);
  if (newest !== undefined && !before && newest > atMs - 5 * minuteMs) {
    return at(newest);
  }
  const samples = scrapes.filter((timeMs) => timeMs > atMs - windowMs);
  const [first, last] = [samples.at(0), samples.at(-1)];
  if (first === undefined || last === undefined || first === last) {
    return undefined;
  }
  const edge = (gapMs: number) => (gapMs >= 1.1 * scrape ? scrape / 2 : gapMs);
  const stretch = (last - first + edge(first - (atMs - windowMs)) + edge(atMs - last)) / (last - first);
  return (at(last) - at(first)) * stretch;
}

/** The newest value at or before a time, of series that begin so. */
export function valuesAt(prefix: string, atMs: number): number[] {
  const scraped = Math.floor(atMs / scrape) * scrape;
  return scraped < begin || atMs - scraped > 5 * minuteMs
    ? []
    : counters.filter(({ series }) => series.startsWith(prefix)).map(({ at }) => at(scraped));
}
