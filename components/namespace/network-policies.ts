import * as kubernetes from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";

import type { BackedUpStore } from "../backup/backup";
import { type Place, selectorLabels } from "../kubernetes/labels";
import { ports } from "../kubernetes/ports";

type Spec = kubernetes.types.input.networking.v1.NetworkPolicySpec;
type Peer = kubernetes.types.input.networking.v1.NetworkPolicyPeer;

/** Components with pods, by their label `app.kubernetes.io/name`. */
export type PolicyComponent =
  | "otel-collector"
  | "prometheus"
  | "loki"
  | "tempo"
  | "grafana"
  | "bill"
  | "report"
  | BackupComponent;

type BackupComponent = `${BackedUpStore}-backup`;

/** Allowed connections: client, server, and ports of the server. */
interface Arrow {
  /** `readers` are pods of {@link NetworkPoliciesArgs.readerNamespaces}. */
  readonly from: PolicyComponent | "anywhere" | "readers" | "API server";
  readonly to: PolicyComponent;
  readonly port: number;
}

/** The arrows of the design. Policies refuse every other connection, in both directions. */
const arrows: readonly Arrow[] = [
  { from: "anywhere", to: "otel-collector", port: ports.otlpGrpc },
  { from: "anywhere", to: "otel-collector", port: ports.otlpHttp },
  { from: "anywhere", to: "grafana", port: ports.grafana },
  { from: "otel-collector", to: "prometheus", port: ports.prometheus },
  { from: "otel-collector", to: "loki", port: ports.loki },
  { from: "otel-collector", to: "tempo", port: ports.otlpHttp },
  { from: "prometheus", to: "otel-collector", port: ports.collectorMetrics },
  { from: "prometheus", to: "loki", port: ports.loki },
  { from: "prometheus", to: "tempo", port: ports.tempo },
  { from: "prometheus", to: "grafana", port: ports.grafana },
  { from: "grafana", to: "prometheus", port: ports.prometheus },
  { from: "grafana", to: "loki", port: ports.loki },
  { from: "grafana", to: "tempo", port: ports.tempo },
  // The bill job reads what clients reported, and writes what was charged.
  { from: "bill", to: "prometheus", port: ports.prometheus },
  // The month's report reads what clients reported, and what was charged.
  { from: "report", to: "prometheus", port: ports.prometheus },
  // Each backup reports that it is complete.
  { from: "prometheus-backup", to: "prometheus", port: ports.prometheus },
  { from: "loki-backup", to: "prometheus", port: ports.prometheus },
  { from: "grafana-backup", to: "prometheus", port: ports.prometheus },
  { from: "readers", to: "prometheus", port: ports.prometheus },
  { from: "readers", to: "loki", port: ports.loki },
  { from: "readers", to: "tempo", port: ports.tempo },
  // `npm run status`, `demo` and `recompute` ask Prometheus through the API server.
  { from: "API server", to: "prometheus", port: ports.prometheus },
];

/** Address of node-local DNS, if the cluster has it. */
const nodeLocalDns = "169.254.20.10/32";
/** Metadata services of clouds, which hand out the node's credentials, and all else on the link. */
const linkLocal = { v4: ["169.254.0.0/16"], v6: ["fe80::/10", "fd00:ec2::254/128"] };

/** Connections of a component that leave the namespace. */
export interface ExternalEgress {
  /** TCP ports. */
  readonly ports: readonly number[];
  /** Blocks of addresses. Default: any but link-local ones. */
  readonly addresses?: readonly string[];
}

/** Inputs of {@link NetworkPolicies}. */
export interface NetworkPoliciesArgs extends Place {
  /** The components that are deployed. */
  readonly components: readonly PolicyComponent[];
  /** Connections that leave the namespace, by component. Default of each: none. */
  readonly externalEgress: Readonly<Partial<Record<PolicyComponent, ExternalEgress>>>;
  /** Name servers, in CIDR form, besides kube-dns in `kube-system` and node-local DNS. */
  readonly dnsAddresses: readonly string[];
  /** Source addresses of the API server's proxy, in CIDR form, for engines that enforce policies on it. */
  readonly apiServerAddresses: readonly string[];
  /** Namespaces whose pods may read Prometheus, Loki and Tempo. */
  readonly readerNamespaces: readonly string[];
}

/**
 * NetworkPolicies: nothing in the namespace connects or is connected to, but for the design's arrows. They need a
 * network plugin that enforces them. Kubelet's probes come from the pod's own node, which engines let pass.
 */
export class NetworkPolicies extends pulumi.ComponentResource {
  constructor(name: string, args: NetworkPoliciesArgs, opts?: pulumi.ComponentResourceOptions) {
    super("claude-monitoring:network-policies:NetworkPolicies", name, {}, opts);
    const labels = selectorLabels(args.namePrefix, "network-policies");
    const names = [...networkPolicySpecs(args)].map(([policy, spec]) => {
      const metadata = { name: `${args.namePrefix}-${policy}`, namespace: args.namespace, labels };
      new kubernetes.networking.v1.NetworkPolicy(`${name}-${policy}`, { metadata, spec }, { parent: this });
      return metadata.name;
    });
    this.registerOutputs({ names });
  }
}

type SpecsArgs = Omit<NetworkPoliciesArgs, "namespace">;

/** The policies by name: `default-deny` for every pod of the namespace, and one for each component. */
export function networkPolicySpecs(args: SpecsArgs): ReadonlyMap<string, Spec> {
  const policyTypes = ["Ingress", "Egress"];
  return new Map<string, Spec>([
    ["default-deny", { podSelector: {}, policyTypes }],
    ...args.components.map((component): [string, Spec] => [
      component,
      {
        podSelector: pods(args.namePrefix, component),
        policyTypes,
        ingress: ingress(args, component),
        egress: egress(args, component),
      },
    ]),
  ]);
}

function ingress(args: SpecsArgs, component: PolicyComponent): Spec["ingress"] {
  return arrows
    .filter(({ to }) => to === component)
    .map(({ from, port }) => ({ from: peers(args, from), ports: [tcp(port)] }))
    .filter(({ from }) => from?.length !== 0);
}

/** Undefined for everybody, also outside the cluster. */
function peers(args: SpecsArgs, from: Arrow["from"]): Peer[] | undefined {
  const { namePrefix, components, readerNamespaces, apiServerAddresses } = args;
  switch (from) {
    case "anywhere":
      return undefined;
    case "readers":
      return readerNamespaces.length === 0 ? [] : [{ namespaceSelector: named(readerNamespaces) }];
    case "API server":
      return apiServerAddresses.map(block);
    default:
      return components.includes(from) ? [{ podSelector: pods(namePrefix, from) }] : [];
  }
}

function egress(args: SpecsArgs, component: PolicyComponent): Spec["egress"] {
  const outgoing = arrows.filter(({ from, to }) => from === component && args.components.includes(to));
  const { ports: external = [], addresses } = args.externalEgress[component] ?? {};
  if (outgoing.length + external.length === 0) {
    return [];
  }
  const dns = { namespaceSelector: named(["kube-system"]), podSelector: { matchLabels: { "k8s-app": "kube-dns" } } };
  return [
    ...outgoing.map(({ to, port }) => ({ to: [{ podSelector: pods(args.namePrefix, to) }], ports: [tcp(port)] })),
    {
      to: [dns, ...[nodeLocalDns, ...args.dnsAddresses].map(block)],
      ports: [{ protocol: "UDP", port: 53 }, tcp(53)],
    },
    ...(external.length === 0 ? [] : [{ to: addresses?.map(block) ?? outside(), ports: external.map(tcp) }]),
  ];
}

function outside(): Peer[] {
  return [
    { ipBlock: { cidr: "0.0.0.0/0", except: linkLocal.v4 } },
    { ipBlock: { cidr: "::/0", except: linkLocal.v6 } },
    // Some engines take no pod for an address.
    { namespaceSelector: {} },
  ];
}

function pods(namePrefix: string, component: PolicyComponent) {
  return { matchLabels: selectorLabels(namePrefix, component) };
}

/** By the label that the API server itself puts on each namespace. */
function named(names: readonly string[]) {
  return { matchExpressions: [{ key: "kubernetes.io/metadata.name", operator: "In", values: [...names] }] };
}

function block(cidr: string): Peer {
  return { ipBlock: { cidr } };
}

function tcp(port: number) {
  return { protocol: "TCP", port };
}
