import * as http from "node:http";
import { closeServer, listen, loopback } from "../loopback-ports";

/** One export as a client sent it. */
export interface CapturedExport {
  readonly signal: "metrics" | "logs" | "traces";
  /** OTLP/JSON. */
  readonly body: string;
}

/** An OTLP/HTTP address that keeps what clients send, and passes it on. */
export interface OtlpCapture {
  readonly url: string;
  readonly exports: readonly CapturedExport[];
  stop(): Promise<void>;
}

/**
 * Starts a capture on loopback. Clients must send OTLP/JSON.
 *
 * @param lose exports for which it says true are answered with 200 and not passed on
 */
export async function startOtlpCapture(
  targetUrl: string,
  lose: (captured: CapturedExport) => boolean = () => false,
): Promise<OtlpCapture> {
  const exports: CapturedExport[] = [];
  const server = http.createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on("data", (chunk: Buffer) => chunks.push(chunk));
    request.once("end", () => {
      const path = request.url ?? "/";
      const captured = { signal: signalOf(path), body: Buffer.concat(chunks).toString("utf8") };
      exports.push(captured);
      const passed = lose(captured)
        ? Promise.resolve({ status: 200, body: "{}" })
        : forward(targetUrl + path, captured);
      void passed.then(({ status, body }) => {
        response.writeHead(status, { "content-type": "application/json" });
        response.end(body);
      });
    });
  });
  const port = await listen(server, loopback, 0);
  return {
    url: `http://${loopback}:${port}`,
    exports,
    stop: async () => {
      server.closeAllConnections();
      await closeServer(server);
    },
  };
}

function signalOf(path: string): CapturedExport["signal"] {
  const signal = /^\/v1\/(metrics|logs|traces)$/.exec(path)?.[1];
  if (signal !== "metrics" && signal !== "logs" && signal !== "traces") {
    throw new Error(`a client posted to ${path}; expected /v1/metrics, /v1/logs or /v1/traces`);
  }
  return signal;
}

async function forward(url: string, { body }: CapturedExport): Promise<{ status: number; body: string }> {
  try {
    const answer = await fetch(url, { method: "POST", headers: { "content-type": "application/json" }, body });
    return { status: answer.status, body: await answer.text() };
  } catch (error) {
    return { status: 503, body: String(error) };
  }
}
