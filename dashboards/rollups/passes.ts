import { labels } from "../../telemetry/labels";
import { rollupDimensions, rollupName, type Scope, type Signal, signals, signalScopes } from "../signals";
import { offsetBy, selector } from "../queries/selector";
import { lagLabel, type Level, rollupNames, type Timing } from "./levels";

/** A recorded metric at one level: a signal with the labels of a scope. */
export interface Rollup {
  readonly signal: Signal;
  readonly scope: Scope;
  readonly level: Level;
}

/**
 * Smallest correction: a billionth of a dollar, a millionth of any other unit. Less than half of it is
 * rounding of sums, while a series' window holds less than 2^22 dollars, or 2^32 of another unit. Whole numbers are exact.
 *
 * A power of two, because Prometheus rounds by the inverse: that of 1e-9 is not 1e9, and whole numbers did not stay whole.
 */
function smallestCorrection({ metric }: Signal): string {
  return metric.includes("_USD") ? "2^-30" : "2^-20";
}

/** The roll-ups that are computed from raw samples: each signal's widest scope, at the fine level. */
export function primaryRollups({ fine }: Timing): Rollup[] {
  return Object.values<Signal>(signals).map((signal) => ({ signal, scope: widestScope(signal), level: fine }));
}

/** The roll-ups that are computed from the primary ones: all others. */
export function derivedRollups({ fine, coarse }: Timing): Rollup[] {
  return Object.values<Signal>(signals).flatMap((signal) => [
    ...signalScopes(signal)
      .slice(0, -1)
      .map((scope) => ({ signal, scope, level: fine })),
    ...signalScopes(signal).map((scope) => ({ signal, scope, level: coarse })),
  ]);
}

/** The scope that has every label. */
function widestScope(signal: Signal): Scope {
  return signalScopes(signal).at(-1) as Scope;
}

/**
 * PromQL of a roll-up's passes, at the end of a window. An evaluation comes later, and so do the samples that it books.
 * Samples of a window lie in the time in which it is the newest.
 */
export class Passes {
  constructor(private readonly timing: Timing) {}

  /** The newest window. */
  first(rollup: Rollup): string {
    return `${sumByDimensions(rollup)} (${this.source(rollup, 0)})`;
  }

  /** The newest window, and the corrections of earlier ones, each labelled with its lag. */
  bookings(rollup: Rollup): string {
    const corrections = this.lags(rollup).map((lag, index, all) => {
      const before = [0, ...all.slice(0, index)];
      const missing = this.withEmptyBuckets(rollup, lag, before, this.rounded(rollup, lag, before));
      return `label_replace(${missing}, "${rollupNames.lag}", "${lagLabel(lag)}", "", "")`;
    });
    return [this.first(rollup), ...corrections].join(" or ");
  }

  /**
   * The difference between a window and all that was booked of it. Not rounded, so that nothing is left that could be
   * taken for missing once it is booked. Rules round, for the sake of their length.
   */
  unbooked(rollup: Rollup): string {
    const lags = [0, ...this.lags(rollup)];
    const missing = `${this.difference(rollup, 0, lags)} and ${this.rounded(rollup, 0, lags)}`;
    return this.withEmptyBuckets(rollup, 0, lags, missing);
  }

  /** A day's roll-up, by all passes, less what it is computed from. */
  dayDifference(rollup: Rollup, ago: number): string {
    const booked = [0, ...this.lags(rollup)].map((lag) => this.booked(rollup, lag, ago, "1d"));
    return `(sum(${booked.join(" or ")}) or vector(0)) - (sum(${this.source(rollup, ago, "1d")}) or vector(0))`;
  }

  /** An expression about the end of a window, asked by an evaluation: at the last multiple of the step that has settled. */
  atWindowEnd(expression: string): string {
    const { fine, settlingSeconds } = this.timing;
    // A millisecond more: the time in which a window is the newest is left-open, as all ranges are.
    return `last_over_time((${expression})[${fine.step}:${fine.step}]${offsetBy(settlingSeconds + 0.001)})`;
  }

  /** Seconds from the end of a window until it ceases to be the newest. */
  get newestFor(): number {
    return this.timing.settlingSeconds + this.timing.fine.stepSeconds;
  }

  private lags(rollup: Rollup): readonly number[] {
    return this.isPrimary(rollup) ? this.timing.lateLags : [this.timing.repairLag];
  }

  /** A window less what passes have booked of it. */
  private difference(rollup: Rollup, ago: number, lags: readonly number[]): string {
    const booked = lags.map((lag) => `-${this.booked(rollup, lag, ago)}`);
    return `${sumByDimensions(rollup)} (${[this.source(rollup, ago), ...booked].join(" or ")})`;
  }

  /** The same, in smallest corrections, where it is at least one. */
  private rounded(rollup: Rollup, ago: number, lags: readonly number[]): string {
    return `round(${this.difference(rollup, ago, lags)}, ${smallestCorrection(rollup.signal)}) != 0`;
  }

  /** Missing amounts, and the empty buckets of a histogram that passes have not booked: a quantile needs them, too. */
  private withEmptyBuckets(rollup: Rollup, ago: number, lags: readonly number[], missing: string): string {
    if (!rollup.signal.dimensions.includes(labels.bucket)) {
      return missing;
    }
    const dimensions = sumByDimensions(rollup);
    const booked = lags.map((lag) => this.booked(rollup, lag, ago)).join(" or ");
    return `(${missing} or (${dimensions} (${this.source(rollup, ago)}) unless ${dimensions} (${booked})))`;
  }

  /** The samples that a window is computed from. */
  private source(rollup: Rollup, ago: number, window: string = rollup.level.step): string {
    const { signal } = rollup;
    if (this.isPrimary(rollup)) {
      return sumOverTime(signal.metric, window, ago);
    }
    const widest = this.stored({ signal, scope: widestScope(signal), level: this.timing.fine });
    const stored = sumOverTime(widest, window, ago - this.newestFor);
    // `or` drops a series of the narrower scope that has the same labels: one without any that the wider scope adds.
    return rollup.level === this.timing.fine ? `label_replace(${stored}, "${rollupNames.step}", "", "", "")` : stored;
  }

  /** The bookings of a pass for a window. The first of a derived one includes what versions before 0.2.0 booked late. */
  private booked(rollup: Rollup, lag: number, ago: number, window: string = rollup.level.step): string {
    const earlier = lag === 0 && !this.isPrimary(rollup);
    const ofPass = this.stored(
      rollup,
      earlier ? `${rollupNames.lag}!="${lagLabel(this.timing.repairLag)}"` : `${rollupNames.lag}="${lagLabel(lag)}"`,
    );
    return sumOverTime(ofPass, window, ago - lag - this.newestFor);
  }

  private stored({ signal, scope, level }: Rollup, ...more: string[]): string {
    return selector(rollupName(signal, scope), [`${rollupNames.step}="${level.step}"`, ...more]);
  }

  private isPrimary({ signal, scope, level }: Rollup): boolean {
    return level === this.timing.fine && scope === widestScope(signal);
  }
}

function sumByDimensions({ signal, scope }: Rollup): string {
  return `sum by (${rollupDimensions(signal, scope).join(", ")})`;
}

function sumOverTime(series: string, window: string, ago: number): string {
  return `sum_over_time(${series}[${window}]${offsetBy(ago)})`;
}
