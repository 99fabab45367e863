import { type Capture, captures, type Json, type Signal } from "./captures";
import { byteMutations, deeplyNested, jsonMutations, manyOf, protobufMutations } from "./encodings";
import { brokenEnvelopes, endlessEnvelopes, type Letter, oddEnvelopes, posted, type Written } from "./http-envelopes";
import { encode } from "../../../synthetic/otlp/protobuf";
import { Random } from "./random";
import { valueMutations } from "./values";

/** How a request must end. `either`: taken, or refused with a message. `closed`: with or without an answer. */
export type Expectation = "refused" | "either" | "closed";

/** Bytes for a connection, or a message for gRPC. */
export type FuzzRequest =
  | ({ readonly transport: "http" } & Written)
  | { readonly transport: "grpc"; readonly path: string; readonly message: Buffer };

/** One request. The same seed and number make the same, but for the time in it. */
export interface FuzzCase {
  readonly number: number;
  /** What is wrong with it. */
  readonly kind: string;
  readonly signal: Signal;
  readonly expected: Expectation;
  readonly request: FuzzRequest;
}

type Format = "json" | "protobuf" | "grpc";
type Body = Pick<FuzzCase, "kind" | "expected"> & { readonly body: Buffer };

const services = {
  metrics: "/opentelemetry.proto.collector.metrics.v1.MetricsService/Export",
  logs: "/opentelemetry.proto.collector.logs.v1.LogsService/Export",
  traces: "/opentelemetry.proto.collector.trace.v1.TraceService/Export",
} as const;
const nestedKeys = ["team", "model", "session.id", "user", "event.name", "unknown", "cost_usd"];

/** One case of so many is large, so that all together stay within a minute. */
const oneLargeOf = 60;
/** The first so many, so that their ends come before everybody's. */
const endlessCases = 25;

/** Makes the case of a number. */
export function fuzzCase(seed: number, number: number): FuzzCase {
  const random = new Random(seed, number);
  const capture = random.pick(captures());
  const { signal } = capture;
  const common = { number, signal };
  const format = random.pick<Format>(["json", "protobuf", "protobuf", "json", "grpc"]);
  if (number < endlessCases) {
    const [kind, make] = random.pick(Object.entries(endlessEnvelopes));
    return {
      ...common,
      kind,
      expected: "closed",
      request: { transport: "http", ...make(letter(signal, format, goodBody(capture, format))) },
    };
  }
  if (number % oneLargeOf === 0) {
    return { ...common, ...sent(largeBody(signal, format, random), signal, format) };
  }
  const chance = random.below(10);
  if (chance < 3 && format !== "grpc") {
    const broken = random.below(4) !== 0;
    const [kind, make] = random.pick(Object.entries(broken ? brokenEnvelopes : oddEnvelopes));
    const written = make(letter(signal, format, goodBody(capture, format)), random);
    return { ...common, kind, expected: broken ? "refused" : "either", request: { transport: "http", ...written } };
  }
  const body = chance < 6 ? brokenBody(capture, format, random) : oddValues(capture, format, random);
  return { ...common, ...sent(body, signal, format) };
}

function sent({ kind, expected, body }: Body, signal: Signal, format: Format): Omit<FuzzCase, "number" | "signal"> {
  const request: FuzzRequest =
    format === "grpc"
      ? { transport: "grpc", path: services[signal], message: body }
      : { transport: "http", ...posted(letter(signal, format, body)) };
  return { kind, expected, request };
}

function letter(signal: Signal, format: Format, body: Buffer): Letter {
  return { path: `/v1/${signal}`, type: format === "json" ? "application/json" : "application/x-protobuf", body };
}

/** Stands for the time in what is encoded once. */
const placeholder = 1_234_567_890_123_456_789n;
const encodedCaptures = new Map<string, Buffer>();

function goodBody({ signal, json }: Capture, format: Format): Buffer {
  if (format === "json") {
    return Buffer.from(atTime(json, `${Date.now()}000000`));
  }
  let encoded = encodedCaptures.get(json);
  if (encoded === undefined) {
    encoded = encode(signal, JSON.parse(atTime(json, String(placeholder))) as object);
    encodedCaptures.set(json, encoded);
  }
  const body = Buffer.from(encoded);
  const [from, to] = [placeholder, BigInt(Date.now()) * 1_000_000n].map((time) => {
    const bytes = Buffer.alloc(8);
    bytes.writeBigUInt64LE(time);
    return bytes;
  }) as [Buffer, Buffer];
  for (let at = body.indexOf(from); at >= 0; at = body.indexOf(from, at + 8)) {
    to.copy(body, at);
  }
  return body;
}

function atTime(json: string, time: string): string {
  return json.replace(/"\d{19}"/g, `"${time}"`);
}

function brokenBody(capture: Capture, format: Format, random: Random): Body {
  const { signal } = capture;
  const own = format === "json" ? jsonMutations : protobufMutations;
  const [kind, mutate] = random.pick([...Object.entries(own), ...Object.entries(byteMutations)]);
  return { kind, expected: "either", body: mutate(goodBody(capture, format), random, signal) };
}

function oddValues({ signal, json }: Capture, format: Format, random: Random): Body {
  const root = JSON.parse(atTime(json, `${Date.now()}000000`)) as Json;
  const [kind, mutate] = random.pick(Object.entries(valueMutations));
  mutate(root, random, signal);
  const body = format === "json" ? Buffer.from(JSON.stringify(root)) : encode(signal, root as object);
  return { kind, expected: "either", body };
}

const largeBodies = new Map<string, Buffer>();

function largeBody(signal: Signal, format: Format, random: Random): Body {
  const many = (what: "attributes" | "records", count: number): Buffer => {
    const name = [signal, format === "json", what, count].join();
    let body = largeBodies.get(name);
    if (body === undefined) {
      const value = manyOf(signal, what, count);
      body = format === "json" ? Buffer.from(JSON.stringify(value)) : encode(signal, value);
      largeBodies.set(name, body);
    }
    return body;
  };
  const nested = format === "json" ? "json" : "protobuf";
  switch (random.below(5)) {
    case 0:
    case 1: {
      const body = deeplyNested(signal, nested, random.pick(nestedKeys), 1000 * (1 + random.below(1000)));
      return { kind: "lists in lists", expected: "either", body };
    }
    case 2:
      return { kind: "100,000 attributes", expected: "refused", body: many("attributes", 100_000) };
    case 3:
      return { kind: "many attributes", expected: "either", body: many("attributes", 15_000) };
    default:
      return { kind: "many records", expected: "either", body: many("records", random.pick([5000, 50_000])) };
  }
}
