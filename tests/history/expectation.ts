import type { Groups, Point } from "./point";
import { sums } from "./point";
import type { View } from "./view";

/** What a query should answer, worked out from the points alone. */
export type Expectation = (view: View) => Groups;

/** What is expected of one target, and how the query is commonly got wrong. */
export interface TargetExpectation {
  readonly right: Expectation;
  /** The common mistake, as a change of the query. Default: `increase` of deltas, as if they were running totals. */
  readonly wrong?: (expr: string) => string;
  /** Filters of the dashboard that the query does not obey, as its description says. */
  readonly ignores?: readonly string[];
  /** Panels of the current day or month: how long ago that began, in seconds. */
  readonly sinceSeconds?: number;
}

/** Sums of a metric's points, by labels. */
export function sumOf(
  metric: string,
  by: readonly string[] = [],
  keep: (point: Point) => boolean = () => true,
): Expectation {
  return (view) => sums(view.points(metric).filter(keep), by);
}

/** Keeps points whose label has one of the values. */
export function having(label: string, ...values: readonly string[]): (point: Point) => boolean {
  return (point) => values.includes(point.labels[label] ?? "");
}

/** The common mistake for sums of deltas: Prometheus' functions for running totals. */
export function asRunningTotals(expr: string): string {
  return expr.replaceAll(/sum_over_time\((?=(?:\$\{\w+\})?[\w:]*[{[])/g, "increase(");
}
