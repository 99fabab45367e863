import * as http from "node:http";
import * as net from "node:net";

import { Check, codeOf, failed, FailedCheck, messageOf } from "../checks/check";
import { Headers } from "../checks/headers";
import { Signal } from "../checks/keys";
import { within } from "./socket";

/** An answer, whatever the protocol. */
export interface Answer {
  /** Undefined if the export was accepted. */
  readonly refusal: Check | undefined;
  /** Time in the answer's `Date` header. */
  readonly date: string | undefined;
}

/** Request to send. */
export interface ExportRequest {
  readonly signal: Signal;
  readonly url: URL;
  readonly headers: Headers;
  readonly body: Buffer;
  readonly timeoutMs: number;
}

/** More of an answer's text is not told. */
const longestText = 200;

/**
 * Posts one export over a connection that is open, and closes it.
 *
 * @throws FailedCheck if no answer comes
 */
export async function exportOverHttp(
  socket: net.Socket,
  { signal, url, headers, body, timeoutMs }: ExportRequest,
  contentType: string,
): Promise<Answer> {
  try {
    const answer = post(socket, url, { ...headers, "content-type": contentType }, body);
    const { response, text } = await within(timeoutMs, answer);
    return { refusal: refusalOf(signal, url, response, text), date: response.headers.date };
  } catch (error) {
    throw noAnswer(signal, url, error);
  } finally {
    socket.destroy();
  }
}

interface Received {
  readonly response: http.IncomingMessage;
  readonly text: string;
}

function post(socket: net.Socket, url: URL, headers: Headers, body: Buffer): Promise<Received> {
  return new Promise((resolve, reject) => {
    const request = http.request({
      createConnection: () => socket,
      host: url.hostname,
      method: "POST",
      path: `${url.pathname}${url.search}`,
      headers: { host: url.host, ...headers, "content-length": String(body.length) },
    });
    request.once("error", reject);
    request.once("response", (response) => {
      let text = "";
      response.setEncoding("utf8");
      response.on("data", (chunk: string) => {
        text = (text + chunk).slice(0, 10_000);
      });
      response.once("error", reject);
      response.once("end", () => {
        resolve({ response, text });
      });
    });
    request.end(body);
  });
}

function noAnswer(signal: Signal, url: URL, error: unknown): FailedCheck {
  const code = codeOf(error) ?? "";
  if (code.startsWith("HPE_")) {
    const cure = 'Use the collector\'s port for HTTP, or set OTEL_EXPORTER_OTLP_PROTOCOL to "grpc".';
    return new FailedCheck(signal, `${url.host} does not speak HTTP/1.1; is this the port for gRPC?`, cure);
  }
  if (code === "ERR_INVALID_CHAR") {
    return new FailedCheck("headers", messageOf(error), "Write headers in ASCII, on one line.");
  }
  if (code.includes("CERTIFICATE_REQUIRED") || code.includes("ALERT")) {
    const cure = "Name certificate and key with CLAUDE_CODE_CLIENT_CERT and CLAUDE_CODE_CLIENT_KEY.";
    return new FailedCheck("credential", `${url.host} wants another client certificate (${code})`, cure);
  }
  const cure = "Look at the collector's log, and at what is between: a proxy or load balancer may wait for it in vain.";
  return new FailedCheck(signal, `${url.host} accepts the connection, then: ${messageOf(error)}`, cure);
}

function refusalOf(signal: Signal, url: URL, response: http.IncomingMessage, text: string): Check | undefined {
  const status = response.statusCode ?? 0;
  const isPage = (response.headers["content-type"] ?? "").includes("text/html");
  return status === 200 && !isPage ? undefined : refusal(signal, url.pathname, status, isPage ? "a web page" : text);
}

/** The check of a status of HTTP that refuses an export. */
export function refusal(signal: Signal, path: string, status: number, text: string): Check {
  const name = status === 401 || status === 403 ? "credential" : signal;
  return failed(name, answered(path, String(status), text), cureOf(status, signal));
}

/** The finding that a server answered so, with the beginning of its text. */
export function answered(server: string, status: string, text: string): string {
  const said = text
    .replace(/[^\x20-\x7e]+/g, " ")
    .trim()
    .slice(0, longestText);
  return `${server} answered ${status}${said === "" ? "" : `: ${said}`}`;
}

function cureOf(status: number, signal: Signal): string {
  switch (status) {
    case 200:
      return "Something else than a collector answers here: check host, port and path.";
    case 401:
      return "Set the header that the collector asks for, in OTEL_EXPORTER_OTLP_HEADERS or by otelHeadersHelper; its value may have run out.";
    case 403:
      return "The credential is known but may not send; ask whoever runs the collector, or look for a proxy that refuses.";
    case 404:
      return `Nothing takes ${signal} at this path: end the endpoint before /v1, and give the collector a pipeline for ${signal}. In a short session this can cost the metrics too.`;
    case 405:
    case 415:
      return "Something else than a collector answers, or it does not know this protocol: check endpoint and protocol.";
    case 429:
    case 503:
      return "The collector is too busy, its queue is full or it is starting. The client tries again for about 8 seconds; see npm run status.";
    case 502:
    case 504:
      return "What is in front of the collector does not reach it: check its Service or load balancer.";
    default:
      return status >= 300 && status < 400
        ? "The client follows no redirect: write the address that it leads to."
        : "Look at the collector's log.";
  }
}
