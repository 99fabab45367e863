import type { Source } from "../../dashboards/queries/amount";
import type { Point, PointIndex } from "./point";
import { bookedAt, latestBooking } from "./booking";
import { dayMs, hourMs } from "../../units";

/** The samples that a window is added up from. */
export type StoredSource = Exclude<Source, "auto">;

/** Where a range is read from, by the lengths that the stack's configuration states. */
export function sourceOfRange(rangeMs: number, rawRangeMs: number): StoredSource {
  return rangeMs <= rawRangeMs ? "raw" : rangeMs <= 14 * dayMs ? "5m" : "1h";
}

/** What a panel is asked about: points that the filters let through, and the window. Worked out without PromQL. */
export class View {
  constructor(
    private readonly all: PointIndex,
    /** End of the window, or begin of the bar. */
    readonly atMs: number,
    /** Length of the range, or of the bar. */
    readonly lengthMs: number,
    readonly source: StoredSource,
    readonly kind: "range" | "bar",
    /** The whole range that is shown. */
    readonly rangeMs: number,
  ) {}

  /** Points of the range, or of the bar. */
  points(metric: string): Point[] {
    return this.kind === "range"
      ? this.last(metric, this.lengthMs, this.source)
      : this.bar(metric, this.lengthMs, this.source);
  }

  /** Points of a window that ends at the end of the range. */
  last(metric: string, lengthMs: number, source: StoredSource, endsAgoMs = 0): Point[] {
    const end = this.atMs - endsAgoMs;
    return this.between(metric, end - lengthMs, end, source);
  }

  /** Points of a window that ends with the bar that begins here. */
  bar(metric: string, lengthMs: number, source: StoredSource, intervalMs = lengthMs): Point[] {
    const end = this.atMs + intervalMs;
    return this.between(metric, end - lengthMs, end, source);
  }

  /** Points that count after the one instant, up to and with the other. */
  between(metric: string, afterMs: number, untilMs: number, source: StoredSource = "raw"): Point[] {
    if (source === "raw") {
      return this.all.between(metric, afterMs, untilMs);
    }
    return this.all.between(metric, afterMs - latestBooking, untilMs).filter(({ timeMs, value }) => {
      const booked = bookedAt(timeMs, source);
      // Late passes book nothing for nothing, but for the buckets of a distribution.
      const isBooked = value !== 0 || metric.endsWith("_bucket") || bookedAt(timeMs, "5m") - timeMs < hourMs;
      return isBooked && booked > afterMs && booked <= untilMs;
    });
  }
}
