import { backupResources } from "../components/backup/backup";
import { billResources } from "../components/bill/bill";
import { reportResources } from "../components/report/report";
import type { WorkloadSize } from "../components/namespace/limits";
import type { NetworkPoliciesArgs, PolicyComponent } from "../components/namespace/network-policies";
import type { Alerting } from "./alerting";
import { type Backup, backedUp } from "./backup";
import { type Bill, readsBill } from "./bill";
import type { Collection } from "./collection";
import type { General } from "./general";
import type { Grafana } from "./grafana";
import type { RemoteWrite } from "./remote-write";
import { mailsReport, type Report } from "./report";
import type { SignIn } from "./sign-in";
import { eventStores, isDeployed, type Storage } from "./storage";
import * as value from "./values";

export const title = "Network and quota";

export const schema = {
  networkPolicies: value.bool
    .prefault("true")
    .describe(
      "Whether NetworkPolicies refuse every connection but those that the stack needs; the cluster's network plugin must enforce them",
    ),
  network: value.group({
    dnsAddresses: value
      .list("blocks of addresses", value.addressBlock)
      .prefault([])
      .describe(
        "Addresses of name servers that pods may ask, e.g. `10.96.0.10/32`, besides kube-dns in `kube-system` and node-local DNS at 169.254.20.10",
      ),
    apiServerAddresses: value
      .list("blocks of addresses", value.addressBlock)
      .prefault([])
      .describe(
        "Where the API server's connections to pods come from, e.g. `10.0.0.0/28`, if the network plugin judges them; `npm run status`, `demo` and `recompute` read Prometheus that way",
      ),
    readerNamespaces: value
      .list("names of namespaces", value.namespaceName)
      .prefault([])
      .describe(
        "Namespaces whose pods may read Prometheus, Loki and Tempo, e.g. that of an `external` Grafana in the same cluster",
      ),
  }),
  resourceQuota: value.bool
    .prefault("true")
    .describe(
      "Whether the namespace gets a ResourceQuota, twice what the stack asks for, and default requests and limits for containers without",
    ),
};

type Network = value.ValuesOf<typeof schema>;
type Sized = Backup & Bill & Collection & General & Grafana & Report & Storage;
type Connected = Network & Sized & Alerting & RemoteWrite & SignIn;

/** A Grafana elsewhere that is told the address inside the cluster is in another namespace. */
export function contradictions(config: Network & General & Grafana): string[] {
  const { collection, grafana, network, networkPolicies } = config;
  const inside =
    grafana.deployment === "external" && (grafana.prometheusDataSourceUid ?? grafana.prometheusUrl) === undefined;
  return collection === "in-cluster" && inside && networkPolicies && network.readerNamespaces.length === 0
    ? [
        'network.readerNamespaces: found nothing; with grafana.deployment "external" expected its namespace, or ' +
          'grafana.prometheusUrl, or networkPolicies "false"',
      ]
    : [];
}

/** Arguments of the NetworkPolicies; undefined where every connection is allowed. */
export function networkPoliciesArgs(config: Connected): Omit<NetworkPoliciesArgs, "namespace"> | undefined {
  return config.networkPolicies
    ? {
        namePrefix: config.namePrefix,
        components: [
          ...deployedComponents(config).map((name): PolicyComponent =>
            name === "collector" ? "otel-collector" : name,
          ),
          ...backedUp(config).map((store): PolicyComponent => `${store}-backup`),
          ...(readsBill(config) ? (["bill"] as const) : []),
          ...(mailsReport(config) ? (["report"] as const) : []),
        ],
        externalEgress: externalEgress(config),
        ...config.network,
      }
    : undefined;
}

/** Everything that is deployed, for the namespace's quota; undefined where there is none. */
export function workloadSizes(config: Network & Sized): WorkloadSize[] | undefined {
  const sizes = deployedComponents(config).map((component) => {
    if (component === "collector") {
      const { replicas, maxReplicas, resources, queueStorage } = config.collector;
      return { replicas: Math.max(replicas, maxReplicas), resources, storage: queueStorage };
    }
    const { resources, storage } = config[component];
    return { replicas: 1, resources, storage };
  });
  const copies = backedUp(config).map((store) => {
    return { replicas: 1, resources: backupResources, storage: config.backup.storage[store] };
  });
  const bill = readsBill(config) ? [{ replicas: 1, resources: billResources }] : [];
  const report = mailsReport(config) ? [{ replicas: 1, resources: reportResources }] : [];
  return config.resourceQuota ? [...sizes, ...copies, ...bill, ...report] : undefined;
}

function deployedComponents(config: Sized) {
  const collected = ["collector", "prometheus", ...eventStores.filter((store) => isDeployed(config, store))] as const;
  return [
    ...(config.collection === "in-cluster" ? collected : []),
    ...(config.grafana.deployment === "in-cluster" ? (["grafana"] as const) : []),
  ];
}

const httpsPort = 443;

/** Connections that leave the namespace: messages, questions who somebody is, and writes to and reads of other stores. */
function externalEgress(config: Connected): NetworkPoliciesArgs["externalEgress"] {
  const { grafana, oidc, remoteWrite } = config;
  // The provider's page is opened by the browser.
  const stores = [grafana.prometheusUrl, grafana.lokiUrl, grafana.tempoUrl, remoteWrite.queryUrl];
  const mail = grafana.smtp.host && `smtp://${grafana.smtp.host}`;
  const ports = [...contactPointPorts(config), ...portsOf(mail, oidc.tokenUrl, oidc.apiUrl, ...stores)];
  return {
    "otel-collector": { ports: portsOf(remoteWrite.otlpUrl) },
    prometheus: { ports: portsOf(remoteWrite.url) },
    grafana: { ports: [...new Set(ports)].sort((a, b) => a - b) },
    ...(mailsReport(config) && { report: { ports: portsOf(mail) } }),
    ...(readsBill(config) && { bill: { ports: portsOf(config.bill.url), addresses: config.bill.addresses } }),
  };
}

/** Ports to which Grafana sends its messages, but for mail. */
function contactPointPorts({ alerting }: Alerting): number[] {
  const { enabled, slackUrl, teamsUrl, webhookUrl, pagerDutyKey, opsgenieKey, opsgenieUrl } = alerting;
  const ports = [
    ...[slackUrl, teamsUrl, webhookUrl].flatMap((secret) => secret?.tell(value.portOf) ?? []),
    ...(pagerDutyKey === undefined ? [] : [httpsPort]),
    ...(opsgenieKey === undefined ? [] : portsOf(opsgenieUrl)),
  ];
  return enabled ? ports : [];
}

function portsOf(...urls: readonly (string | undefined)[]): number[] {
  return urls.filter((url) => url !== undefined).map(value.portOf);
}
