import { basicAuthorization } from "../../client/authorization";

/** The three kinds of data that a client exports. */
export const signals = ["metrics", "logs", "traces"] as const;

/** One of {@link signals}. */
export type Signal = (typeof signals)[number];

/** The protocols that the client's exporters speak. */
export const protocols = ["http/protobuf", "http/json", "grpc"] as const;

/** One of {@link protocols}. */
export type Protocol = (typeof protocols)[number];

/** First part of every key of the OTLP exporters. */
export const otlpPrefix = "OTEL_EXPORTER_OTLP_";

/** The host of a URL: of an IPv6 address, without the brackets. */
export function hostOf(url: URL): string {
  return url.hostname.replace(/^\[|\]$/g, "");
}

/** The port of a URL, also if it is the scheme's own. */
export function portOf(url: URL): number {
  return Number(url.port || (url.protocol === "https:" ? 443 : 80));
}

/** The key of a signal's own setting, e.g. `OTEL_EXPORTER_OTLP_METRICS_ENDPOINT`. */
export function signalKey(signal: Signal, part: string): string {
  return `${otlpPrefix}${signal.toUpperCase()}_${part}`;
}

/** The key that says where a signal is exported to, e.g. `OTEL_METRICS_EXPORTER`. */
export function exporterKey(signal: Signal): string {
  return `OTEL_${signal.toUpperCase()}_EXPORTER`;
}

/** Keys besides `OTEL_…` that telemetry depends on, in the order in which they are listed. */
const otherKeys: readonly string[] = [
  "CLAUDE_CODE_ENABLE_TELEMETRY",
  "CLAUDE_CODE_ENHANCED_TELEMETRY_BETA",
  "CLAUDE_CODE_CLIENT_CERT",
  "CLAUDE_CODE_CLIENT_KEY",
  "CLAUDE_CODE_CLIENT_KEY_PASSPHRASE",
  "CLAUDE_CODE_OTEL_HEADERS_HELPER_DEBOUNCE_MS",
  "NODE_EXTRA_CA_CERTS",
];

/**
 * Keys that one managed source decides on as a whole, as on those of the OTLP exporters. It is the strongest that has any
 * (since client 2.1.223, read in 2.1.332).
 */
const handedOutTogether: readonly string[] = [
  "OTEL_LOGS_EXPORTER",
  "OTEL_LOG_ASSISTANT_RESPONSES",
  "OTEL_LOG_MANAGED_SETTINGS",
  "OTEL_LOG_RAW_API_BODIES",
  "OTEL_LOG_TOOL_CONTENT",
  "OTEL_LOG_TOOL_DETAILS",
  "OTEL_LOG_USER_PROMPTS",
];

/** True for a key that managed sources do not share: endpoint, headers, protocol, contents. */
export function handedOutWhole(key: string): boolean {
  return key.startsWith(otlpPrefix) || handedOutTogether.includes(key);
}

/** Variables that name a proxy, or what needs none. */
const proxyKeys: readonly string[] = [
  ...["https_proxy", "HTTPS_PROXY", "http_proxy", "HTTP_PROXY", "no_proxy", "NO_PROXY"],
  ...["grpc_proxy", "no_grpc_proxy"],
];

/** True for a key that telemetry depends on. */
export function concernsTelemetry(key: string): boolean {
  return key.startsWith("OTEL_") || otherKeys.includes(key) || proxyKeys.includes(key);
}

/** Parts of the exporters' keys that no repository may set: they would send data elsewhere. */
const endpointParts = "ENDPOINT|HEADERS|PROTOCOL|CERTIFICATE|CLIENT_CERTIFICATE|CLIENT_KEY|INSECURE";
const notForProjects = new RegExp(`^${otlpPrefix}((TRACES|METRICS|LOGS|PROFILES)_)?(${endpointParts})$`);
const switchesNotForProjects: readonly string[] = [
  "CLAUDE_CODE_ENABLE_TELEMETRY",
  "CLAUDE_CODE_ENHANCED_TELEMETRY_BETA",
  "OTEL_RESOURCE_INCLUDE_HOST",
];

/**
 * True for a key that the client ignores in the settings of a project (seen with client 2.1.330).
 *
 * @param setAbove whether the shell, the user's or managed settings have the key too
 */
export function ignoredInProjects(key: string, value: string, setAbove: boolean): boolean {
  if (signals.some((signal) => key === exporterKey(signal))) {
    // A project may switch a signal off that nobody else decides on.
    return value.trim() !== "none" || setAbove;
  }
  return notForProjects.test(key) || switchesNotForProjects.includes(key);
}

/** A value without its percent codes; undefined if a % begins none. */
export function decoded(value: string): string | undefined {
  try {
    return decodeURIComponent(value);
  } catch {
    return undefined;
  }
}

/** A value as it may be shown: headers and keys' passphrases not at all, addresses without credentials. */
export function shownValue(key: string, value: string): string {
  const isSecret = /HEADERS$|PASSPHRASE$/.test(key) && value !== "";
  return isSecret ? "(not shown)" : withoutCredentials(value);
}

/** A URL without the user and password that it may hold. */
export function withoutCredentials(url: string): string {
  return url.replace(/^([a-z][a-z0-9+.-]*:\/\/)?[^/?#\s]*@/i, "$1");
}

/** The `Authorization` header's value for the user and password that a URL holds; undefined if it holds none. */
export function authorizationIn({ username, password }: URL): string | undefined {
  return username === "" && password === ""
    ? undefined
    : basicAuthorization(decodeURIComponent(username), decodeURIComponent(password));
}
