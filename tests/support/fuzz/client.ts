import * as net from "node:net";
import * as grpc from "@grpc/grpc-js";
import { loopback } from "../loopback-ports";
import { sleep } from "../processes";
import type { FuzzCase } from "./cases";
import type { Written } from "./http-envelopes";

/** How a request ended. */
export interface Answer {
  /** E.g. `200`, `grpc INTERNAL`; `closed` for an end of the connection without an answer, `hangs` for no end. */
  readonly status: string;
  /** What the client was told. */
  readonly message: string;
  /** From the last byte written to the end of the connection, or of the call. */
  readonly waitedMs: number;
}

/** Longer than the collector waits for what doesn't come. */
const patienceMs = 45_000;

/** Sends cases, each on a connection of its own; gRPC's share a few. */
export class FuzzClient {
  private readonly clients: grpc.Client[];

  constructor(
    private readonly httpPort: number,
    grpcPort: number,
  ) {
    this.clients = Array.from({ length: 4 }, (_, index) => {
      const options = { "grpc.max_send_message_length": -1, "grpc.use_local_subchannel_pool": 1, "fuzz.index": index };
      return new grpc.Client(`${loopback}:${grpcPort}`, grpc.credentials.createInsecure(), options);
    });
  }

  /** Never rejects: what went wrong is the answer. */
  async send({ request, number }: FuzzCase): Promise<Answer> {
    return request.transport === "grpc"
      ? this.call(request.path, request.message, number)
      : write(this.httpPort, request);
  }

  close(): void {
    this.clients.forEach((client) => {
      client.close();
    });
  }

  private async call(path: string, message: Buffer, number: number): Promise<Answer> {
    const started = performance.now();
    const same = (bytes: Buffer) => bytes;
    return new Promise((resolve) => {
      const deadline = { deadline: Date.now() + patienceMs };
      const client = this.clients[number % this.clients.length];
      client?.makeUnaryRequest(path, same, same, message, new grpc.Metadata(), deadline, (error) => {
        const waitedMs = performance.now() - started;
        resolve({ status: `grpc ${grpc.status[error?.code ?? 0] ?? "?"}`, message: error?.details ?? "", waitedMs });
      });
    });
  }
}

async function write(port: number, { pieces, halfClose }: Written): Promise<Answer> {
  const socket = net.connect({ host: loopback, port, allowHalfOpen: true });
  const received: Buffer[] = [];
  const state = { ended: false, hangs: false };
  const closed = new Promise<void>((resolve) => {
    // A server that refuses early resets the connection while the rest is still being written.
    socket.on("error", () => undefined);
    socket.on("data", (data) => received.push(data));
    socket.once("end", () => {
      state.ended = true;
      resolve();
    });
    socket.once("close", () => {
      state.ended = true;
      resolve();
    });
  });
  for (const { bytes, pauseMs } of pieces) {
    if (pauseMs !== undefined) {
      await Promise.race([sleep(pauseMs), closed]);
    }
    if (state.ended || received.length > 0) {
      break;
    }
    await writeInParts(socket, bytes, () => state.ended || received.length > 0);
  }
  if (halfClose === true) {
    socket.end();
  }
  const started = performance.now();
  const timer = setTimeout(() => {
    state.hangs = true;
    socket.destroy();
  }, patienceMs);
  await closed;
  clearTimeout(timer);
  const waitedMs = performance.now() - started;
  socket.destroy();
  return {
    ...(state.hangs ? { status: "hangs", message: "" } : parse(Buffer.concat(received).toString("latin1"))),
    waitedMs,
  };
}

/** As clients do that listen while they write: what a server has refused is not written on. */
async function writeInParts(socket: net.Socket, bytes: Buffer, answered: () => boolean): Promise<void> {
  const size = 64 * 1024;
  for (let from = 0; from < bytes.length && !answered(); from += size) {
    if (!socket.write(bytes.subarray(from, from + size))) {
      await new Promise<void>((resolve) => {
        for (const event of ["drain", "data", "end", "close"]) {
          socket.once(event, () => {
            resolve();
          });
        }
      });
    }
  }
}

function parse(answer: string): { status: string; message: string } {
  const [, status] = /^HTTP\/1\.[01] (\d{3})/.exec(answer) ?? [];
  const body = answer.indexOf("\r\n\r\n");
  return { status: status ?? "closed", message: body < 0 ? "" : answer.slice(body + 4).trim() };
}
