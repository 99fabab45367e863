import * as http from "node:http";
import * as http2 from "node:http2";
import * as https from "node:https";
import * as net from "node:net";

import { listen, loopback } from "../../support/loopback-ports";

/** A request as a server saw it. */
export interface Seen {
  readonly path: string;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly body: Buffer;
}

/** Answers one request; undefined means 200 and an empty JSON object. */
export type Answering = (seen: Seen) => { status: number; text?: string; headers?: Record<string, string> } | undefined;

/** Collectors send no date over gRPC; Node.js would, and its types do not know the option. */
const undated = { sendDate: false };

/** Servers for the tests of a suite, ended after each test, with a list of the requests that they saw in it. */
export function testServers(): { readonly servers: Servers; readonly seen: Seen[] } {
  const servers = new Servers();
  const seen: Seen[] = [];
  beforeEach(() => {
    seen.length = 0;
  });
  afterEach(() => {
    servers.stop();
  });
  return { servers, seen };
}

/** Servers that are all ended together. */
export class Servers {
  private readonly running: { end: () => void }[] = [];

  /** An HTTP server, with TLS if there is a certificate; gives its port. */
  async http(seen: Seen[], answering: Answering = () => undefined, secure?: https.ServerOptions): Promise<number> {
    const handle = (request: http.IncomingMessage, response: http.ServerResponse): void => {
      const chunks: Buffer[] = [];
      request.on("data", (chunk: Buffer) => chunks.push(chunk));
      request.once("end", () => {
        const one = { path: request.url ?? "", headers: request.headers, body: Buffer.concat(chunks) };
        seen.push(one);
        const { status, text = "", headers } = answering(one) ?? { status: 200, text: "{}" };
        response.writeHead(status, headers).end(text);
      });
    };
    return this.start(secure === undefined ? http.createServer(handle) : https.createServer(secure, handle));
  }

  /** A gRPC server that ends every call with a status, in trailers or at once. */
  async grpc(seen: Seen[], status: (service: string) => string, secure?: http2.SecureServerOptions): Promise<number> {
    const server = secure === undefined ? http2.createServer() : http2.createSecureServer(secure);
    server.on("stream", (stream, headers) => {
      const chunks: Buffer[] = [];
      stream.on("data", (chunk: Buffer) => chunks.push(chunk));
      stream.once("end", () => {
        const service = headers[":path"] ?? "";
        seen.push({ path: service, headers, body: Buffer.concat(chunks) });
        const ending = { "grpc-status": status(service), "grpc-message": "said%20so" };
        if (ending["grpc-status"] !== "0") {
          stream.respond(
            { ":status": 200, "content-type": "application/grpc", ...ending },
            { endStream: true, ...undated },
          );
          return;
        }
        stream.respond({ ":status": 200, "content-type": "application/grpc" }, { waitForTrailers: true, ...undated });
        stream.once("wantTrailers", () => {
          stream.sendTrailers(ending);
        });
        stream.end(Buffer.alloc(5));
      });
    });
    return this.start(server);
  }

  /** A server of bare connections. */
  async tcp(onConnection: (socket: net.Socket) => void): Promise<number> {
    return this.start(net.createServer(onConnection));
  }

  stop(): void {
    this.running.splice(0).forEach(({ end }) => {
      end();
    });
  }

  private async start(server: net.Server): Promise<number> {
    const open = new Set<net.Socket>();
    server.on("connection", (socket: net.Socket) => {
      open.add(socket);
      socket.on("error", () => undefined);
      socket.once("close", () => open.delete(socket));
    });
    this.running.push({
      end: () => {
        server.close();
        open.forEach((socket) => socket.destroy());
      },
    });
    return listen(server, loopback, 0);
  }
}
