import * as net from "node:net";

/** Loopback address that every test server listens on. */
export const loopback = "127.0.0.1";

/** `count` different TCP ports that are free on loopback now. Rejects if the system gives none. */
export async function freePorts(count: number): Promise<number[]> {
  const servers = Array.from({ length: count }, () => net.createServer());
  try {
    // All are held at once, so that no port is handed out twice.
    return await Promise.all(servers.map(async (server) => listen(server, loopback, 0)));
  } finally {
    await Promise.all(servers.map(closeServer));
  }
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
