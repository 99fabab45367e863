import type { Expectation, TargetExpectation } from "./expectation";
import { grouped, type Groups, mapped, type Point, quotients, sums } from "./point";

/** How many values lie in each bucket and below it, by upper bound, the lowest first. */
function cumulative(points: readonly Point[]): [bound: number, count: number][] {
  const byBound = new Map<number, number>();
  for (const { labels, value } of points) {
    const bound = labels["le"] === "+Inf" ? Number.POSITIVE_INFINITY : Number(labels["le"]);
    byBound.set(bound, (byBound.get(bound) ?? 0) + value);
  }
  return [...byBound].sort(([a], [b]) => a - b);
}

/**
 * The value that a share of all values does not exceed, if those of a bucket are spread evenly from its lower bound, or
 * 0, to its upper. The last bucket has no upper bound: its lower one is taken.
 */
function shareBelow(share: number, points: readonly Point[]): number {
  const buckets = cumulative(points);
  const wanted = share * (buckets.at(-1)?.[1] ?? 0);
  let [lower, below] = [0, 0];
  for (const [upper, count] of buckets) {
    if (count >= wanted) {
      return upper === Number.POSITIVE_INFINITY
        ? lower
        : lower + ((upper - lower) * (wanted - below)) / (count - below);
    }
    [lower, below] = [upper, count];
  }
  throw new Error("a bucket without an upper bound is missing");
}

/** A quantile of all values of the window. */
function quantile(share: number, metric: string, by: readonly string[]): Expectation {
  return (view) => mapped(grouped(view.points(`${metric}_bucket`), by), (points) => shareBelow(share, points));
}

/** All values of the window for how many there are. */
function mean(metric: string, by: readonly string[]): Expectation {
  return (view) => quotients(sums(view.points(`${metric}_sum`), by), sums(view.points(`${metric}_count`), by));
}

/** The common mistake: teams' means or quantiles are averaged. */
function averaged(by: readonly string[]): (expr: string) => string {
  return (expr) => {
    const kept = by.length === 0 ? "" : ` by (${by.join(", ")})`;
    const byTeam = expr.replaceAll(/\bsum(?: by \(([^)]*)\) )?\(/g, (_, labels: string | undefined) => {
      return `sum by (${labels === undefined ? "team" : `${labels}, team`}) (`;
    });
    return `avg${kept} (${byTeam})`;
  };
}

/** A panel's mean, and how it is commonly got wrong. */
export function meanOf({ prometheus }: { readonly prometheus: string }, by: readonly string[] = []): TargetExpectation {
  return { right: mean(prometheus, by), wrong: averaged(by) };
}

/** A panel's quantile, and how it is commonly got wrong. */
export function quantileOf(
  share: number,
  { prometheus }: { readonly prometheus: string },
  by: readonly string[] = [],
): TargetExpectation {
  return { right: quantile(share, prometheus, by), wrong: averaged(by) };
}

/** A part for a whole: zero where there is a whole and no part. */
export function shares(parts: Groups, wholes: Groups): Groups {
  return quotients(new Map([...wholes].map(([key]) => [key, parts.get(key) ?? 0])), wholes);
}
