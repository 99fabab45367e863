import type { Source } from "../../dashboards/queries/amount";
import { rolledUntil } from "./world";
import type { Point, PointIndex } from "./point";

/** Milliseconds. */
export const minute = 60_000;
export const hour = 60 * minute;
export const day = 24 * hour;

const steps = { raw: 1, "5m": 5 * minute, "1h": hour } as const;

/** Where a range is read from, by the lengths that the stack's configuration states. */
export function sourceOfRange(rangeMs: number, rawRangeMs: number): Exclude<Source, "auto"> {
  return rangeMs <= rawRangeMs ? "raw" : rangeMs <= 14 * day ? "5m" : "1h";
}

/** What a panel is asked about: points that the filters let through, and the window. Worked out without PromQL. */
export class View {
  constructor(
    private readonly all: PointIndex,
    /** End of the window, or begin of the bar. */
    readonly atMs: number,
    /** Length of the range, or of the bar. */
    readonly lengthMs: number,
    readonly source: Exclude<Source, "auto">,
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

  /** Points of a window that ends at the end of the range; from roll-ups it begins and ends on multiples of the step. */
  last(metric: string, lengthMs: number, source: Exclude<Source, "auto">, endsAgoMs = 0): Point[] {
    const step = steps[source];
    const begin = floor(this.atMs - endsAgoMs - lengthMs, step);
    const end = endsAgoMs === 0 ? newest(this.atMs, lengthMs, source) : floor(this.atMs - endsAgoMs, step);
    return this.between(metric, begin, end);
  }

  /** Points of the bar that begins here; roll-ups hold what the first pass has evaluated. */
  bar(metric: string, lengthMs: number, source: Exclude<Source, "auto">, intervalMs = lengthMs): Point[] {
    const end = this.atMs + intervalMs;
    const known = source === "raw" ? Number.POSITIVE_INFINITY : rolledUntil[source];
    return this.between(metric, end - lengthMs, Math.min(end, known));
  }

  /** Points after the one instant, up to and with the other. */
  between(metric: string, afterMs: number, untilMs: number): Point[] {
    return this.all.between(metric, afterMs, Math.max(afterMs, untilMs));
  }
}

/** Up to 25 hours everything counts; beyond, what five-minute roll-ups hold. */
function newest(atMs: number, lengthMs: number, source: Exclude<Source, "auto">): number {
  return source === "raw" || (source === "5m" && lengthMs <= 25 * hour) ? atMs : rolledUntil["5m"];
}

function floor(value: number, step: number): number {
  return Math.floor(value / step) * step;
}
