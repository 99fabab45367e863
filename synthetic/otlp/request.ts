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

/** A measured value at its time, in milliseconds since 1970. */
export interface Gauge {
  readonly name: string;
  /** Default: none. */
  readonly unit?: string;
  readonly points: readonly Omit<Point, "startMs">[];
}

/** One event. */
export interface LogRecord {
  /** Milliseconds since 1970. */
  readonly timeMs: number;
  /** The event's line. */
  readonly body: string;
  readonly attributes: Attributes;
}

/** One span. Times are milliseconds since 1970; ids are hexadecimal digits, 32 and 16 of them. */
export interface Span {
  readonly name: string;
  readonly traceId: string;
  readonly spanId: string;
  /** Undefined for the root. */
  readonly parentSpanId: string | undefined;
  readonly startMs: number;
  readonly endMs: number;
  readonly failed: boolean;
  readonly attributes: Attributes;
}

/** OTLP's `SPAN_KIND_INTERNAL`, the kind of all spans of the client. */
const internalSpan = 1;
const spanStatus = { unset: 0, error: 2 } as const;

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

/** Returns the message of a metrics export of gauges: its text in JSON is OTLP/JSON. */
export function gaugesRequest({ resource, scope }: Origin, gauges: readonly Gauge[]): object {
  const metrics = gauges.map(({ name, unit, points }) => ({
    name,
    unit,
    gauge: {
      dataPoints: points.map(({ attributes, timeMs, value }) => ({
        attributes: keyValues(attributes),
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

/** Returns the message of a traces export: its text in JSON is OTLP/JSON. */
export function tracesRequest({ resource, scope }: Origin, list: readonly Span[]): object {
  const spans = list.map(({ name, traceId, spanId, parentSpanId, startMs, endMs, failed, attributes }) => ({
    traceId,
    spanId,
    parentSpanId,
    name,
    kind: internalSpan,
    startTimeUnixNano: unixNano(startMs),
    endTimeUnixNano: unixNano(endMs),
    attributes: keyValues(attributes),
    status: { code: failed ? spanStatus.error : spanStatus.unset },
  }));
  return { resourceSpans: [{ resource: resourceOf(resource), scopeSpans: [{ scope, spans }] }] };
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
