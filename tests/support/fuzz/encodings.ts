import type { Signal } from "./captures";
import { bytesField, encode, tag, varint, wire } from "../../../synthetic/otlp/protobuf";
import { boundaries } from "./boundaries";
import type { Random } from "./random";

/** Bodies that are broken, or that only look harmless. */
type BodyMutation = (body: Buffer, random: Random, signal: Signal) => Buffer;

const hugeLengths = [2n ** 31n - 1n, 2n ** 31n, 2n ** 32n, 2n ** 63n - 1n, 2n ** 63n, 2n ** 64n - 1n];

const replaced = (body: Buffer, from: number, to: number, by: Buffer): Buffer =>
  Buffer.concat([body.subarray(0, from), by, body.subarray(to)]);

/** Of protobuf. */
export const protobufMutations: Readonly<Record<string, BodyMutation>> = {
  "cut off at a boundary": (body, random, signal) => {
    const kind = random.pick(["tag", "length", "value"] as const);
    const offsets = boundaries(signal, body).filter((boundary) => boundary.kind === kind);
    return body.subarray(0, random.pick(offsets).offset);
  },
  "a length that lies": (body, random, signal) => {
    const lengths = boundaries(signal, body).filter(({ kind }) => kind === "length");
    const { offset } = random.pick(lengths);
    const lie = random.below(2) === 0 ? random.pick(hugeLengths) : BigInt(random.below(body.length * 2));
    return replaced(body, offset, offset + 1, varint(lie));
  },
  "a number without end": (body, random, signal) => {
    const { offset } = random.pick(boundaries(signal, body));
    return replaced(body, offset, offset + 1, Buffer.alloc(11 + random.below(50), 0xff));
  },
  "another wire type": (body, random, signal) => {
    const { offset } = random.pick(boundaries(signal, body).filter(({ kind }) => kind === "tag"));
    return replaced(body, offset, offset + 1, Buffer.from([((body[offset] ?? 0) & ~7) | random.below(8)]));
  },
  "unknown fields": (body, random) =>
    Buffer.concat([bytesField(1000 + random.below(1e6), random.bytes(20)), body, tag(0, wire.varint), varint(1n)]),
  "invalid UTF-8": (body, random) => withTexts(body, random, [0xff, 0xfe, 0xc0, 0xed, 0x80]),
  "NUL in texts": (body, random) => withTexts(body, random, [0]),
};

/** Of JSON. */
export const jsonMutations: Readonly<Record<string, BodyMutation>> = {
  "a type that is another": (body, random) => {
    const text = body.toString("latin1");
    const places = [...text.matchAll(/:("[^"]*"|\d+|\[|\{)/g)];
    const { index, 0: found } = random.pick(places);
    const by = random.pick([":null", ":true", ":[]", ":{}", ':"x"', ":1e999", ":-", ":18446744073709551616", ":"]);
    return Buffer.from(text.slice(0, index) + by + text.slice(index + found.length), "latin1");
  },
  "more after the end": (body, random) => Buffer.concat([body, Buffer.from(random.pick(["}", "{}", "x", "\0", ",1"]))]),
  "a byte order mark": (body) => Buffer.concat([Buffer.from("efbbbf", "hex"), body]),
  "another encoding": (body) => Buffer.from(body.toString("utf8"), "utf16le"),
  "lone surrogates": (body, random) =>
    Buffer.from(
      body.toString("utf8").replaceAll('Value":"', `Value":"${random.pick(["\\ud800", "\\udfff", "\\u0000"])}`),
    ),
  "invalid UTF-8": (body, random) => withTexts(body, random, [0xff, 0xfe, 0xc0, 0xed, 0x80]),
};

/** Of anything. */
export const byteMutations: Readonly<Record<string, BodyMutation>> = {
  "flipped bits": (body, random) => {
    const flipped = Buffer.from(body);
    for (let count = 1 + random.below(8); count > 0; count--) {
      const offset = random.below(flipped.length);
      flipped[offset] = (flipped[offset] ?? 0) ^ (1 << random.below(8));
    }
    return flipped;
  },
  "cut off anywhere": (body, random) => body.subarray(0, random.below(body.length)),
  "a part taken out": (body, random) => {
    const from = random.below(body.length);
    return replaced(body, from, from + 1 + random.below(40), Buffer.alloc(0));
  },
  "a part doubled": (body, random) => {
    const from = random.below(body.length);
    return replaced(body, from, from, body.subarray(from, from + 1 + random.below(200)));
  },
  noise: (_, random) => random.bytes(1 + random.below(2000)),
};

function withTexts(body: Buffer, random: Random, bytes: readonly number[]): Buffer {
  const broken = Buffer.from(body);
  for (const text of ["firstParty", "claude-", "xterm", "taipei", "core", "dev1"]) {
    for (let at = broken.indexOf(text); at >= 0; at = broken.indexOf(text, at + 1)) {
      broken[at + random.below(text.length)] = random.pick(bytes);
    }
  }
  return broken;
}

/** An export of one record whose attribute holds lists in lists, as deep as the size allows. */
export function deeplyNested(signal: Signal, format: "json" | "protobuf", key: string, bytes: number): Buffer {
  const time = `${Date.now()}000000`;
  if (format === "json") {
    const depth = Math.floor(bytes / 27);
    const value = `${'{"arrayValue":{"values":['.repeat(depth)}{"intValue":1}${"]}}".repeat(depth)}`;
    const body = JSON.stringify(skeleton(signal, time, [{ key, value: { stringValue: "HERE" } }]));
    return Buffer.from(body.replace('{"stringValue":"HERE"}', value));
  }
  const heads: Buffer[] = [];
  let length = 2;
  while (length < bytes) {
    for (const number of [1, 5]) {
      const head = Buffer.concat([tag(number, wire.bytes), varint(BigInt(length))]);
      heads.push(head);
      length += head.length;
    }
  }
  const value = Buffer.concat([...heads.reverse(), tag(3, wire.varint), varint(1n)]);
  // Long values' lengths are known last, so the record is put together from the inside.
  const attribute = Buffer.concat([bytesField(1, Buffer.from(key)), bytesField(2, value)]);
  const [message, number] = ({ metrics: ["NumberDataPoint", 7], logs: ["LogRecord", 6], traces: ["Span", 9] } as const)[
    signal
  ];
  const record = Buffer.concat([encode(message, recordOf(signal, time)), bytesField(number, attribute)]);
  const inner =
    signal === "metrics"
      ? Buffer.concat([
          bytesField(1, Buffer.from("claude_code.cost.usage")),
          bytesField(
            7,
            Buffer.concat([bytesField(1, record), encode("Sum", { aggregationTemporality: 1, isMonotonic: 1 })]),
          ),
        ])
      : record;
  return bytesField(1, bytesField(2, bytesField(2, inner)));
}

/** An export whose one record has many attributes, or which has many records. */
export function manyOf(signal: Signal, what: "attributes" | "records", count: number): object {
  const time = `${Date.now()}000000`;
  const attribute = (index: number) => ({ key: `key.${index}`, value: { intValue: index } });
  const one = (index: number) => ({ key: "session.id", value: { stringValue: `fuzz-${index}` } });
  const indexes = [...Array(count).keys()];
  return what === "attributes"
    ? skeleton(signal, time, indexes.map(attribute))
    : skeleton(signal, time, [], (record) => indexes.map((index) => ({ ...record, attributes: [one(index)] })));
}

function recordOf(signal: Signal, time: string): object {
  switch (signal) {
    case "metrics":
      return { startTimeUnixNano: time, timeUnixNano: time, asDouble: 1e-6 };
    case "logs":
      return { timeUnixNano: time, eventName: "x" };
    case "traces":
      return { traceId: "0".repeat(31) + "1", spanId: "0".repeat(15) + "1", name: "x", startTimeUnixNano: time };
  }
}

function skeleton(
  signal: Signal,
  time: string,
  attributes: readonly object[],
  records: (record: object) => object[] = (record) => [record],
): object {
  const list = records({ ...recordOf(signal, time), attributes });
  switch (signal) {
    case "metrics": {
      const sum = { aggregationTemporality: 1, isMonotonic: true, dataPoints: list };
      return { resourceMetrics: [{ scopeMetrics: [{ metrics: [{ name: "claude_code.cost.usage", sum }] }] }] };
    }
    case "logs":
      return { resourceLogs: [{ scopeLogs: [{ logRecords: list }] }] };
    case "traces":
      return { resourceSpans: [{ scopeSpans: [{ spans: list }] }] };
  }
}
