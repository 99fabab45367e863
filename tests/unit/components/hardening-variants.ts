import { images } from "../../../components/kubernetes/images";
import { secretKeys } from "../../../config/schema";

/** Cannot occur by chance. Long enough to be a password. */
export const canary = "canary-7f3a1c";
const secrets = Object.fromEntries(
  [...secretKeys].map((key) => [
    key,
    key.endsWith("Url") ? `https://${key.toLowerCase()}.example.com/${canary}` : canary,
  ]),
);
export const store = {
  remoteWriteUrl: "https://store.example.com/api/v1/push",
  remoteWriteOtlpUrl: "https://store.example.com:4318/otlp",
  remoteWriteQueryUrl: "https://store.example.com:8443",
};
const oidc = {
  grafanaOidcClientId: "grafana",
  grafanaOidcAuthUrl: "https://login.example.com/authorize",
  grafanaOidcTokenUrl: "https://login.example.com/token",
  grafanaOidcApiUrl: "https://login.example.com/userinfo",
};
export const digest = `@sha256:${"0123456789abcdef".repeat(4)}`;
export const mirrored = Object.entries(images).map(
  ([name, image]) => `${name}=${image.replace("docker.io", "mirror.local:5000")}${digest}`,
);

/** Stacks that together have everything that can be switched on, and off. */
export const variants: Readonly<Record<string, readonly [stack: string, overrides: Readonly<Record<string, string>>]>> =
  {
    dev: ["dev", {}],
    prod: ["prod", {}],
    "prod, everything on": [
      "prod",
      {
        ...{ ...secrets, ...store, ...oidc, remoteWritePassword: "", collectorMaxReplicas: "6" },
        ...{ identity: "pseudonym", keepContents: "prompts", collectorReplicas: "5", images: mirrored.join() },
        ...{
          backupSchedule: "17 3 * * *",
          alertEmails: "a@example.com",
          readerNamespaces: "monitoring",
          apiServerAddresses: "10.0.0.0/28",
        },
        ...{ dnsAddresses: "10.96.0.10/32", ingressTlsSecret: "certificate" },
      },
    ],
    "dev, everything on": [
      "dev",
      {
        ...{ ...secrets, ...store, remoteWriteUser: "team", remoteWriteBearerToken: "" },
        ...{ identity: "pseudonym", collectorReplicas: "3", teams: "platform=1|2, web" },
      },
    ],
    "prod, which serves TLS itself": [
      "prod",
      { exposure: "LoadBalancer", tlsSecret: "certificate", clientCaSecret: "clients" },
    ],
    "dev, as little as possible": ["dev", { loki: "false", tempo: "false", grafana: "none" }],
  };
