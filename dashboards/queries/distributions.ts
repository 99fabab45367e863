import { labels } from "../../telemetry/labels";
import { type Distribution } from "../signals";
import { amount, type AmountOptions, amountPer, ratio, trend, type TrendOptions, type Window } from "./amount";

/**
 * The value that a share of all values does not exceed, estimated from how many fell into each bucket: evenly spread
 * within one. Buckets of windows, collectors and teams add up; quantiles do not, so they come last.
 *
 * @param share e.g. 0.95
 * @param buckets amounts by {@link labels.bucket}, each with all below it
 */
export function quantile(share: number, buckets: string): string {
  return `histogram_quantile(${share}, ${buckets})`;
}

function withBuckets<Options extends AmountOptions>(options: Options): Options {
  return { ...options, by: [labels.bucket, ...(options.by ?? [])] };
}

/** A quantile of all values of a window, by the first label of the distribution at most. */
export function quantileOf(
  share: number,
  { bucket }: Distribution,
  window: Window,
  options: AmountOptions = {},
): string {
  return quantile(share, amount(bucket, window, withBuckets(options)));
}

/** The same of each interval. */
export function quantileTrend(share: number, { bucket }: Distribution, options: TrendOptions = {}): string {
  return quantile(share, trend(bucket, withBuckets(options)));
}

/** The mean of all values of a window. */
export function meanOf({ sum, count }: Distribution, window: Window, options: AmountOptions = {}): string {
  return amountPer(sum, count, window, options);
}

/** The same of each interval. */
export function meanTrend({ sum, count }: Distribution, options: TrendOptions = {}): string {
  return ratio(trend(sum, options), trend(count, options));
}
