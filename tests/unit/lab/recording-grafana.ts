import * as http from "node:http";

import { closeServer, listen, loopback } from "../../support/loopback-ports";

/** A request as Grafana's API got it. */
export interface RecordedRequest {
  /** "METHOD path". */
  readonly line: string;
  readonly authorization: string | undefined;
  /** Undefined where there was none. */
  readonly body: unknown;
}

/** A server in place of Grafana's API that records what it is asked and gives prepared answers. */
export class RecordingGrafana {
  readonly requests: RecordedRequest[] = [];
  /** Answers by "METHOD path"; 404 for what is not here. */
  readonly answers = new Map<string, unknown>();
  /** How many requests are answered 503 before. */
  busy = 0;

  private readonly server = http.createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on("data", (chunk: Buffer) => chunks.push(chunk));
    request.on("end", () => {
      const line = `${request.method ?? ""} ${request.url ?? ""}`;
      const body = Buffer.concat(chunks).toString();
      const { authorization } = request.headers;
      this.requests.push({ line, authorization, body: body === "" ? undefined : JSON.parse(body) });
      const status = this.busy-- > 0 ? 503 : this.answers.has(line) ? 200 : 404;
      response.writeHead(status).end(JSON.stringify(this.answers.get(line) ?? { message: "none" }));
    });
  });

  /** @returns its URL */
  async start(): Promise<string> {
    return `http://${loopback}:${await listen(this.server, loopback, 0)}`;
  }

  forget(): void {
    this.requests.length = 0;
    this.answers.clear();
    this.busy = 0;
  }

  async stop(): Promise<void> {
    this.server.closeAllConnections();
    await closeServer(this.server);
  }
}
