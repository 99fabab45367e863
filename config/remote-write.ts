import type { RemoteStoreAuth } from "../components/prometheus/remote-store";
import type { RemoteStoreArgs } from "../components/prometheus/remote-store";
import type { StackConfig } from "./schema";

const needed = ["remoteWriteOtlpUrl", "remoteWriteQueryUrl"] as const;
const optional = [
  "remoteWriteUser",
  "remoteWritePassword",
  "remoteWriteBearerToken",
  "remoteWriteCaCertificate",
] as const;

/** A distributed store is described whole, or not at all; its secret in one way. Keys that were refused are left out. */
export function remoteWriteContradictions(config: Partial<StackConfig>): string[] {
  const found = (key: (typeof needed)[number] | (typeof optional)[number] | "remoteWriteUrl") =>
    (config[key] ?? "") !== "";
  if (!("remoteWriteUrl" in config)) {
    return [];
  }
  if (!found("remoteWriteUrl")) {
    return [...needed, ...optional]
      .filter(found)
      .map((key) => `${key}: found a value; without remoteWriteUrl expected nothing`);
  }
  if (config.collection === "none") {
    return ['remoteWriteUrl: found a value; with collection "none" expected nothing, there is no Prometheus to write'];
  }
  const user = found("remoteWriteUser");
  const password = found("remoteWritePassword");
  return [
    ...needed
      .filter((key) => key in config && !found(key))
      .map((key) => `${key}: found nothing; with remoteWriteUrl expected a URL of the same store`),
    ...(user === password ? [] : ["remoteWriteUser, remoteWritePassword: found one of them; expected both or none"]),
    ...(password && found("remoteWriteBearerToken")
      ? ["remoteWriteBearerToken: found a token; with remoteWritePassword expected nothing"]
      : []),
    ...(config.grafanaPrometheusUrl === undefined
      ? []
      : ["grafanaPrometheusUrl: found a URL; with remoteWriteUrl expected nothing, Grafana reads remoteWriteQueryUrl"]),
    ...(config.grafanaDataSourceUid === undefined
      ? []
      : ["grafanaDataSourceUid: found a value; with remoteWriteUrl expected nothing, its data source is created"]),
  ];
}

/** Which of the store's URLs would carry a password or token that anybody on the way can read. */
export function plaintextCredentials(config: Partial<StackConfig>): string[] {
  const secret = (config.remoteWritePassword ?? "") + (config.remoteWriteBearerToken ?? "");
  return (["remoteWriteUrl", ...needed] as const)
    .filter((key) => secret !== "" && config[key]?.startsWith("http:") === true)
    .map((key) => `${key}: found an http URL; in production, with a password or token, expected https`);
}

/** The store as the components are told of it; undefined for none. */
export function remoteStoreArgs(config: StackConfig): RemoteStoreArgs | undefined {
  const { remoteWriteUrl: writeUrl, remoteWriteOtlpUrl: otlpUrl, remoteWriteCaCertificate: caCertificate } = config;
  if (writeUrl === undefined || otlpUrl === undefined) {
    return undefined;
  }
  const secret = config.remoteWritePassword || config.remoteWriteBearerToken;
  return {
    store: { writeUrl, otlpUrl, auth: remoteAuth(config), ...(caCertificate === "" ? {} : { caCertificate }) },
    ...(secret === "" ? {} : { secret }),
  };
}

/** How Grafana's data source gets into the store; empty without one. */
export function remoteDataSourceAccess(config: StackConfig): {
  readonly basicAuthUser?: string;
  readonly settings: object;
  readonly secureSettings?: Readonly<Record<string, string>>;
} {
  const auth = remoteAuth(config);
  const caCertificate = config.remoteWriteCaCertificate;
  const bearer = auth.kind === "bearer";
  const secure = {
    ...(auth.kind === "basic" ? { basicAuthPassword: config.remoteWritePassword } : {}),
    ...(bearer ? { httpHeaderValue1: `Bearer ${config.remoteWriteBearerToken}` } : {}),
    ...(caCertificate === "" ? {} : { tlsCACert: caCertificate }),
  };
  return {
    ...(auth.kind === "basic" ? { basicAuthUser: auth.user } : {}),
    settings: {
      ...(bearer ? { httpHeaderName1: "Authorization" } : {}),
      ...(caCertificate === "" ? {} : { tlsAuthWithCACert: true }),
    },
    ...(Object.keys(secure).length === 0 ? {} : { secureSettings: secure }),
  };
}

function remoteAuth(config: StackConfig): RemoteStoreAuth {
  if (config.remoteWriteBearerToken !== "") {
    return { kind: "bearer" };
  }
  return config.remoteWriteUser === "" ? { kind: "none" } : { kind: "basic", user: config.remoteWriteUser };
}
