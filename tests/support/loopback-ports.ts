import { randomInt } from "node:crypto";
import * as net from "node:net";

/** Loopback address that every test server listens on. */
export const loopback = "127.0.0.1";

/**
 * Where {@link freePorts} looks: below the ports that Linux gives to outgoing connections (from 32768), or a
 * connection of a test may take a port between its choice and its use; and below Kubernetes' NodePorts (from 30000).
 * Above 10080, to which `fetch` refuses to connect (the Fetch standard's "bad ports").
 */
const chosenPorts = { first: 11_000, last: 29_999 };

/** What this process was given, so that two callers never get the same. */
const given = new Set<number>();

/** `count` different TCP ports that are free on loopback now. Rejects if none is found. */
export async function freePorts(count: number): Promise<number[]> {
  const ports: number[] = [];
  while (ports.length < count) {
    ports.push(await freePort());
  }
  return ports;
}

async function freePort(): Promise<number> {
  for (let attempt = 0; attempt < 1_000; attempt += 1) {
    const port = randomInt(chosenPorts.first, chosenPorts.last + 1);
    if (given.has(port)) {
      continue;
    }
    given.add(port);
    const server = net.createServer();
    try {
      return await listen(server, loopback, port);
    } catch {
      continue; // Taken by somebody else: the next one.
    } finally {
      await closeServer(server);
    }
  }
  throw new Error(`no free port found on ${loopback} between ${chosenPorts.first} and ${chosenPorts.last}`);
}

/** Makes a server listen; gives the port it got. Rejects if the address is taken. */
export async function listen(server: net.Server, host: string, port: number): Promise<number> {
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.listen(port, host, () => {
      server.off("error", reject);
      resolve();
    });
  });
  const address = server.address();
  if (address === null || typeof address === "string") {
    throw new Error(`a TCP server on ${host} reports the address ${String(address)}; expected host and port`);
  }
  return address.port;
}

/** Stops listening. Open connections are the caller's to end. */
export async function closeServer(server: net.Server): Promise<void> {
  await new Promise<void>((resolve) => {
    server.close(() => {
      resolve();
    });
  });
}
