import { type HistogramMetric } from "../../telemetry/event-metrics";
import { labels } from "../../telemetry/labels";
import type { Metric } from "../../telemetry/metric";
import type { Point } from "./point";

/** How long a collector adds up before it sends, in milliseconds. */
const batch = 15_000;
/** How long a client keeps an event before it exports it. */
const clientDelay = 5_000;

interface Sum {
  readonly metric: string;
  readonly timeMs: number;
  readonly labels: Readonly<Record<string, string>>;
  value: number;
}

/**
 * What two collectors count of events: added up for some seconds, with the time of arrival and the collector's name.
 * The one sends on the multiples of its batch, which are edges of windows too, the other between them.
 */
export class Collectors {
  private readonly sums = new Map<string, Sum>();

  /** One event, or the amount that it tells. */
  count(
    { prometheus }: Metric,
    collector: 0 | 1,
    timeMs: number,
    labels: Readonly<Record<string, string>>,
    value = 1,
  ): void {
    this.add(prometheus, collector, timeMs, labels, value);
  }

  /** One value of a distribution. Each bucket counts all values up to its bound, the bound included. */
  observe(
    { prometheus, buckets }: HistogramMetric,
    collector: 0 | 1,
    timeMs: number,
    labels: Readonly<Record<string, string>>,
    value: number,
  ): void {
    for (const bound of [...buckets, Number.POSITIVE_INFINITY]) {
      const le = bound === Number.POSITIVE_INFINITY ? "+Inf" : String(bound);
      this.add(`${prometheus}_bucket`, collector, timeMs, { ...labels, le }, value <= bound ? 1 : 0);
    }
    this.add(`${prometheus}_sum`, collector, timeMs, labels, value);
    this.add(`${prometheus}_count`, collector, timeMs, labels, 1);
  }

  /** What they sent. */
  points(): Point[] {
    return [...this.sums.values()];
  }

  private add(
    metric: string,
    collector: 0 | 1,
    timeMs: number,
    own: Readonly<Record<string, string>>,
    value: number,
  ): void {
    const phase = collector * 7_000;
    const sentMs = Math.ceil((timeMs + clientDelay - phase) / batch) * batch + phase;
    const all = { ...own, [labels.collector]: `c-${collector}`, job: "claude-code" };
    const key = JSON.stringify([metric, sentMs, all]);
    const sum = this.sums.get(key) ?? { metric, timeMs: sentMs, labels: all, value: 0 };
    sum.value += value;
    this.sums.set(key, sum);
  }
}
