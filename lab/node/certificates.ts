import * as crypto from "node:crypto";
import * as fs from "node:fs";
import * as path from "node:path";

import { run } from "./commands";
import { apiServerPort, apiServerServiceAddress, clusterDomain, type NodeNetwork, type NodePaths } from "./settings";
import { writePrivately } from "./state";

/** Files of a certificate and its private key. */
export interface KeyPair {
  readonly certificate: string;
  readonly key: string;
}

/** The users that talk to the API server. */
export type ClientName = "admin" | "controller-manager" | "scheduler" | "kubelet" | "proxy";

/** All key material of a node. */
export interface Certificates {
  readonly authority: KeyPair;
  readonly apiServer: KeyPair;
  /** With which the API server calls the kubelet. */
  readonly kubeletClient: KeyPair;
  readonly kubeletServer: KeyPair;
  /** With which the API server calls aggregated API servers. */
  readonly frontProxyAuthority: KeyPair;
  readonly frontProxyClient: KeyPair;
  /** Signs service account tokens. */
  readonly serviceAccountKey: string;
  /** One kubeconfig for each user. */
  readonly kubeconfigs: Readonly<Record<ClientName, string>>;
}

const validDays = 3650;

/**
 * Makes what is missing of a node's key material. Authorities, clients and the service account key last as long as the
 * node's data; the servers' certificates are new at each start, because they hold the node's address.
 */
export async function ensureCertificates(paths: NodePaths, name: string, network: NodeNetwork): Promise<Certificates> {
  fs.mkdirSync(paths.certificates, { recursive: true, mode: 0o700 });
  writePrivately(path.join(paths.certificates, "openssl.cnf"), "[req]\ndistinguished_name = dn\n[dn]\n");
  const issuer = new Issuer(paths.certificates);
  const [authority, frontProxyAuthority] = await Promise.all([
    issuer.authority("ca", "/CN=kubernetes"),
    issuer.authority("front-proxy-ca", "/CN=front-proxy"),
  ]);
  const clients: Readonly<Record<ClientName, string>> = {
    admin: "/O=system:masters/CN=admin",
    "controller-manager": "/CN=system:kube-controller-manager",
    scheduler: "/CN=system:kube-scheduler",
    kubelet: `/O=system:nodes/CN=system:node:${name}`,
    proxy: "/CN=system:kube-proxy",
  };
  const apiNames = ["kubernetes", "kubernetes.default", "kubernetes.default.svc", "localhost"];
  const apiServerNames = [
    ...[...apiNames, `kubernetes.default.svc.${clusterDomain}`].map((host) => `DNS:${host}`),
    ...[apiServerServiceAddress, network.nodeAddress, "127.0.0.1"].map((address) => `IP:${address}`),
  ];
  const [apiServer, kubeletServer, kubeletClient, frontProxyClient, kubeconfigs] = await Promise.all([
    issuer.server("apiserver", authority, "/CN=kube-apiserver", apiServerNames),
    issuer.server("kubelet-server", authority, `/CN=${name}`, [`DNS:${name}`, `IP:${network.nodeAddress}`]),
    issuer.client("apiserver-kubelet-client", authority, "/O=system:masters/CN=kube-apiserver-kubelet-client"),
    issuer.client("front-proxy-client", frontProxyAuthority, "/CN=front-proxy-client"),
    writeKubeconfigs(paths, name, network, issuer, authority, clients),
  ]);
  const serviceAccountKey = path.join(paths.certificates, "service-accounts.key");
  if (!fs.existsSync(serviceAccountKey)) {
    const { privateKey } = crypto.generateKeyPairSync("ec", { namedCurve: "prime256v1" });
    writePrivately(serviceAccountKey, privateKey.export({ type: "sec1", format: "pem" }).toString());
  }
  return {
    authority,
    apiServer,
    kubeletClient,
    kubeletServer,
    frontProxyAuthority,
    frontProxyClient,
    serviceAccountKey,
    kubeconfigs,
  };
}

/** Issues certificates with the `openssl` command (3.0 or later). */
class Issuer {
  public constructor(private readonly directory: string) {}

  public authority(file: string, subject: string): Promise<KeyPair> {
    return this.once(file, [
      ...["-subj", subject, "-addext", "basicConstraints=critical,CA:TRUE"],
      ...["-addext", "keyUsage=critical,keyCertSign,cRLSign,digitalSignature"],
      ...["-addext", "subjectKeyIdentifier=hash"],
    ]);
  }

  public client(file: string, authority: KeyPair, subject: string): Promise<KeyPair> {
    return this.once(file, this.leaf(authority, subject, "clientAuth"));
  }

  public server(file: string, authority: KeyPair, subject: string, names: readonly string[]): Promise<KeyPair> {
    const names_ = ["-addext", `subjectAltName=${names.join(",")}`];
    return this.issue(file, [...this.leaf(authority, subject, "serverAuth"), ...names_]);
  }

  private leaf(authority: KeyPair, subject: string, usage: string): string[] {
    return [
      ...["-CA", authority.certificate, "-CAkey", authority.key, "-subj", subject],
      ...["-addext", "basicConstraints=critical,CA:FALSE", "-addext", "keyUsage=critical,digitalSignature"],
      ...["-addext", `extendedKeyUsage=${usage}`],
    ];
  }

  private async once(file: string, args: readonly string[]): Promise<KeyPair> {
    const pair = this.files(file);
    return fs.existsSync(pair.certificate) && fs.existsSync(pair.key) ? pair : this.issue(file, args);
  }

  private async issue(file: string, args: readonly string[]): Promise<KeyPair> {
    const pair = this.files(file);
    const key = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-noenc", "-keyout", pair.key];
    const config = ["-config", path.join(this.directory, "openssl.cnf")];
    const days = ["-days", String(validDays)];
    await run(["openssl", "req", "-x509", "-new", ...config, ...key, ...days, "-out", pair.certificate, ...args]);
    fs.chmodSync(pair.key, 0o600);
    return pair;
  }

  private files(file: string): KeyPair {
    return {
      certificate: path.join(this.directory, `${file}.crt`),
      key: path.join(this.directory, `${file}.key`),
    };
  }
}

async function writeKubeconfigs(
  paths: NodePaths,
  name: string,
  network: NodeNetwork,
  issuer: Issuer,
  authority: KeyPair,
  clients: Readonly<Record<ClientName, string>>,
): Promise<Record<ClientName, string>> {
  const written = await Promise.all(
    Object.entries(clients).map(async ([client, subject]) => {
      const pair = await issuer.client(`client-${client}`, authority, subject);
      const file = client === "admin" ? paths.kubeconfig : path.join(paths.config, `${client}.kubeconfig`);
      writePrivately(file, kubeconfig(name, network, authority, pair));
      return [client, file] as const;
    }),
  );
  return Object.fromEntries(written) as Record<ClientName, string>;
}

/** A kubeconfig that holds all it needs itself. It is JSON, which every reader of YAML reads. */
function kubeconfig(name: string, network: NodeNetwork, authority: KeyPair, pair: KeyPair): string {
  const encoded = (file: string): string => fs.readFileSync(file).toString("base64");
  const server = `https://${network.nodeAddress}:${apiServerPort}`;
  const config = {
    apiVersion: "v1",
    kind: "Config",
    clusters: [{ name, cluster: { server, "certificate-authority-data": encoded(authority.certificate) } }],
    users: [
      {
        name,
        user: { "client-certificate-data": encoded(pair.certificate), "client-key-data": encoded(pair.key) },
      },
    ],
    contexts: [{ name, context: { cluster: name, user: name } }],
    "current-context": name,
  };
  return `${JSON.stringify(config, undefined, 2)}\n`;
}
