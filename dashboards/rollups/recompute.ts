import { type Level, levels, rollupNames } from "./levels";
import { everyRollup, missingFrom } from "./rules";
import { rollupName } from "../telemetry";

/** A recorded series to compute again, as a range query whose instants are the roll-up's. */
export interface Recomputation {
  readonly record: string;
  readonly expr: string;
  readonly stepSeconds: number;
  readonly labels: Readonly<Record<string, string>>;
}

/** One series of a range query's answer: time in seconds, value as text. */
export interface RangeSeries {
  readonly metric: Readonly<Record<string, string>>;
  readonly values: readonly (readonly [number, string])[];
}

/**
 * What must be asked to fill a span's roll-ups from raw samples. Only what they lack is answered, so that running it
 * again adds nothing.
 *
 * @param pass names the run: two runs must not write the same series
 */
export function recomputations(pass: string): Recomputation[] {
  return Object.values<Level>(levels).flatMap((level) => {
    const { stepSeconds } = level;
    const labels = { [rollupNames.step]: level.step, [rollupNames.pass]: pass };
    const evaluated = `${rollupNames.evaluated}{${rollupNames.step}="${level.step}",${rollupNames.lag}=""}`;
    return [
      ...everyRollup.map(({ signal, scope }) => ({
        record: rollupName(signal, scope),
        expr: missingFrom(signal, scope, level, 0, [0, ...level.lags]),
        stepSeconds,
        labels,
      })),
      { record: rollupNames.evaluated, expr: `vector(1) unless on () ${evaluated}`, stepSeconds, labels },
    ];
  });
}

/** The first instant of a roll-up at or after a time, in seconds since 1970. */
export function firstInstant(stepSeconds: number, seconds: number): number {
  return Math.ceil(seconds / stepSeconds) * stepSeconds;
}

/** An answer as samples in the OpenMetrics format, without its end mark, for `promtool tsdb create-blocks-from`. */
export function openMetricsLines({ record, labels }: Recomputation, answer: readonly RangeSeries[]): string {
  const lines = answer.flatMap(({ metric, values }) => {
    const own = Object.fromEntries(Object.entries(metric).filter(([name]) => name !== "__name__"));
    const series = `${record}{${labelText({ ...own, ...labels })}}`;
    return values.map(([time, value]) => `${series} ${value} ${time}\n`);
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
