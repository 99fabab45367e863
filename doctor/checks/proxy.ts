import { EffectiveSettings, firstOf, valueOf } from "./effective";
import { Destination } from "./endpoints";
import { portOf } from "./keys";

/** Choice of the proxy for one destination. */
export interface ProxyChoice {
  /** The variable that names a proxy; undefined if none does. */
  readonly key?: string;
  /** The proxy, if it is used for this destination. */
  readonly proxy?: string;
  /** Reason for not using a proxy that is set. */
  readonly reason?: string;
}

/** The proxy of a destination, by the rules of the client's exporters. */
export function proxyFor(effective: EffectiveSettings, { protocol, url }: Destination): ProxyChoice {
  const grpc = protocol === "grpc";
  // gRPC's library reads lower case only.
  const keys = grpc
    ? ["grpc_proxy", "https_proxy", "http_proxy"]
    : ["https_proxy", "HTTPS_PROXY", "http_proxy", "HTTP_PROXY"];
  const key = keys.find((name) => (valueOf(effective, name) ?? "") !== "");
  const proxy = key === undefined ? undefined : valueOf(effective, key);
  if (key === undefined || proxy === undefined) {
    return {};
  }
  const host = url.hostname.toLowerCase();
  if (!grpc && (host === "localhost" || host === "[::1]" || /^127(\.\d{1,3}){3}$/.test(host))) {
    return { key, reason: "this very machine needs no proxy" };
  }
  const exceptions = grpc
    ? (firstOf(effective, "no_grpc_proxy", "no_proxy") ?? "")
    : `${valueOf(effective, "no_proxy") ?? ""},${valueOf(effective, "NO_PROXY") ?? ""}`;
  const covering = exceptions
    .toLowerCase()
    .split(/[,\s]+/)
    .find((entry) => entry !== "" && (grpc ? host.endsWith(entry) : coversHttp(entry, host, portOf(url))));
  return covering === undefined ? { key, proxy } : { key, reason: `NO_PROXY covers ${host} with "${covering}"` };
}

function coversHttp(entry: string, host: string, port: number): boolean {
  if (entry === "*") {
    return true;
  }
  if (entry.includes(":")) {
    return entry === `${host}:${port}`;
  }
  return entry.startsWith(".") ? host === entry.slice(1) || host.endsWith(entry) : host === entry;
}
