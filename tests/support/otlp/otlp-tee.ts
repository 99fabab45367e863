import * as http from "node:http";
import { closeServer, listen, loopback } from "../loopback-ports";

/** One OTLP/HTTP address whose requests all go to two receivers, so that both see the same traffic. */
export interface OtlpTee {
  readonly url: string;
  /** Requests that the second receiver did not answer with 2xx. */
  readonly secondFailures: readonly string[];
  stop(): Promise<void>;
}

/** Starts a tee on loopback. Clients get the first receiver's answers, once both have answered. */
export async function startOtlpTee(firstUrl: string, secondUrl: string): Promise<OtlpTee> {
  const secondFailures: string[] = [];
  const server = http.createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on("data", (chunk: Buffer) => chunks.push(chunk));
    request.once("end", () => {
      const body = Buffer.concat(chunks);
      const path = request.url ?? "/";
      void Promise.all([forward(firstUrl, path, request, body), forward(secondUrl, path, request, body)]).then(
        ([first, second]) => {
          if (second.status < 200 || second.status > 299) {
            secondFailures.push(`${path}: ${second.status}`);
          }
          response.writeHead(first.status, { "content-type": first.contentType });
          response.end(first.body);
        },
      );
    });
  });
  const port = await listen(server, loopback, 0);
  return {
    url: `http://${loopback}:${port}`,
    secondFailures,
    stop: async () => {
      server.closeAllConnections();
      await closeServer(server);
    },
  };
}

async function forward(
  url: string,
  path: string,
  request: http.IncomingMessage,
  body: Buffer,
): Promise<{ status: number; contentType: string; body: Buffer }> {
  try {
    const headers = Object.fromEntries(
      ["content-type", "content-encoding"].flatMap((name) => {
        const value = request.headers[name];
        return typeof value === "string" ? [[name, value]] : [];
      }),
    );
    const answer = await fetch(url + path, { method: "POST", headers, body: new Uint8Array(body) });
    return {
      status: answer.status,
      contentType: answer.headers.get("content-type") ?? "text/plain",
      body: Buffer.from(await answer.arrayBuffer()),
    };
  } catch (error) {
    return { status: 503, contentType: "text/plain", body: Buffer.from(String(error)) };
  }
}
