import * as dns from "node:dns";
import * as http from "node:http";
import * as https from "node:https";
import * as net from "node:net";
import { setTimeout as sleep } from "node:timers/promises";
import * as tls from "node:tls";

import { Check, codeOf, FailedCheck, messageOf, ok } from "../checks/check";
import { authorize } from "../checks/certificate";
import { authorizationIn, hostOf, portOf, withoutCredentials } from "../checks/keys";

/** Route to a server. */
export interface Route {
  readonly host: string;
  readonly port: number;
  /** Undefined without TLS. */
  readonly tls: tls.SecureContext | undefined;
  /** URL of the proxy, if there is one in between. */
  readonly proxy: string | undefined;
  /** Protocol to negotiate within TLS (ALPN). */
  readonly alpn: "http/1.1" | "h2";
  /** For each step, in milliseconds. */
  readonly timeoutMs: number;
}

/**
 * Connects, step by step.
 *
 * @returns the socket and a check for each step
 * @throws FailedCheck of the step that failed
 */
export async function openSocket(route: Route): Promise<{ socket: net.Socket; steps: Check[] }> {
  const { host, port, timeoutMs } = route;
  const proxy = route.proxy === undefined ? undefined : proxyUrl(route.proxy);
  const steps = [await resolve(proxy === undefined ? host : hostOf(proxy), timeoutMs)];
  let socket: net.Socket;
  if (proxy === undefined) {
    socket = await connect(host, port, timeoutMs);
    steps.push(ok("connection", `${host}:${port} accepts connections`));
  } else {
    socket = await tunnel(proxy, route);
    steps.push(ok("proxy", `${withoutCredentials(proxy.href)} connects to ${host}:${port}`));
  }
  if (route.tls === undefined) {
    return { socket, steps };
  }
  const secured = await handshake(socket, route, route.tls);
  steps.push(authorize(secured, host));
  return { socket: secured, steps };
}

/** Whatever comes of `work`. @throws Error that says what is missing, if that takes longer than `timeoutMs` */
export async function within<T>(timeoutMs: number, work: Promise<T>, missing = "no answer"): Promise<T> {
  const timer = new AbortController();
  const late = sleep(timeoutMs, undefined, { signal: timer.signal }).then(() => {
    throw Object.assign(new Error(`${missing} within ${timeoutMs / 1000} s`), { code: "ETIMEDOUT" });
  });
  try {
    return await Promise.race([work, late]);
  } finally {
    timer.abort();
  }
}

async function resolve(host: string, timeoutMs: number): Promise<Check> {
  const cure = "Check how it is spelled, and whether this machine needs a VPN or another DNS server for it.";
  if (net.isIP(host) !== 0) {
    return ok("host", `${host} is an address`);
  }
  try {
    const found = await within(timeoutMs, dns.promises.lookup(host, { all: true }), "DNS gives no answer");
    return ok("host", `${host} is ${found.map(({ address }) => address).join(", ")}`);
  } catch (error) {
    const unknown = codeOf(error) === "ENOTFOUND";
    throw new FailedCheck("host", unknown ? `no such host: ${host}` : `${host}: ${messageOf(error)}`, cure);
  }
}

async function connect(host: string, port: number, timeoutMs: number): Promise<net.Socket> {
  const socket = net.connect({ host, port });
  try {
    await within(timeoutMs, once(socket, "connect"));
    return socket;
  } catch (error) {
    socket.destroy();
    throw connectionFailure(error, `${host}:${port}`);
  }
}

function connectionFailure(error: unknown, server: string): FailedCheck {
  if (codeOf(error) === "ECONNREFUSED") {
    const cure = "Check the port, and whether the collector runs (npm run status on the side of the stack).";
    return new FailedCheck("connection", `${server} refuses connections: nothing listens there`, cure);
  }
  const cure =
    codeOf(error) === "ETIMEDOUT"
      ? "Look for a firewall or a VPN in between, and check host and port."
      : "Check this machine's network, VPN and firewall.";
  return new FailedCheck("connection", `${server}: ${messageOf(error)}`, cure);
}

function proxyUrl(text: string): URL {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url === undefined || !/^https?:$/.test(url.protocol)) {
    const cure = "Write it as http://HOST:PORT, or unset the variable.";
    throw new FailedCheck("proxy", `"${withoutCredentials(text)}" is no URL of a proxy`, cure);
  }
  return url;
}

async function tunnel(proxy: URL, { host, port, timeoutMs }: Route): Promise<net.Socket> {
  const name = withoutCredentials(proxy.href);
  const target = `${net.isIPv6(host) ? `[${host}]` : host}:${port}`;
  const authorization = authorizationIn(proxy);
  const request = (proxy.protocol === "https:" ? https : http).request({
    host: hostOf(proxy),
    port: portOf(proxy),
    method: "CONNECT",
    path: target,
    headers: { host: target, ...(authorization && { "proxy-authorization": authorization }) },
  });
  const connected = new Promise<{ status: number; socket: net.Socket }>((resolve, reject) => {
    request.once("connect", (response, socket) => {
      resolve({ status: response.statusCode ?? 0, socket });
    });
    // A server that is no proxy answers as if it were asked for a page.
    request.once("response", (response) => {
      reject(new Error(`it answered ${response.statusCode ?? 0}, as no proxy does`));
    });
    request.once("error", reject);
    request.end();
  });
  try {
    const { status, socket } = await within(timeoutMs, connected);
    if (status === 200) {
      return socket;
    }
    throw new Error(status === 407 ? "it wants a credential (407)" : `it answered ${status} for ${target}`);
  } catch (error) {
    request.destroy();
    const cure = `Correct the proxy variable, or add ${host} to NO_PROXY if it can be reached without.`;
    throw new FailedCheck("proxy", `${name}: ${messageOf(error)}`, cure);
  }
}

async function handshake(socket: net.Socket, route: Route, secureContext: tls.SecureContext): Promise<tls.TLSSocket> {
  const { host, port, timeoutMs, alpn } = route;
  const servername = net.isIP(host) === 0 ? { servername: host } : {};
  // Not refused here but by authorize(), which tells why; nothing is sent before.
  const options = { secureContext, ALPNProtocols: [alpn], rejectUnauthorized: false };
  const secured = tls.connect({ ...options, ...servername, socket, host });
  try {
    await within(timeoutMs, once(secured, "secureConnect"), "no TLS handshake");
    return secured;
  } catch (error) {
    socket.destroy();
    if (codeOf(error) === "ERR_SSL_WRONG_VERSION_NUMBER" || codeOf(error) === "ERR_SSL_PACKET_LENGTH_TOO_LONG") {
      const cure = "Write http:// instead of https://, or use the port for TLS.";
      throw new FailedCheck("certificate", `${host}:${port} speaks no TLS`, cure);
    }
    const cure = "Check that this is a port for TLS, and whether it asks for a client certificate.";
    throw new FailedCheck("certificate", `${host}:${port}: ${messageOf(error)}`, cure);
  }
}

function once(socket: net.Socket, event: "connect" | "secureConnect"): Promise<void> {
  return new Promise((resolve, reject) => {
    socket.once(event, resolve);
    socket.once("error", reject);
    socket.once("close", () => {
      reject(new Error("the connection was closed"));
    });
  });
}
