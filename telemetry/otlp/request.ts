/** Attributes by name. Whole numbers become OTLP's `intValue`, all others its `doubleValue`. */
export type Attributes = Readonly<Record<string, string | boolean | number>>;

/** The sender of an export. */
export interface Origin {
  /** Attributes of the resource. Default: none. */
  readonly resource?: Attributes;
  readonly scope: { readonly name: string; readonly version?: string };
}

/** One data point of a sum. Times are milliseconds since 1970. */
export interface Point {
  readonly attributes: Attributes;
  readonly startMs: number;
  readonly timeMs: number;
  readonly value: number;
}

const aggregationTemporality = { delta: 1, cumulative: 2 } as const;

/** A monotonic sum. */
export interface Sum {
  readonly name: string;
  /** Default: none. */
  readonly description?: string;
  /** Default: none. */
  readonly unit?: string;
  /** Default: `delta`. */
  readonly temporality?: keyof typeof aggregationTemporality;
  readonly points: readonly Point[];
}

/** One event. */
export interface LogRecord {
  /** Milliseconds since 1970. */
  readonly timeMs: number;
  /** The event's line. */
  readonly body: string;
  readonly attributes: Attributes;
}

/** Returns the message of a metrics export: its text in JSON is OTLP/JSON. */
export function metricsRequest({ resource, scope }: Origin, sums: readonly Sum[]): object {
  const metrics = sums.map(({ name, description, unit, temporality = "delta", points }) => ({
    name,
    description,
    unit,
    sum: {
      aggregationTemporality: aggregationTemporality[temporality],
      isMonotonic: true,
      dataPoints: points.map(({ attributes, startMs, timeMs, value }) => ({
        attributes: keyValues(attributes),
        startTimeUnixNano: unixNano(startMs),
        timeUnixNano: unixNano(timeMs),
        asDouble: value,
      })),
    },
  }));
  return { resourceMetrics: [{ resource: resourceOf(resource), scopeMetrics: [{ scope, metrics }] }] };
}

/** Returns the message of an events export: its text in JSON is OTLP/JSON. */
export function logsRequest({ resource, scope }: Origin, records: readonly LogRecord[]): object {
  const logRecords = records.map(({ timeMs, body, attributes }) => ({
    timeUnixNano: unixNano(timeMs),
    body: { stringValue: body },
    attributes: keyValues(attributes),
  }));
  return { resourceLogs: [{ resource: resourceOf(resource), scopeLogs: [{ scope, logRecords }] }] };
}

/** Returns attributes as OTLP lists them. */
export function keyValues(attributes: Attributes): { readonly key: string; readonly value: Attributes }[] {
  return Object.entries(attributes).map(([key, value]) => ({ key, value: { [valueField(value)]: value } }));
}

function valueField(value: Attributes[string]): string {
  if (typeof value === "number") {
    return Number.isInteger(value) ? "intValue" : "doubleValue";
  }
  return typeof value === "boolean" ? "boolValue" : "stringValue";
}

/** Returns nanoseconds since 1970, as text: they exceed what a number holds exactly. */
export function unixNano(milliseconds: number): string {
  return `${Math.round(milliseconds)}000000`;
}

function resourceOf(attributes: Attributes = {}): object {
  return { attributes: keyValues(attributes), droppedAttributesCount: 0 };
}
