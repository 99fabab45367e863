import * as http from "node:http";
import * as https from "node:https";

import * as grpc from "@grpc/grpc-js";

import { loopback } from "../loopback-ports";

/** The signals that are tried at a door. */
export type DoorSignal = "metrics" | "logs" | "traces";

/** What a client brings along. */
export interface DoorRequest {
  /** Default: loopback. */
  readonly host?: string;
  readonly port: number;
  readonly signal: DoorSignal;
  /** Protobuf. */
  readonly body: Buffer;
  readonly authorization?: string;
  /** Undefined: plain text. */
  readonly tls?: {
    /** What the server's certificate must be signed by, PEM. */
    readonly ca: string;
    /** The client's own, PEM. */
    readonly own?: { readonly cert: string; readonly key: string };
  };
}

const timeoutMs = 5_000;
const services = {
  metrics: "/opentelemetry.proto.collector.metrics.v1.MetricsService/Export",
  logs: "/opentelemetry.proto.collector.logs.v1.LogsService/Export",
  traces: "/opentelemetry.proto.collector.trace.v1.TraceService/Export",
} as const;

/** How one export over HTTP ended: `accepted`, a status such as `401`, or `no connection`. */
export function overHttp({ host = loopback, port, signal, body, authorization, tls }: DoorRequest): Promise<string> {
  const path = `/v1/${signal}`;
  const headers = {
    "content-type": "application/x-protobuf",
    ...(authorization === undefined ? {} : { authorization }),
  };
  const options = { host, port, path, method: "POST", headers, timeout: timeoutMs, agent: false as const };
  return new Promise((resolve) => {
    const request = tls === undefined ? http.request(options) : https.request({ ...options, ca: tls.ca, ...tls.own });
    request.once("timeout", () => request.destroy(new Error("late")));
    request.once("error", () => {
      resolve("no connection");
    });
    request.once("response", (response) => {
      response.resume();
      resolve(response.statusCode === 200 ? "accepted" : String(response.statusCode));
    });
    request.end(body);
  });
}

/** How one export over gRPC ended: `accepted`, a status such as `UNAUTHENTICATED`, or `no connection`. */
export function overGrpc({ host = loopback, port, signal, body, authorization, tls }: DoorRequest): Promise<string> {
  const credentials =
    tls === undefined
      ? grpc.credentials.createInsecure()
      : grpc.credentials.createSsl(
          Buffer.from(tls.ca),
          ...(tls.own === undefined ? [] : ([Buffer.from(tls.own.key), Buffer.from(tls.own.cert)] as const)),
        );
  // A server's name may not be an address.
  const client = new grpc.Client(`${host}:${port}`, credentials, { "grpc.ssl_target_name_override": "localhost" });
  const metadata = new grpc.Metadata();
  if (authorization !== undefined) {
    metadata.set("authorization", authorization);
  }
  const asIs = (buffer: Buffer): Buffer => buffer;
  return new Promise((resolve) => {
    const deadline = Date.now() + timeoutMs;
    client.makeUnaryRequest(services[signal], asIs, asIs, body, metadata, { deadline }, (error) => {
      client.close();
      resolve(error === null ? "accepted" : ending(error.code));
    });
  });
}

function ending(code: grpc.status): string {
  return code === grpc.status.UNAVAILABLE || code === grpc.status.DEADLINE_EXCEEDED
    ? "no connection"
    : grpc.status[code];
}
