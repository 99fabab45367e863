import * as kubernetes from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import * as random from "@pulumi/random";

import { type ClaudeCodeSettingsArgs, claudeCodeSettings as managedSettings } from "./client/settings";
import { Backup } from "./components/backup/backup";
import { Certificate } from "./components/namespace/certificate";
import { Collector } from "./components/collector/collector";
import { Grafana } from "./components/grafana/grafana";
import { type GrafanaApi, GrafanaContent } from "./components/grafana/content";
import { Loki, lokiOtlpUrl } from "./components/stores/loki";
import { serviceNames } from "./components/kubernetes/names";
import { NamespaceLimits } from "./components/namespace/limits";
import { NetworkPolicies } from "./components/namespace/network-policies";
import { restrictedNamespace } from "./components/kubernetes/pod-security";
import { ports } from "./components/kubernetes/ports";
import { Prometheus, prometheusWriteUrl } from "./components/prometheus/prometheus";
import { requiredStorageClass } from "./components/kubernetes/storage-class";
import { TeamCredentials } from "./components/collector/team-credentials";
import { Tempo, tempoOtlpUrl } from "./components/stores/tempo";
import { formatDuration } from "./units";
import {
  collectorExposure,
  dashboardOptions,
  externalGrafanaApi,
  grafanaExposure,
  grafanaTrust,
  imageOf,
  isDeployed,
  readConfig,
  resourcesOf,
} from "./config/stack";
import { grafanaOidc, servedHosts, servingTlsSecret } from "./config/access";
import { alertingArgs } from "./config/alerting";
import { backupArgs, backupSizes } from "./config/backup";
import { grafanaDataSources } from "./config/data-sources";
import { grafanaFolders } from "./config/folders";
import { networkPoliciesArgs, workloadSizes } from "./config/hardening";
import { privacyArgs } from "./config/privacy";
import { remoteStoreArgs } from "./config/remote-write";
import { overviewUid } from "./dashboards/overview/overview";
import { recordingRules } from "./dashboards/rollups/rules";

const config = readConfig();
const { namePrefix, storageClass } = config;
const names = serviceNames(namePrefix);
const inCluster = config.collection === "in-cluster" || config.grafana === "in-cluster";
const namespaceObject = inCluster ? deployNamespace() : undefined;
const namespace = namespaceObject?.metadata.name ?? config.namespace;

function deployNamespace() {
  return new kubernetes.core.v1.Namespace(
    "namespace",
    { metadata: { name: config.namespace, labels: restrictedNamespace } },
    { protect: config.protectVolumes, dependsOn: requiredStorageClass("storage-class", storageClass) },
  );
}

// Policies and limits come before the pods that they hold for.
if (inCluster && config.networkPolicies) {
  new NetworkPolicies("network-policies", { namespace, ...networkPoliciesArgs(config) });
}
if (inCluster && config.resourceQuota) {
  new NamespaceLimits("namespace-limits", {
    namePrefix,
    namespace,
    workloads: [...workloadSizes(config), ...backupSizes(config)],
  });
}

const pseudonymKey =
  // With another key, everybody would be somebody else.
  config.collection === "in-cluster" && config.identity === "pseudonym" ? generated("pseudonym-key", 40) : undefined;

const tlsSecret = servingTlsSecret(config);
const certificate =
  config.certificateIssuer === undefined || !inCluster
    ? undefined
    : new Certificate("certificate", {
        namespace,
        secretName: names.tlsSecret,
        issuer: config.certificateIssuer,
        dnsNames: servedHosts(config),
      });
// Pods wait for the certificate, and so does who waits for the pods.
const servedTls = tlsSecret === undefined ? {} : { tlsSecret: certificate?.secretName ?? tlsSecret };

const teamCredentials =
  config.collection === "in-cluster" && config.teams.size > 0
    ? new TeamCredentials("team-credentials", {
        namePrefix,
        namespace,
        image: imageOf(config, "collector"),
        teams: config.teams,
      })
    : undefined;

if (config.collection === "in-cluster") {
  const remote = remoteStoreArgs(config);

  // Claude Code ──OTLP──▶ collector
  new Collector("otel-collector", {
    namePrefix,
    namespace,
    image: imageOf(config, "collector"),
    prometheusOtlpUrl: pulumi.interpolate`${prometheusWriteUrl(namePrefix, namespace)}/api/v1/otlp`,
    ...(isDeployed(config, "loki") ? { lokiOtlpUrl: lokiOtlpUrl(namePrefix, namespace) } : {}),
    ...(isDeployed(config, "tempo") ? { tempoOtlpUrl: tempoOtlpUrl(namePrefix, namespace) } : {}),
    replicas: config.collectorReplicas,
    ...(config.collectorMaxReplicas === 0 ? {} : { maxReplicas: config.collectorMaxReplicas }),
    storageClass,
    queueStorage: config.collectorQueueStorage,
    keepVolumes: config.protectVolumes,
    clockAheadTolerance: formatDuration(config.clockAheadTolerance),
    clockBehindTolerance: formatDuration(config.clockBehindTolerance),
    privacy: privacyArgs(config),
    labelValues: config.labelValues,
    ...(remote === undefined ? {} : { remote }),
    ...(pseudonymKey === undefined ? {} : { pseudonymKey }),
    access: {
      ...(teamCredentials === undefined ? {} : { credentials: teamCredentials.secret.metadata.name }),
      ...(servedTls.tlsSecret === undefined ? {} : { tls: servedTls.tlsSecret }),
      ...(config.clientCaSecret === undefined ? {} : { clientCa: config.clientCaSecret }),
    },
    resources: resourcesOf(config, "collector"),
    exposure: collectorExposure(config),
  });

  const store = { namePrefix, namespace, storageClass, protectVolume: config.protectVolumes };
  const promisedLateness = config.prometheusOutOfOrderWindow;

  // collector ──OTLP──▶ Loki, every event
  if (isDeployed(config, "loki")) {
    new Loki("loki", {
      ...store,
      image: imageOf(config, "loki"),
      storage: config.lokiStorage,
      retention: config.lokiRetention,
      promisedLateness,
      resources: resourcesOf(config, "loki"),
    });
  }

  // collector ──OTLP──▶ Tempo, traces of clients that send them
  if (isDeployed(config, "tempo")) {
    new Tempo("tempo", {
      ...store,
      image: imageOf(config, "tempo"),
      storage: config.tempoStorage,
      retention: config.tempoRetention,
      promisedLateness,
      resources: resourcesOf(config, "tempo"),
    });
  }

  // collector ──OTLP──▶ Prometheus, raw and rolled up ──▶ distributed store, which gets the raw from the collector
  const inNamespace = (name: string) => `${name}.${config.namespace}.svc`;
  const target = (job: "loki" | "tempo" | "grafana") => ({ job, dnsName: inNamespace(names[job]), port: ports[job] });
  new Prometheus("prometheus", {
    ...store,
    image: imageOf(config, "prometheus"),
    storage: config.prometheusStorage,
    retention: formatDuration(config.prometheusRetention),
    outOfOrderTimeWindow: formatDuration(promisedLateness),
    aheadSeconds: promisedLateness - config.clockBehindTolerance,
    adminApi: config.prometheusAdminApi,
    scrapeTargets: [
      { job: "otel-collector", dnsName: inNamespace(names.collectorReplicas), port: ports.collectorMetrics },
      ...(["loki", "tempo"] as const).filter((name) => isDeployed(config, name)).map(target),
      ...(config.grafana === "in-cluster" ? [{ ...target("grafana"), tls: tlsSecret !== undefined }] : []),
    ],
    recordingRules: recordingRules({ promisedLateness, retentionSeconds: config.prometheusRetention }),
    ...(remote === undefined ? {} : { remote }),
    resources: resourcesOf(config, "prometheus"),
  });
}

// Prometheus, Loki, Tempo ◀── Grafana
const grafana = config.grafana === "in-cluster" ? deployGrafana() : undefined;

function deployGrafana() {
  const adminUser = config.grafanaAdminUser;
  const oidc = grafanaOidc(config);
  // Grafana reads the password once, when it creates its database.
  const adminPassword = pulumi.secret(config.grafanaAdminPassword || generated("grafana-admin-password", 32));
  const databaseKey = config.grafanaDatabaseKey === "generated" ? generated("grafana-database-key", 40) : undefined;
  const server = new Grafana("grafana", {
    namePrefix,
    namespace,
    image: imageOf(config, "grafana"),
    storageClass,
    storage: config.grafanaStorage,
    protectVolume: config.protectVolumes,
    url: config.grafanaUrl,
    adminUser,
    adminPassword,
    ...(databaseKey === undefined ? {} : { databaseKey }),
    ...servedTls,
    ...(oidc === undefined ? {} : { oidc }),
    resources: resourcesOf(config, "grafana"),
    exposure: grafanaExposure(config),
  });
  const api: GrafanaApi = {
    url: server.workload.id.apply(() => config.grafanaApiUrl ?? config.grafanaUrl),
    auth: pulumi.interpolate`${adminUser}:${adminPassword}`,
    ...grafanaTrust(config),
    readyTimeoutSeconds: config.grafanaReadyTimeout,
  };
  return { adminUser, adminPassword, api, storedIn: server.volume };
}

/** A secret as lasting as the data that needs it: generated once, and protected with the volumes. */
function generated(name: string, length: number): pulumi.Output<string> {
  const options = { dependsOn: namespaceObject, protect: config.protectVolumes };
  return pulumi.secret(new random.RandomPassword(name, { length, special: false }, options).result);
}

// Prometheus, Loki, Grafana ──▶ copies on volumes of their own
for (const args of backupArgs(config)) {
  const prometheusUrl = prometheusWriteUrl(namePrefix, namespace);
  new Backup(`${args.store}-backup`, { namePrefix, namespace, prometheusUrl, ...args });
}

// Grafana ◀── folders, data sources, dashboards, alerts
if (config.grafana !== "none") {
  const options = dashboardOptions(config);
  new GrafanaContent("grafana-content", {
    api: grafana?.api ?? externalGrafanaApi(config),
    folders: grafanaFolders(config, options),
    dataSources: grafanaDataSources(config, namespace),
    alerting: config.alerts ? alertingArgs(config, options) : undefined,
    storedIn: grafana?.storedIn,
  });
}

const grafanaUrl = config.grafana === "none" ? undefined : config.grafanaUrl;
const outputs = {
  /** People open Grafana here. */
  grafanaUrl,
  /** The dashboard to begin with. */
  dashboardUrl: grafanaUrl && `${grafanaUrl}/d/${overviewUid}`,
  /** Grafana's administrator. */
  grafanaAdminUser: grafana?.adminUser,
  /** Secret: `pulumi stack output grafanaAdminPassword --show-secrets`. */
  grafanaAdminPassword: grafana?.adminPassword,
  /** Secret: key of the pseudonyms. Anyone who can read it can reverse a pseudonym. */
  pseudonymKey,
  /** Clients send here. */
  otlpEndpoint: { grpc: config.otlpGrpcUrl, http: config.otlpHttpUrl },
  /**
   * Managed settings that make Claude Code send here, as JSON documents. Where teams have credentials, secret, one for
   * each team: `pulumi stack output claudeCodeSettings --show-secrets`.
   */
  claudeCodeSettings:
    teamCredentials === undefined ? settingsDocument() : pulumi.secret(documentsOfTeams(teamCredentials)),
};

// Only what there is: the engine warns of every output that is undefined.
export = Object.fromEntries(Object.entries(outputs).filter(([, value]) => value !== undefined));

function documentsOfTeams({ authorizations }: TeamCredentials) {
  const documents = Object.entries(authorizations).map(([team, secret]) => [
    team,
    secret.apply((authorization) => settingsDocument({ authorization, resourceAttributes: { team } })),
  ]);
  return pulumi.all(Object.fromEntries(documents) as Record<string, pulumi.Output<string>>);
}

function settingsDocument(ofTeam: Pick<ClaudeCodeSettingsArgs, "authorization" | "resourceAttributes"> = {}): string {
  const settings = managedSettings({
    otlpHttpUrl: config.otlpHttpUrl,
    metricsIntervalSeconds: config.clientMetricsInterval,
    logsIntervalSeconds: config.clientLogsInterval,
    traces: config.tempo,
    contents: config.keepContents,
    ...ofTeam,
  });
  return JSON.stringify(settings, undefined, 2);
}
