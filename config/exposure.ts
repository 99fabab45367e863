import type { CertificateArgs, CertificateIssuer } from "../components/namespace/certificate";
import type { Exposure as ServiceExposure } from "../components/kubernetes/exposure";
import { serviceNames } from "../components/kubernetes/names";
import type { General } from "./general";
import { type Grafana, isInCluster } from "./grafana";
import * as value from "./values";

export const title = "Addresses and TLS";

export const schema = {
  exposure: value
    .oneOf("NodePort", "Ingress", "LoadBalancer", "ClusterIP")
    .prefault("Ingress")
    .describe(
      "How Grafana and the collector are reached from outside the cluster, `NodePort`, `Ingress`, `LoadBalancer` or `ClusterIP` (not at all)",
    ),
  grafanaUrl: value.url.prefault("https://grafana.example.com").describe("Where people open Grafana"),
  otlpHttpUrl: value.url.prefault("https://otlp.example.com").describe("Where clients send OTLP over HTTP"),
  otlpGrpcUrl: value.url.prefault("https://otlp-grpc.example.com").describe("Where clients send OTLP over gRPC"),
  nodePorts: value.group({
    grafana: value.nodePort.prefault(30000).describe("NodePort of Grafana"),
    otlpGrpc: value.nodePort.prefault(30317).describe("NodePort of OTLP over gRPC"),
    otlpHttp: value.nodePort.prefault(30318).describe("NodePort of OTLP over HTTP"),
  }),
  ingressClassName: value
    .optionalName("an IngressClass")
    .describe("IngressClass that serves the three addresses; the cluster's default class without"),
  tls: value.group({
    secret: value
      .optionalName("a Secret")
      .describe(
        "Secret of type `kubernetes.io/tls` in the namespace: with `Ingress` the Ingress serves with it, else collector and Grafana do",
      ),
    issuer: value
      .optional("an issuer of cert-manager such as ClusterIssuer/letsencrypt", certificateIssuer)
      .describe("cert-manager's issuer of that certificate instead, such as `ClusterIssuer/letsencrypt`"),
    clientCaSecret: value
      .optionalName("a Secret")
      .describe("Secret in the namespace whose `ca.crt` signs clients' certificates; clients need none without"),
  }),
};

export type Exposure = value.ValuesOf<typeof schema>;

const urlKeys = ["grafanaUrl", "otlpHttpUrl", "otlpGrpcUrl"] as const;

function certificateIssuer(text: string): CertificateIssuer | undefined {
  const [, kind, name] = /^(ClusterIssuer|Issuer)\/([a-z0-9][a-z0-9.-]{0,251})$/.exec(text) ?? [];
  return name === undefined ? undefined : { kind: kind === "Issuer" ? "Issuer" : "ClusterIssuer", name };
}

/** Contradictions about ports and certificates. */
export function contradictions(config: Exposure): string[] {
  const { exposure, tls } = config;
  const problems: string[] = [];
  const ports = Object.values(config.nodePorts);
  if (exposure === "NodePort" && new Set(ports).size < ports.length) {
    problems.push(`nodePorts: found ${ports.join(", ")}; expected three different ports`);
  }
  if (tls.issuer !== undefined && tls.secret !== undefined) {
    problems.push(`tls.secret: found "${tls.secret}"; with tls.issuer expected nothing, a certificate is issued`);
  }
  if (tls.clientCaSecret !== undefined && !servesTls(config)) {
    problems.push(
      `tls.clientCaSecret: found "${tls.clientCaSecret}"; expected nothing where the collector does not serve TLS itself`,
    );
  }
  return servesTls(config) ? [...problems, ...plainUrls(config, "where the stack serves TLS")] : problems;
}

/** True if collector and Grafana serve TLS themselves. */
function servesTls({ exposure, tls }: Exposure): boolean {
  return exposure !== "Ingress" && (tls.secret ?? tls.issuer) !== undefined;
}

/** Addresses that are not `https:`. */
function plainUrls(config: Exposure, where: string): string[] {
  return urlKeys
    .filter((key) => config[key].startsWith("http:"))
    .map((key) => `${key}: found "${config[key]}"; ${where} expected https`);
}

/** Plain text and addresses that nobody has. */
export function productionRefusals(config: Exposure & General & Grafana): string[] {
  const { exposure, tls } = config;
  const used = usedUrls(config, config.grafana.deployment !== "none").map((key) => [key, config[key]] as const);
  const problems = [...plainUrls(config, "in production"), ...value.placeholders(Object.fromEntries(used))];
  if (exposure === "NodePort") {
    problems.push('exposure: found "NodePort"; in production expected Ingress, LoadBalancer or ClusterIP');
  } else if (isInCluster(config) && exposure !== "Ingress" && (tls.secret ?? tls.issuer) === undefined) {
    problems.push(
      `tls.secret: found nothing; in production, with exposure "${exposure}", expected a Secret, or tls.issuer`,
    );
  }
  return problems;
}

function usedUrls({ collection }: General, withGrafana: boolean): (typeof urlKeys)[number][] {
  return urlKeys.filter((key) => (key === "grafanaUrl" ? withGrafana : collection === "in-cluster"));
}

/** The certificate to ask cert-manager for; undefined for none. */
export function certificateArgs(config: Exposure & General & Grafana): Omit<CertificateArgs, "namespace"> | undefined {
  const { issuer } = config.tls;
  const hosts = usedUrls(config, config.grafana.deployment === "in-cluster").map((key) => hostOf(config[key]));
  return issuer === undefined || hosts.length === 0
    ? undefined
    : { secretName: serviceNames(config.namePrefix).tlsSecret, issuer, dnsNames: [...new Set(hosts)] };
}

/** The Secret whose certificate collector and Grafana serve with; undefined where something else ends TLS, or nothing. */
export function servingTlsSecret(config: Exposure & General): string | undefined {
  return servesTls(config) ? tlsSecret(config) : undefined;
}

function tlsSecret({ tls, namePrefix }: Exposure & General): string | undefined {
  return tls.issuer === undefined ? tls.secret : serviceNames(namePrefix).tlsSecret;
}

/** Exposure of the collector to clients outside. */
export function collectorExposure(config: Exposure & General): ServiceExposure {
  const { nodePorts, otlpGrpcUrl, otlpHttpUrl } = config;
  return exposureOf(
    config,
    { "otlp-grpc": nodePorts.otlpGrpc, "otlp-http": nodePorts.otlpHttp },
    { "otlp-grpc": otlpGrpcUrl, "otlp-http": otlpHttpUrl },
  );
}

/** Exposure of Grafana to people outside. */
export function grafanaExposure(config: Exposure & General): ServiceExposure {
  return exposureOf(config, { http: config.nodePorts.grafana }, { http: config.grafanaUrl });
}

function exposureOf(
  config: Exposure & General,
  nodePorts: Readonly<Record<string, number>>,
  urls: Readonly<Record<string, string>>,
): ServiceExposure {
  switch (config.exposure) {
    case "ClusterIP":
    case "LoadBalancer":
      return { kind: config.exposure };
    case "NodePort":
      return { kind: "NodePort", nodePorts };
    case "Ingress":
      return {
        kind: "Ingress",
        hosts: Object.fromEntries(Object.entries(urls).map(([port, url]) => [port, hostOf(url)])),
        className: config.ingressClassName,
        tlsSecret: tlsSecret(config),
      };
  }
}

function hostOf(url: string): string {
  return new URL(url).hostname;
}
