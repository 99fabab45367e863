import { remoteWriteMessage } from "../../../components/prometheus/config";
import { bytesField, tag, varint, wire } from "../../../synthetic/otlp/protobuf";

/** One sample of one series. */
export interface WrittenSample {
  /** With `__name__`. */
  readonly labels: Readonly<Record<string, string>>;
  readonly value: number;
  /** Milliseconds since 1970. */
  readonly timeMs: number;
}

/** A receiver's answer. */
export interface WriteAnswer {
  readonly status: number;
  readonly text: string;
  /** How many samples the receiver says it has stored. */
  readonly written: number;
}

/** Sends samples as the collector does: one request in version 2 of remote write, compressed by snappy. */
export async function remoteWrite(url: string, samples: readonly WrittenSample[]): Promise<WriteAnswer> {
  return postRemoteWrite(url, request(samples));
}

/** Sends a request's bytes, compressed by snappy. */
export async function postRemoteWrite(url: string, message: Buffer): Promise<WriteAnswer> {
  const response = await fetch(url, {
    method: "POST",
    headers: {
      "Content-Type": `application/x-protobuf;proto=${remoteWriteMessage}`,
      "Content-Encoding": "snappy",
      "X-Prometheus-Remote-Write-Version": "2.0.0",
    },
    body: snappy(message),
  });
  const written = Number(response.headers.get("X-Prometheus-Remote-Write-Samples-Written"));
  return { status: response.status, text: await response.text(), written };
}

/** `io.prometheus.write.v2.Request`: texts once, and series that refer to them. */
function request(samples: readonly WrittenSample[]): Buffer {
  // The first is the empty one, by its definition.
  const symbols = ["", ...new Set(samples.flatMap(({ labels }) => Object.entries(labels).flat()))];
  const reference = (text: string) => varint(BigInt(symbols.indexOf(text)));
  const series = samples.map(({ labels, value, timeMs }) => {
    const names = Object.keys(labels).sort();
    const labelReferences = names.flatMap((name) => [reference(name), reference(labels[name] ?? "")]);
    const number = Buffer.alloc(8);
    number.writeDoubleLE(value);
    const sample = Buffer.concat([tag(1, wire.fixed64), number, tag(2, wire.varint), varint(BigInt(timeMs))]);
    return Buffer.concat([bytesField(1, Buffer.concat(labelReferences)), bytesField(2, sample)]);
  });
  return Buffer.concat([
    ...symbols.map((text) => bytesField(4, Buffer.from(text))),
    ...series.map((each) => bytesField(5, each)),
  ]);
}

const longestLiteral = 60;

/** Snappy's block format, without compressing: a sequence of literals. */
function snappy(content: Buffer): Buffer {
  const parts = [varint(BigInt(content.length))];
  for (let start = 0; start < content.length; start += longestLiteral) {
    const literal = content.subarray(start, start + longestLiteral);
    parts.push(Buffer.from([(literal.length - 1) << 2]), literal);
  }
  return Buffer.concat(parts);
}
