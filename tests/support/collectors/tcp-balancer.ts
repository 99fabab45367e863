import * as net from "node:net";
import { closeServer, listen, loopback } from "../loopback-ports";

/** What a Kubernetes Service does: one address whose connections go to several backends, here strictly in turn. */
export interface TcpBalancer {
  readonly port: number;
  /** Connections handed to each backend so far, in the order of `backendPorts`. */
  readonly connections: readonly number[];
  stop(): Promise<void>;
}

/** Starts a balancer on loopback in front of loopback ports. */
export async function startTcpBalancer(backendPorts: readonly number[]): Promise<TcpBalancer> {
  const connections = backendPorts.map(() => 0);
  const sockets = new Set<net.Socket>();
  let next = 0;
  const server = net.createServer((client) => {
    const index = next++ % backendPorts.length;
    connections[index] = (connections[index] ?? 0) + 1;
    const backend = net.connect(backendPorts[index] ?? 0, loopback);
    for (const [from, to] of [
      [client, backend],
      [backend, client],
    ] as const) {
      sockets.add(from);
      from.pipe(to);
      from.once("error", () => to.destroy());
      from.once("close", () => {
        sockets.delete(from);
        to.destroy();
      });
    }
  });
  const port = await listen(server, loopback, 0);
  return {
    port,
    connections,
    stop: async () => {
      for (const socket of sockets) {
        socket.destroy();
      }
      await closeServer(server);
    },
  };
}
