/** A field: its number, its type, and whether it may occur more than once. Types that are no scalar name a message. */
type Field = readonly [number: number, type: string, repeated?: "repeated"];

/** Messages of opentelemetry/proto, as far as clients and the doctor send them. Those of exports are named by signal. */
export const schema: Readonly<Record<string, Readonly<Record<string, Field>>>> = {
  metrics: { resourceMetrics: [1, "ResourceMetrics", "repeated"] },
  logs: { resourceLogs: [1, "ResourceLogs", "repeated"] },
  traces: { resourceSpans: [1, "ResourceSpans", "repeated"] },
  ResourceMetrics: { resource: [1, "Resource"], scopeMetrics: [2, "ScopeMetrics", "repeated"] },
  ResourceLogs: { resource: [1, "Resource"], scopeLogs: [2, "ScopeLogs", "repeated"] },
  ResourceSpans: { resource: [1, "Resource"], scopeSpans: [2, "ScopeSpans", "repeated"] },
  Resource: { attributes: [1, "KeyValue", "repeated"], droppedAttributesCount: [2, "varint"] },
  ScopeMetrics: { scope: [1, "Scope"], metrics: [2, "Metric", "repeated"] },
  ScopeLogs: { scope: [1, "Scope"], logRecords: [2, "LogRecord", "repeated"] },
  ScopeSpans: { scope: [1, "Scope"], spans: [2, "Span", "repeated"] },
  Scope: { name: [1, "string"], version: [2, "string"], attributes: [3, "KeyValue", "repeated"] },
  KeyValue: { key: [1, "string"], value: [2, "AnyValue"] },
  AnyValue: {
    stringValue: [1, "string"],
    boolValue: [2, "varint"],
    intValue: [3, "varint"],
    doubleValue: [4, "double"],
    arrayValue: [5, "ArrayValue"],
    kvlistValue: [6, "KeyValueList"],
    bytesValue: [7, "base64"],
  },
  ArrayValue: { values: [1, "AnyValue", "repeated"] },
  KeyValueList: { values: [1, "KeyValue", "repeated"] },
  Metric: {
    name: [1, "string"],
    description: [2, "string"],
    unit: [3, "string"],
    gauge: [5, "Gauge"],
    sum: [7, "Sum"],
    histogram: [9, "Histogram"],
  },
  Gauge: { dataPoints: [1, "NumberDataPoint", "repeated"] },
  Sum: {
    dataPoints: [1, "NumberDataPoint", "repeated"],
    aggregationTemporality: [2, "varint"],
    isMonotonic: [3, "varint"],
  },
  Histogram: { dataPoints: [1, "HistogramDataPoint", "repeated"], aggregationTemporality: [2, "varint"] },
  NumberDataPoint: {
    startTimeUnixNano: [2, "fixed64"],
    timeUnixNano: [3, "fixed64"],
    asDouble: [4, "double"],
    asInt: [6, "fixed64"],
    attributes: [7, "KeyValue", "repeated"],
    flags: [8, "varint"],
  },
  HistogramDataPoint: {
    startTimeUnixNano: [2, "fixed64"],
    timeUnixNano: [3, "fixed64"],
    count: [4, "fixed64"],
    sum: [5, "double"],
    bucketCounts: [6, "fixed64", "repeated"],
    explicitBounds: [7, "double", "repeated"],
    attributes: [9, "KeyValue", "repeated"],
  },
  LogRecord: {
    timeUnixNano: [1, "fixed64"],
    severityNumber: [2, "varint"],
    severityText: [3, "string"],
    body: [5, "AnyValue"],
    attributes: [6, "KeyValue", "repeated"],
    droppedAttributesCount: [7, "varint"],
    flags: [8, "fixed32"],
    traceId: [9, "hex"],
    spanId: [10, "hex"],
    observedTimeUnixNano: [11, "fixed64"],
    eventName: [12, "string"],
  },
  Span: {
    traceId: [1, "hex"],
    spanId: [2, "hex"],
    traceState: [3, "string"],
    parentSpanId: [4, "hex"],
    name: [5, "string"],
    kind: [6, "varint"],
    startTimeUnixNano: [7, "fixed64"],
    endTimeUnixNano: [8, "fixed64"],
    attributes: [9, "KeyValue", "repeated"],
    droppedAttributesCount: [10, "varint"],
    events: [11, "SpanEvent", "repeated"],
    droppedEventsCount: [12, "varint"],
    droppedLinksCount: [14, "varint"],
    status: [15, "Status"],
    flags: [16, "fixed32"],
  },
  SpanEvent: {
    timeUnixNano: [1, "fixed64"],
    name: [2, "string"],
    attributes: [3, "KeyValue", "repeated"],
    droppedAttributesCount: [4, "varint"],
  },
  Status: { message: [2, "string"], code: [3, "varint"] },
};

/** Protobuf's wire types. */
export const wire = { varint: 0, fixed64: 1, bytes: 2, fixed32: 5 } as const;

/**
 * Returns the protobuf encoding of a message of OTLP/JSON.
 *
 * @param message name in {@link schema}; of an export, its signal
 * @throws Error for a field that is not in the schema, so that no export is sent half by mistake
 */
export function encode(message: string, value: object): Buffer {
  const fields = schema[message] ?? {};
  const parts = Object.entries(value).flatMap(([name, content]) => {
    const field = fields[name];
    // The client's JSON has them; they say nothing, and protobuf leaves them out.
    if (content === undefined || (Array.isArray(content) && content.length === 0 && field === undefined)) {
      return [];
    }
    if (field === undefined) {
      throw new Error(`${message} has no field ${name} here`);
    }
    const [number, type, repeated] = field;
    const list: readonly unknown[] = repeated === undefined ? [content] : (content as readonly unknown[]);
    return list.map((item) => encodeField(number, type, item));
  });
  return Buffer.concat(parts);
}

function encodeField(number: number, type: string, value: unknown): Buffer {
  switch (type) {
    case "string":
      return bytesField(number, Buffer.from(value as string, "utf8"));
    case "base64":
      return bytesField(number, Buffer.from(value as string, "base64"));
    case "hex":
      return bytesField(number, Buffer.from(value as string, "hex"));
    case "varint":
      return Buffer.concat([tag(number, wire.varint), varint(BigInt(value as number | string | boolean))]);
    case "fixed32": {
      const content = Buffer.alloc(4);
      content.writeUInt32LE(Number(value) >>> 0);
      return Buffer.concat([tag(number, wire.fixed32), content]);
    }
    case "fixed64": {
      const content = Buffer.alloc(8);
      content.writeBigUInt64LE(BigInt.asUintN(64, BigInt(value as number | string)));
      return Buffer.concat([tag(number, wire.fixed64), content]);
    }
    case "double": {
      const content = Buffer.alloc(8);
      content.writeDoubleLE(Number(value));
      return Buffer.concat([tag(number, wire.fixed64), content]);
    }
    default:
      return bytesField(number, encode(type, value as object));
  }
}

/** A field whose content comes with its length. */
export function bytesField(number: number, content: Buffer): Buffer {
  return Buffer.concat([tag(number, wire.bytes), varint(BigInt(content.length)), content]);
}

/** The tag that begins a field. */
export function tag(number: number, wireType: number): Buffer {
  return varint(BigInt(number * 8 + wireType));
}

const small = Array.from({ length: 128 }, (_, value) => Buffer.from([value]));

/** Seven bits a byte, the lowest first. */
export function varint(value: bigint): Buffer {
  const known = small[Number(value)];
  if (known !== undefined) {
    return known;
  }
  const bytes: number[] = [];
  let rest = BigInt.asUintN(64, value);
  while (rest > 0x7fn) {
    bytes.push(Number(rest & 0x7fn) | 0x80);
    rest >>= 7n;
  }
  return Buffer.from([...bytes, Number(rest)]);
}
