/** A metric, in the spellings of both sides. */
export interface Metric {
  /** Name in OpenTelemetry's spelling. */
  readonly name: string;
  /** Unit in UCUM, as OpenTelemetry wants it, or as clients state it; empty for counts. Prometheus' name holds it. */
  readonly unit: string;
  /**
   * Name that Prometheus' OTLP receiver makes of it (default translation strategy); of a histogram without `_bucket`,
   * `_sum`, `_count`.
   */
  readonly prometheus: string;
}

/** First part of the Prometheus names of everything that clients report and that is made of their events. */
export const metricPrefix = "claude_code_";
