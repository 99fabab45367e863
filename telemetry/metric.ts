/** Units as clients state them or UCUM spells them, and as Prometheus ends names with them; counts have none. */
const units = { "": "", USD: "USD", tokens: "tokens", s: "seconds", By: "bytes" } as const;

/** Unit of a metric. */
export type Unit = keyof typeof units;

/** A metric, in the spellings of both sides. */
export interface Metric {
  /** Name in OpenTelemetry's spelling. */
  readonly name: string;
  readonly unit: Unit;
  /** Name that Prometheus makes of it; of a histogram without `_bucket`, `_sum`, `_count`. */
  readonly prometheus: string;
}

/** First part of the Prometheus names of everything that clients report and that is made of their events. */
export const metricPrefix = "claude_code_";

/** A metric in both spellings. Prometheus' OTLP receiver ends a name with the unit (default translation strategy). */
export function metric(name: string, unit: Unit, ending = ""): Metric {
  const words = name.split(".").filter((word) => word !== units[unit] && word !== ending);
  const prometheus = [...words, units[unit], ending].filter((word) => word !== "").join("_");
  return { name, unit, prometheus };
}

/** A metric that only grows: its name in Prometheus ends with `total`. */
export function counter(name: string, unit: Unit = ""): Metric {
  return metric(name, unit, "total");
}
