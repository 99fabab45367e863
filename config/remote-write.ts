import * as pulumi from "@pulumi/pulumi";

import type { GrafanaDataSource } from "../components/grafana/content";
import type { RemoteStoreArgs, RemoteStoreAuth } from "../components/prometheus/remote-store";
import type { General } from "./general";
import type { Grafana } from "./grafana";
import * as value from "./values";

export const title = "A distributed store";

export const schema = {
  remoteWrite: value.group({
    url: value
      .optionalEndpoint("http://thanos-receive:19291/api/v1/receive")
      .describe(
        "Remote-write receiver of a distributed store (Thanos Receive, Mimir, Grafana Cloud), whole, for roll-ups and what Prometheus scrapes; there is no such store without",
      ),
    otlpUrl: value
      .optionalEndpoint("http://thanos-receive:19291/api/v1/otlp")
      .describe(
        "OTLP receiver of the same store for metrics, whole, for what clients report; the collectors send there from queues of their own",
      ),
    queryUrl: value
      .optionalEndpoint("http://thanos-query:9090")
      .describe("Where Grafana reads from the store, in place of Prometheus"),
    user: value.text("a user name").describe("User at the store, with `remoteWrite.password`"),
    password: value.secret("a password").describe("Password at the store, for writing and reading"),
    bearerToken: value.secret("a token").describe("Token at the store in place of user and password"),
    caCertificate: value
      .text("a certificate in PEM form")
      .describe("Certificate in PEM form that the store's own is verified by; the system's without"),
  }),
};

export type RemoteWrite = value.ValuesOf<typeof schema>;

const needed = ["otlpUrl", "queryUrl"] as const;
const optional = ["user", "password", "bearerToken", "caCertificate"] as const;

/** A distributed store is described whole, or not at all; its secret in one way. */
export function contradictions({ collection, grafana, remoteWrite }: RemoteWrite & General & Grafana): string[] {
  if (remoteWrite.url === undefined) {
    return [...needed, ...optional]
      .filter((key) => remoteWrite[key] !== undefined)
      .map((key) => `remoteWrite.${key}: found a value; without remoteWrite.url expected nothing`);
  }
  if (collection === "none") {
    return ['remoteWrite.url: found a value; with collection "none" expected nothing, there is no Prometheus to write'];
  }
  const problems = needed
    .filter((key) => remoteWrite[key] === undefined)
    .map((key) => `remoteWrite.${key}: found nothing; with remoteWrite.url expected a URL of the same store`);
  if ((remoteWrite.user === undefined) !== (remoteWrite.password === undefined)) {
    problems.push("remoteWrite.user, remoteWrite.password: found one of them; expected both or none");
  }
  if (remoteWrite.password !== undefined && remoteWrite.bearerToken !== undefined) {
    problems.push("remoteWrite.bearerToken: found a token; with remoteWrite.password expected nothing");
  }
  if (grafana.prometheusUrl !== undefined) {
    problems.push(
      "grafana.prometheusUrl: found a URL; with remoteWrite.url expected nothing, Grafana reads remoteWrite.queryUrl",
    );
  }
  if (grafana.prometheusDataSourceUid !== undefined) {
    problems.push(
      "grafana.prometheusDataSourceUid: found a value; with remoteWrite.url expected nothing, its data source is created",
    );
  }
  return problems;
}

/** URLs that would carry a password or token that anybody on the way can read. */
export function productionRefusals({ remoteWrite }: RemoteWrite): string[] {
  const secret = remoteWrite.password ?? remoteWrite.bearerToken;
  return (["url", ...needed] as const)
    .filter((key) => secret !== undefined && remoteWrite[key]?.startsWith("http:") === true)
    .map((key) => `remoteWrite.${key}: found an http URL; in production, with a password or token, expected https`);
}

/** The store as the components are told of it; undefined for none. */
export function remoteStoreArgs({ remoteWrite }: RemoteWrite): RemoteStoreArgs | undefined {
  const { url: writeUrl, otlpUrl, caCertificate, password, bearerToken } = remoteWrite;
  return writeUrl === undefined || otlpUrl === undefined
    ? undefined
    : {
        store: { writeUrl, otlpUrl, auth: remoteAuth(remoteWrite), caCertificate },
        secret: (password ?? bearerToken)?.output,
      };
}

function remoteAuth({ user, bearerToken }: RemoteWrite["remoteWrite"]): RemoteStoreAuth {
  if (bearerToken !== undefined) {
    return { kind: "bearer" };
  }
  return user === undefined ? { kind: "none" } : { kind: "basic", user };
}

/** Credentials of Grafana's data source at the store; empty without one. */
export function remoteDataSourceAccess({
  remoteWrite,
}: RemoteWrite): Pick<GrafanaDataSource, "basicAuthUser" | "settings" | "secureSettings"> {
  const { user, password, bearerToken, caCertificate } = remoteWrite;
  const secure = {
    ...(password && { basicAuthPassword: password.output }),
    ...(bearerToken && { httpHeaderValue1: pulumi.interpolate`Bearer ${bearerToken.output}` }),
    ...(caCertificate && { tlsCACert: caCertificate }),
  };
  return {
    basicAuthUser: user,
    settings: {
      ...(bearerToken && { httpHeaderName1: "Authorization" }),
      ...(caCertificate && { tlsAuthWithCACert: true }),
    },
    secureSettings: Object.keys(secure).length === 0 ? undefined : secure,
  };
}
