import { rollupName } from "../../dashboards/signals";
import { type Level, levels, rollupNames, type Timing, timing as stackTiming } from "../../dashboards/rollups/levels";
import { derivedRollups, Passes, primaryRollups, type Rollup } from "../../dashboards/rollups/passes";

/** A recorded series to compute again, as a range query whose instants are the roll-up's. */
export interface Recomputation {
  readonly record: string;
  readonly expr: string;
  readonly level: Level;
  readonly labels: Readonly<Record<string, string>>;
}

/** One series of a range query's answer: time in seconds, value as text. */
export interface RangeSeries {
  readonly metric: Readonly<Record<string, string>>;
  readonly values: readonly (readonly [number, string])[];
}

/**
 * Queries that fill the roll-ups of a span. They find amounts of raw samples, or of the first round's roll-ups, that no
 * pass has booked. Running it again adds nothing. The second round reads what the first has added.
 *
 * @param pass names the run: two runs must not write the same series
 */
export function recomputations(pass: string, timing: Timing = stackTiming): readonly (readonly Recomputation[])[] {
  const passes = new Passes(timing);
  const task = (rollup: Rollup): Recomputation => ({
    record: rollupName(rollup.signal, rollup.scope),
    expr: passes.unbooked(rollup),
    level: rollup.level,
    labels: { [rollupNames.step]: rollup.level.step, [rollupNames.pass]: pass },
  });
  return [primaryRollups(timing).map(task), derivedRollups(timing).map(task)];
}

/** Seconds from the end of a window until it is complete but for late data. */
export const youngestWindow = new Passes(stackTiming).newestFor;

/** The first end of a level's window at or after a time, in seconds since 1970. */
export function firstWindowEnd(level: Level, seconds: number): number {
  // A coarse window ends five minutes before the full hour.
  const shift = level === levels["1h"] ? levels["5m"].stepSeconds : 0;
  return Math.ceil((seconds + shift) / level.stepSeconds) * level.stepSeconds - shift;
}

/**
 * An answer as samples in the OpenMetrics format, without its end mark, for `promtool tsdb create-blocks-from`.
 *
 * @param after by how much later than the answer's times the samples are written, in seconds
 */
export function openMetricsLines(
  { record, labels }: Pick<Recomputation, "record" | "labels">,
  answer: readonly RangeSeries[],
  after = 0,
): string {
  const lines = answer.flatMap(({ metric, values }) => {
    const own = Object.fromEntries(Object.entries(metric).filter(([name]) => name !== "__name__"));
    const series = `${record}{${labelText({ ...own, ...labels })}}`;
    return values.map(([time, value]) => `${series} ${value} ${time + after}\n`);
  });
  return lines.join("");
}

/** Label pairs as Prometheus' text formats write them. */
export function labelText(labels: Readonly<Record<string, string>>): string {
  return Object.entries(labels)
    .map(([name, value]) => `${name}="${escaped(value)}"`)
    .join(",");
}

function escaped(value: string): string {
  return value.replaceAll("\\", "\\\\").replaceAll('"', '\\"').replaceAll("\n", "\\n");
}
