import type { ImageName } from "../components/kubernetes/images";
import type { WorkloadSize } from "../components/namespace/limits";
import type { NetworkPoliciesArgs, PolicyComponent } from "../components/namespace/network-policies";
import { isDeployed, resourcesOf } from "./stack";
import { backedUp } from "./backup";
import type { StackConfig } from "./schema";

const components = ["collector", "prometheus", "loki", "tempo", "grafana"] as const satisfies readonly ImageName[];

/** What network policies depend on. */
export function networkPoliciesArgs(config: StackConfig): Omit<NetworkPoliciesArgs, "namespace"> {
  const { namePrefix, dnsAddresses, apiServerAddresses, readerNamespaces } = config;
  return {
    namePrefix,
    components: [
      ...deployedComponents(config).map((name): PolicyComponent => (name === "collector" ? "otel-collector" : name)),
      ...backedUp(config).map((store): PolicyComponent => `${store}-backup`),
    ],
    externalEgress: externalEgress(config),
    dnsAddresses,
    apiServerAddresses,
    readerNamespaces,
  };
}

/** Everything that is deployed, for the namespace's quota. */
export function workloadSizes(config: StackConfig): WorkloadSize[] {
  return deployedComponents(config).map((component) => ({
    replicas: component === "collector" ? Math.max(config.collectorReplicas, config.collectorMaxReplicas) : 1,
    resources: resourcesOf(config, component),
    storage: component === "collector" ? config.collectorQueueStorage : config[`${component}Storage`],
  }));
}

function deployedComponents(config: StackConfig): (typeof components)[number][] {
  return components.filter((component) => {
    switch (component) {
      case "collector":
      case "prometheus":
        return config.collection === "in-cluster";
      case "loki":
      case "tempo":
        return isDeployed(config, component);
      case "grafana":
        return config.grafana === "in-cluster";
    }
  });
}

const httpsPort = 443;
/** Of mail servers: between servers, with TLS, and submission. */
const mailPorts = [25, 465, 587];

/** Connections that leave the namespace: messages, questions who somebody is, and writes to and reads of other stores. */
function externalEgress(config: StackConfig): NetworkPoliciesArgs["externalEgress"] {
  const { remoteWriteOtlpUrl, remoteWriteUrl, remoteWriteQueryUrl } = config;
  const { grafanaPrometheusUrl, grafanaLokiUrl, grafanaTempoUrl } = config;
  const asked = portsOf(remoteWriteQueryUrl, grafanaPrometheusUrl, grafanaLokiUrl, grafanaTempoUrl);
  const grafana = [...contactPointPorts(config), ...oidcPorts(config), ...asked];
  return {
    "otel-collector": portsOf(remoteWriteOtlpUrl),
    prometheus: portsOf(remoteWriteUrl),
    grafana: [...new Set(grafana)].sort((a, b) => a - b),
  };
}

/** Where Grafana asks who somebody is. The provider's page is opened by the browser. */
function oidcPorts({ grafanaOidcTokenUrl: token, grafanaOidcApiUrl: api }: StackConfig): number[] {
  return portsOf(token, api);
}

/** Where Grafana's messages go. */
function contactPointPorts(config: StackConfig): number[] {
  if (!config.alerts) {
    return [];
  }
  const ports = [
    ...portsOf(config.alertSlackUrl, config.alertWebhookUrl),
    ...(config.alertPagerDutyKey === "" ? [] : [httpsPort]),
    ...(config.alertEmails.length === 0 ? [] : mailPorts),
  ];
  return ports;
}

function portsOf(...urls: readonly (string | undefined)[]): number[] {
  return urls.filter((url) => url !== undefined).map(portOf);
}

function portOf(text: string): number {
  const { port, protocol } = new URL(text);
  return port === "" ? (protocol === "https:" ? httpsPort : 80) : Number(port);
}
