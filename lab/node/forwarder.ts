/**
 * Entry point of the process that makes a node's ports reachable on this machine's loopback: copies bytes between each
 * connection and one to the node. Its only argument is JSON: `{"target": "<address>", "forwards": [...]}`.
 */
import * as net from "node:net";

import type { PortForward } from "./settings";

/** The forwarder's argument. */
export interface ForwarderArguments {
  readonly target: string;
  readonly forwards: readonly PortForward[];
}

function forward(client: net.Socket, target: string, port: number): void {
  const server = net.connect({ host: target, port, noDelay: true, allowHalfOpen: true });
  client.setNoDelay(true);
  // Passes a failure on as a reset, which the other side would get without a forwarder.
  client.on("error", () => server.resetAndDestroy());
  server.on("error", () => client.resetAndDestroy());
  client.pipe(server);
  server.pipe(client);
}

function listen(host: string, target: string, ports: PortForward): void {
  const server = net.createServer({ allowHalfOpen: true }, (client) => {
    forward(client, target, ports.nodePort);
  });
  server.on("error", (error: NodeJS.ErrnoException) => {
    // A machine without IPv6 has no ::1.
    if (host === "::1" && (error.code === "EADDRNOTAVAIL" || error.code === "EAFNOSUPPORT")) {
      return;
    }
    process.stderr.write(`${host}:${ports.hostPort}: ${error.message}\n`);
    process.exit(1);
  });
  server.listen({ host, port: ports.hostPort, ipv6Only: true });
}

function main(argument: string): void {
  const { target, forwards } = JSON.parse(argument) as ForwarderArguments;
  for (const ports of forwards) {
    listen("127.0.0.1", target, ports);
    listen("::1", target, ports);
  }
}

main(process.argv[2] ?? "");
