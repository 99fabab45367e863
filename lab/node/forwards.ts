import { spawn } from "node:child_process";
import { once } from "node:events";
import * as fs from "node:fs";
import * as net from "node:net";
import * as path from "node:path";

import { identify } from "../process-identity";
import { cleanEnvironment, run } from "./commands";
import type { ForwarderArguments } from "./forwarder";
import { inCgroups } from "./namespaces";
import type { PortForward } from "./settings";
import type { StartingNode } from "./starting-node";

/**
 * Checks that the host's ports are free.
 * @throws Error naming each port that is taken and, where it can be found, the process that has it.
 */
export async function requireFreePorts(forwards: readonly PortForward[]): Promise<void> {
  const complaints: string[] = [];
  for (const { hostPort } of forwards) {
    if ((await isTaken("127.0.0.1", hostPort)) || (await isTaken("::1", hostPort))) {
      complaints.push(`port ${hostPort} on this machine is taken by ${await owner(hostPort)}`);
    }
  }
  if (complaints.length > 0) {
    throw new Error(`${complaints.join("; ")}. End what uses it, or choose other ports to forward.`);
  }
}

async function isTaken(host: string, port: number): Promise<boolean> {
  const server = net.createServer().listen({ host, port, ipv6Only: true });
  const error: unknown = await once(server, "listening").catch((reason: unknown) => reason);
  await new Promise((closed) => server.close(closed));
  return error instanceof Error && "code" in error && error.code === "EADDRINUSE";
}

/** The process that listens on a port, such as `node (process 123)`. */
async function owner(port: number): Promise<string> {
  const ss = ["ss", "--listening", "--tcp", "--numeric", "--processes", `sport = :${port}`];
  const found = await run(ss).catch(() => "");
  const match = /\("([^"]+)",pid=(\d+)/.exec(found);
  return match === null ? "another process" : `${match[1] ?? ""} (process ${match[2] ?? ""})`;
}

/** Starts the forwarder, if there is a port to forward, as a process on the host; its output goes to `logs/forwarder.log`. */
export function startForwarder(node: StartingNode): void {
  const { paths, cgroups, forwards } = node.plan;
  if (forwards.length === 0) {
    return;
  }
  const argument: ForwarderArguments = { target: node.network.nodeAddress, forwards };
  const script = path.join(__dirname, "forwarder.ts");
  const compiler = require.resolve("ts-node/register/transpile-only");
  const command = [process.execPath, "--require", compiler, script, JSON.stringify(argument)];
  const [shell = "", ...args] = inCgroups(cgroups, command);
  const log = fs.openSync(path.join(paths.logs, "forwarder.log"), "w");
  const stdio = ["ignore", log, log] as const;
  const child = spawn(shell, args, { detached: true, stdio: [...stdio], env: cleanEnvironment, cwd: __dirname });
  child.unref();
  fs.closeSync(log);
  const identity = child.pid === undefined ? undefined : identify(child.pid);
  if (identity === undefined) {
    throw new Error(`cannot start the port forwarder with ${process.execPath}`);
  }
  node.watch("forwarder", identity);
}

/** True if the forwarder accepts connections on all its ports. */
export async function forwarderAnswers(forwards: readonly PortForward[]): Promise<boolean> {
  const answers = await Promise.all(forwards.map(({ hostPort }) => accepts(hostPort)));
  return answers.every(Boolean);
}

async function accepts(port: number): Promise<boolean> {
  const socket = net.connect({ host: "127.0.0.1", port });
  const error: unknown = await once(socket, "connect").catch((reason: unknown) => reason);
  socket.destroy();
  return !(error instanceof Error);
}
