import * as net from "node:net";

import { Check, distinct, failed, ok, warning } from "./check";
import { EffectiveSettings, firstOf, isYes, Setting } from "./effective";
import { hostOf, otlpPrefix, Protocol, protocols, Signal, signalKey, signals, withoutCredentials } from "./keys";

/** Endpoint of one signal. */
export interface Destination {
  readonly signal: Signal;
  readonly protocol: Protocol;
  /** Over HTTP with its path; over gRPC scheme, host and port. */
  readonly url: URL;
}

const endpointKey = `${otlpPrefix}ENDPOINT`;
const protocolKey = `${otlpPrefix}PROTOCOL`;
const defaultProtocol: Protocol = "http/protobuf";

/** Endpoints of the signals, without those whose endpoint or protocol is unusable. */
export function destinations(effective: EffectiveSettings): Destination[] {
  return signals.flatMap((signal) => {
    const protocol = protocolOf(effective, signal);
    const url = urlOf(effective, signal, protocol);
    return isProtocol(protocol) && url !== undefined ? [{ signal, protocol, url }] : [];
  });
}

/** Mistakes in protocols and endpoints. */
export function endpointChecks(effective: EffectiveSettings): Check[] {
  return distinct(signals.flatMap((signal) => [protocolCheck(effective, signal), endpointCheck(effective, signal)]));
}

function protocolCheck(effective: EffectiveSettings, signal: Signal): Check {
  const protocol = protocolOf(effective, signal);
  if (isProtocol(protocol)) {
    return ok("protocol", protocol);
  }
  const cure = `Set ${protocolKey} to one of ${protocols.join(", ")}.`;
  return failed("protocol", `"${protocol}" is unknown, and the client sends nothing then`, cure);
}

function endpointCheck(effective: EffectiveSettings, signal: Signal): Check {
  const own = settingOf(effective, signalKey(signal, "ENDPOINT"));
  const setting = own ?? settingOf(effective, endpointKey);
  const protocol = protocolOf(effective, signal);
  if (setting === undefined) {
    const message = "no endpoint is set, so data goes to port 4318 of this very machine, or nowhere";
    const cure = `Set ${endpointKey} to the collector's address, for example https://otlp.example.com.`;
    return failed("endpoint", message, cure);
  }
  const { key } = setting;
  const text = withoutCredentials(setting.value);
  const url = urlOf(effective, signal, protocol);
  if (url === undefined) {
    const message = `${key} is "${text}", which is no URL, so the client sends to port 4318 of this very machine`;
    return failed("endpoint", message, "Write it as http://HOST:PORT or https://HOST, without spaces.");
  }
  return protocol === "grpc" ? grpcCheck(key, text, url) : httpCheck(signal, own !== undefined, key, text, url);
}

function grpcCheck(key: string, text: string, url: URL): Check {
  if (url.protocol === "https:" && net.isIP(hostOf(url)) !== 0) {
    const message = `${key} is "${text}": over gRPC with TLS the client refuses IP addresses`;
    return failed("endpoint", message, "Write a host name.");
  }
  if (url.port.endsWith("4318") || url.port.endsWith("0318")) {
    const message = `${key} is "${text}", usually the port for HTTP, but the protocol is grpc`;
    return warning("endpoint", message, portCure("4317", "http/protobuf"));
  }
  if (url.pathname !== "/") {
    return warning("endpoint", `${key} is "${text}": over gRPC the path is ignored`, "Leave the path out.");
  }
  return ok("endpoint", withoutCredentials(url.href));
}

function httpCheck(signal: Signal, own: boolean, key: string, text: string, url: URL): Check {
  if (!own && /\/v1\/(metrics|logs|traces)\/?$/.test(new URL(text).pathname)) {
    const cure = `End it before /v1, or set ${signalKey(signal, "ENDPOINT")} instead.`;
    return failed("endpoint", `${key} is "${text}", and the client appends /v1/${signal} to it once more`, cure);
  }
  if (url.port === "4317" || url.port === "30317") {
    const message = `${key} is "${text}", usually the port for gRPC, but the protocol is HTTP`;
    return warning("endpoint", message, portCure("4318", "grpc"));
  }
  if (own && !url.pathname.endsWith(`/v1/${signal}`)) {
    const cure = `Write it with /v1/${signal} at its end, or set ${endpointKey} alone.`;
    const message = `${key} is "${text}", which is used as it is, without /v1/${signal}`;
    return url.pathname === "/" ? failed("endpoint", message, cure) : warning("endpoint", message, cure);
  }
  return ok("endpoint", `${signal}: ${withoutCredentials(url.href)}`);
}

function portCure(port: string, protocol: string): string {
  return `Use port ${port} (in the dev stack 3${port.replace("4", "0")}), or set ${protocolKey} to "${protocol}".`;
}

function protocolOf(effective: EffectiveSettings, signal: Signal): string {
  return firstOf(effective, signalKey(signal, "PROTOCOL"), protocolKey) ?? defaultProtocol;
}

function isProtocol(text: string): text is Protocol {
  return protocols.some((protocol) => protocol === text);
}

function settingOf({ settings }: EffectiveSettings, key: string): Setting | undefined {
  const setting = settings.get(key);
  return setting === undefined || setting.value.trim() === "" ? undefined : setting;
}

function urlOf(effective: EffectiveSettings, signal: Signal, protocol: string): URL | undefined {
  const own = settingOf(effective, signalKey(signal, "ENDPOINT"))?.value.trim();
  const general = settingOf(effective, endpointKey)?.value.trim();
  if (protocol === "grpc") {
    return grpcUrl(own ?? general, isYes(firstOf(effective, signalKey(signal, "INSECURE"), `${otlpPrefix}INSECURE`)));
  }
  if (own !== undefined) {
    return parseUrl(own);
  }
  const isUrl = general !== undefined && parseUrl(general) !== undefined;
  return isUrl ? parseUrl(`${general.replace(/\/$/, "")}/v1/${signal}`) : undefined;
}

/** Over gRPC the scheme may be missing; then it is TLS, unless `INSECURE` is set. */
function grpcUrl(text: string | undefined, insecure: boolean): URL | undefined {
  if (text === undefined) {
    return undefined;
  }
  return parseUrl(/^[a-z]+:\/\//i.test(text) ? text : `${insecure ? "http" : "https"}://${text}`);
}

function parseUrl(text: string): URL | undefined {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  return url !== undefined && /^https?:$/.test(url.protocol) ? url : undefined;
}
