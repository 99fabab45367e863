import * as http2 from "node:http2";
import * as net from "node:net";

import { Check, codeOf, failed, FailedCheck, messageOf } from "../checks/check";
import { answered, Answer, ExportRequest, refusal } from "./http-export";
import { decoded, Signal } from "../checks/keys";
import { within } from "./socket";

const services: Readonly<Record<Signal, string>> = {
  metrics: "opentelemetry.proto.collector.metrics.v1.MetricsService",
  logs: "opentelemetry.proto.collector.logs.v1.LogsService",
  traces: "opentelemetry.proto.collector.trace.v1.TraceService",
};

/** The statuses of gRPC that a collector or what is in front of it gives. */
const statusNames: Readonly<Record<string, string>> = {
  "2": "UNKNOWN",
  "3": "INVALID_ARGUMENT",
  "4": "DEADLINE_EXCEEDED",
  "5": "NOT_FOUND",
  "7": "PERMISSION_DENIED",
  "8": "RESOURCE_EXHAUSTED",
  "12": "UNIMPLEMENTED",
  "13": "INTERNAL",
  "14": "UNAVAILABLE",
  "16": "UNAUTHENTICATED",
};

/**
 * Calls a signal's Export once over a connection that is open, and closes it.
 *
 * @throws FailedCheck if no answer comes
 */
export async function exportOverGrpc(socket: net.Socket, request: ExportRequest): Promise<Answer> {
  const { signal, url, timeoutMs } = request;
  const session = http2.connect(url.origin, { createConnection: () => socket });
  try {
    const { headers, trailers } = await within(timeoutMs, call(session, request));
    return { refusal: refusalOf(signal, headers, trailers), date: text(headers["date"]) };
  } catch (error) {
    throw noAnswer(signal, url, error);
  } finally {
    session.destroy();
    socket.destroy();
  }
}

interface Received {
  headers: http2.IncomingHttpHeaders & http2.IncomingHttpStatusHeader;
  trailers: http2.IncomingHttpHeaders;
}

function call(session: http2.ClientHttp2Session, { signal, headers, body }: ExportRequest): Promise<Received> {
  return new Promise((resolve, reject) => {
    session.once("error", reject);
    session.once("close", () => {
      reject(new Error("the connection was closed"));
    });
    const stream = session.request({
      ":method": "POST",
      ":path": `/${services[signal]}/Export`,
      ...headers,
      "content-type": "application/grpc",
      te: "trailers",
    });
    const received: Received = { headers: {}, trailers: {} };
    stream.once("response", (answer: Received["headers"]) => {
      received.headers = answer;
    });
    stream.once("trailers", (trailers: http2.IncomingHttpHeaders) => {
      received.trailers = trailers;
    });
    stream.once("error", reject);
    stream.once("end", () => {
      resolve(received);
    });
    stream.resume();
    stream.end(framed(body));
  });
}

/** gRPC's prefix: not compressed, and how long the message is. */
function framed(message: Buffer): Buffer {
  const prefix = Buffer.alloc(5);
  prefix.writeUInt32BE(message.length, 1);
  return Buffer.concat([prefix, message]);
}

function noAnswer(signal: Signal, url: URL, error: unknown): FailedCheck {
  const code = codeOf(error) ?? "";
  if (code.startsWith("ERR_HTTP2_INVALID") || code === "ERR_INVALID_CHAR") {
    return new FailedCheck("headers", messageOf(error), "Write headers in ASCII, on one line.");
  }
  if (code === "ERR_HTTP2_ERROR" || code === "ERR_HTTP2_SESSION_ERROR") {
    const cure = 'Use the collector\'s port for gRPC, or set OTEL_EXPORTER_OTLP_PROTOCOL to "http/protobuf".';
    return new FailedCheck(signal, `${url.host} does not speak HTTP/2; is this the port for HTTP?`, cure);
  }
  if (code.includes("ALERT")) {
    const cure =
      "Name certificate and key with OTEL_EXPORTER_OTLP_CLIENT_CERTIFICATE and OTEL_EXPORTER_OTLP_CLIENT_KEY.";
    return new FailedCheck("credential", `${url.host} wants another client certificate (${code})`, cure);
  }
  const cure = "Look at the collector's log, and whether what is in front of it passes gRPC (HTTP/2) on.";
  return new FailedCheck(signal, `${url.host} accepts the connection, then: ${messageOf(error)}`, cure);
}

function refusalOf(signal: Signal, headers: Received["headers"], trailers: Received["trailers"]): Check | undefined {
  const service = services[signal];
  const status = text(trailers["grpc-status"]) ?? text(headers["grpc-status"]);
  if (status === "0") {
    return undefined;
  }
  if (status === undefined) {
    return refusal(signal, service, headers[":status"] ?? 0, "no answer of gRPC");
  }
  const message = text(trailers["grpc-message"]) ?? text(headers["grpc-message"]) ?? "";
  const name = status === "7" || status === "16" ? "credential" : signal;
  const said = answered(service, statusNames[status] ?? `status ${status}`, decoded(message) ?? message);
  return failed(name, said, cureOf(status, signal));
}

function cureOf(status: string, signal: Signal): string {
  switch (status) {
    case "7":
    case "16":
      return "Set the header that the collector asks for in OTEL_EXPORTER_OTLP_HEADERS (over gRPC the client asks no otelHeadersHelper).";
    case "12":
      return `Give the collector a pipeline for ${signal}, or check that this is its port for gRPC.`;
    case "8":
    case "14":
      return "The collector is too busy, its queue is full or it is starting; see npm run status.";
    default:
      return "Look at the collector's log.";
  }
}

function text(value: string | string[] | undefined): string | undefined {
  return Array.isArray(value) ? value[0] : value;
}
