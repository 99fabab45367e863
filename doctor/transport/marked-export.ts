import { doctorIdAttribute, doctorMetric } from "../../telemetry/doctor-metric";
import { Protocol, Signal } from "../checks/keys";
import { bytes, double, fixed64, message, text, varint } from "./protobuf";

const scopeName = "claude-code-monitoring.doctor";
const description = "Sent by the doctor to see whether exports arrive";
/** OTLP's number for it. */
const delta = 1;

/** The body of an export that holds nothing: valid, and never counted. */
export function emptyExport(signal: Signal, protocol: Protocol): Buffer {
  const key = { metrics: "resourceMetrics", logs: "resourceLogs", traces: "resourceSpans" }[signal];
  return protocol === "http/json" ? Buffer.from(JSON.stringify({ [key]: [] })) : Buffer.alloc(0);
}

/** The body of an export with one point of {@link doctorMetric}, of value 1. */
export function markedExport(id: string, nowMs: number, protocol: Protocol): Buffer {
  return protocol === "http/json" ? Buffer.from(asJson(id, nowMs)) : asProtobuf(id, nowMs);
}

function asJson(id: string, nowMs: number): string {
  const point = {
    attributes: [{ key: doctorIdAttribute, value: { stringValue: id } }],
    startTimeUnixNano: String(nanoseconds(nowMs - 1000)),
    timeUnixNano: String(nanoseconds(nowMs)),
    asDouble: 1,
  };
  const sum = { aggregationTemporality: delta, isMonotonic: true, dataPoints: [point] };
  const metrics = [{ name: doctorMetric.name, description, sum }];
  return JSON.stringify({
    resourceMetrics: [{ resource: {}, scopeMetrics: [{ scope: { name: scopeName }, metrics }] }],
  });
}

/** Field numbers are those of opentelemetry/proto/metrics/v1/metrics.proto. */
function asProtobuf(id: string, nowMs: number): Buffer {
  const attribute = message(text(1, doctorIdAttribute), bytes(2, message(text(1, id))));
  const point = message(
    fixed64(2, nanoseconds(nowMs - 1000)),
    fixed64(3, nanoseconds(nowMs)),
    double(4, 1),
    bytes(7, attribute),
  );
  const sum = message(bytes(1, point), varint(2, delta), varint(3, 1));
  const metric = message(text(1, doctorMetric.name), text(2, description), bytes(7, sum));
  const scopeMetrics = message(bytes(1, message(text(1, scopeName))), bytes(2, metric));
  return message(bytes(1, message(bytes(1, message()), bytes(2, scopeMetrics))));
}

function nanoseconds(milliseconds: number): bigint {
  return BigInt(Math.round(milliseconds)) * 1_000_000n;
}
