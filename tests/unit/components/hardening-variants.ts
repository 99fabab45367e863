import { images } from "../../../components/kubernetes/images";
import type { ConfigValues } from "../../../config/paths";
import { settings } from "../../../config/schema";
import { smtp } from "../config/smtp";

/** Cannot occur by chance. Long enough to be a password. */
export const canary = "canary-7f3a1c";
const secrets = {
  ...Object.fromEntries(
    settings
      .filter(({ secret }) => secret)
      .map(({ path }) => [path, path.endsWith("Url") ? `https://${path.toLowerCase()}.example.com/${canary}` : canary]),
  ),
  // The password is one of a user at a server.
  ...{ ...smtp, "grafana.smtp.user": "grafana" },
  // The bill is read without a distributed store alone.
  "bill.key": "",
};
export const store = {
  "remoteWrite.url": "https://store.example.com/api/v1/push",
  "remoteWrite.otlpUrl": "https://store.example.com:4318/otlp",
  "remoteWrite.queryUrl": "https://store.example.com:8443",
};
const oidc = {
  "oidc.clientId": "grafana",
  "oidc.authUrl": "https://login.example.com/authorize",
  "oidc.tokenUrl": "https://login.example.com/token",
  "oidc.apiUrl": "https://login.example.com/userinfo",
};
export const digest = `@sha256:${"0123456789abcdef".repeat(4)}`;
export const mirrored = Object.fromEntries(
  Object.entries(images).map(([name, image]) => [name, `${image.replace("docker.io", "mirror.local:5000")}${digest}`]),
);

/** Stacks that together have everything that can be switched on, and off. */
export const variants: Readonly<Record<string, readonly [stack: string, overrides: ConfigValues]>> = {
  dev: ["dev", {}],
  prod: ["prod", {}],
  "prod, everything on": [
    "prod",
    {
      ...{ ...secrets, ...store, ...oidc, "remoteWrite.password": "", "collector.maxReplicas": "6" },
      ...{ identity: "pseudonym", contents: ["prompts"], "collector.replicas": "5", images: mirrored },
      ...{
        "backup.enabled": true,
        "report.emails": ["controlling@corp.test"],
        "alerting.emails": ["a@corp.test"],
        "network.readerNamespaces": ["monitoring"],
        "network.apiServerAddresses": ["10.0.0.0/28"],
      },
      ...{ "network.dnsAddresses": ["10.96.0.10/32"], "tls.secret": "certificate" },
    },
  ],
  "dev, everything on": [
    "dev",
    {
      ...{ ...secrets, ...store, "remoteWrite.user": "team", "remoteWrite.bearerToken": "" },
      ...{
        identity: "pseudonym",
        "collector.replicas": "3",
        teams: [{ name: "platform", credentials: [1, 2] }, "web"],
      },
    },
  ],
  "prod, which serves TLS itself": [
    "prod",
    { exposure: "LoadBalancer", "tls.secret": "certificate", "tls.clientCaSecret": "clients" },
  ],
  "prod, which reads the bill": ["prod", { identity: "pseudonym", "bill.key": canary }],
  "dev, as little as possible": [
    "dev",
    { "loki.enabled": "false", "tempo.enabled": "false", "grafana.deployment": "none" },
  ],
};
