import { doctorIdAttribute, doctorMetric } from "../../telemetry/doctor-metric";
import { encode } from "../../synthetic/otlp/protobuf";
import { metricsRequest } from "../../synthetic/otlp/request";
import { Protocol, Signal } from "../checks/keys";

const scope = { name: "claude-code-monitoring.doctor" };
const description = "Sent by the doctor to see whether exports arrive";

/** The body of an export that holds nothing: valid, and never counted. */
export function emptyExport(signal: Signal, protocol: Protocol): Buffer {
  const key = { metrics: "resourceMetrics", logs: "resourceLogs", traces: "resourceSpans" }[signal];
  return body(signal, { [key]: [] }, protocol);
}

/** The body of an export with one point of {@link doctorMetric}, of value 1. */
export function markedExport(id: string, nowMs: number, protocol: Protocol): Buffer {
  const point = { attributes: { [doctorIdAttribute]: id }, startMs: nowMs - 1000, timeMs: nowMs, value: 1 };
  const request = metricsRequest({ scope }, [{ name: doctorMetric.name, description, points: [point] }]);
  return body("metrics", request, protocol);
}

function body(signal: Signal, request: object, protocol: Protocol): Buffer {
  return protocol === "http/json" ? Buffer.from(JSON.stringify(request)) : encode(signal, request);
}
