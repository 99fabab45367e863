/** One raw sample: what a client reported in one export. */
export interface Point {
  readonly metric: string;
  readonly labels: Readonly<Record<string, string>>;
  /** Milliseconds since 1970. */
  readonly timeMs: number;
  readonly value: number;
}

/** Points by metric, in the order of their times: a history is long, and of windows there are many. */
export class PointIndex {
  private readonly ofMetric = new Map<string, Point[]>();

  constructor(points: readonly Point[]) {
    for (const point of [...points].sort((a, b) => a.timeMs - b.timeMs)) {
      const list = this.ofMetric.get(point.metric) ?? [];
      list.push(point);
      this.ofMetric.set(point.metric, list);
    }
  }

  /** A metric's points after the one instant, up to and with the other. */
  between(metric: string, afterMs: number, untilMs: number): Point[] {
    const points = this.ofMetric.get(metric) ?? [];
    return points.slice(countUntil(points, afterMs), countUntil(points, untilMs));
  }
}

/** How many points, in the order of their times, lie at or before an instant. */
function countUntil(points: readonly Point[], timeMs: number): number {
  let [low, high] = [0, points.length];
  while (low < high) {
    const middle = Math.floor((low + high) / 2);
    if ((points[middle]?.timeMs ?? 0) <= timeMs) {
      low = middle + 1;
    } else {
      high = middle;
    }
  }
  return low;
}

/** Amounts by group. A group is the text of its non-empty labels, names in order; `{}` has none. */
export type Groups = ReadonlyMap<string, number>;

/** The key of a group. */
export function groupKey(labels: Readonly<Record<string, string | undefined>>): string {
  const entries = Object.entries(labels).filter(([name, value]) => name !== "__name__" && value);
  return JSON.stringify(Object.fromEntries(entries.sort(([a], [b]) => (a < b ? -1 : 1))));
}

/** Points by the given labels. */
export function grouped(points: readonly Point[], by: readonly string[]): Map<string, Point[]> {
  const groups = new Map<string, Point[]>();
  for (const point of points) {
    const key = groupKey(Object.fromEntries(by.map((label) => [label, point.labels[label]])));
    const group = groups.get(key);
    if (group === undefined) {
      groups.set(key, [point]);
    } else {
      group.push(point);
    }
  }
  return groups;
}

/** Sums of points by the given labels; no group without a point. */
export function sums(points: readonly Point[], by: readonly string[] = []): Map<string, number> {
  return mapped(grouped(points, by), (group) => group.reduce((sum, { value }) => sum + value, 0));
}

/** Every group's value changed. */
export function mapped<From, To>(groups: ReadonlyMap<string, From>, change: (value: From, key: string) => To) {
  return new Map([...groups].map(([key, value]) => [key, change(value, key)]));
}

/** One number without labels. */
export function single(value: number | undefined): Groups {
  return value === undefined ? new Map<string, number>() : new Map([["{}", value]]);
}

/** One amount for another, group by group; a group is left out where the other has none or zero. */
export function quotients(numerators: Groups, denominators: Groups): Groups {
  return new Map(
    [...numerators].flatMap(([key, value]) => {
      const denominator = denominators.get(key) ?? 0;
      return denominator > 0 ? [[key, value / denominator] as const] : [];
    }),
  );
}
