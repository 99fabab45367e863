import * as kubernetes from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import * as random from "@pulumi/random";

import { type ClaudeCodeSettingsArgs, claudeCodeSettings as managedSettings } from "./client/settings";
import { Backup } from "./components/backup/backup";
import { Bill } from "./components/bill/bill";
import { Collector, type CollectorArgs } from "./components/collector/collector";
import { TeamCredentials } from "./components/collector/team-credentials";
import { GrafanaContent } from "./components/grafana/content";
import { Grafana } from "./components/grafana/grafana";
import { storeUrls } from "./components/kubernetes/names";
import { restrictedNamespace } from "./components/kubernetes/pod-security";
import { Certificate } from "./components/namespace/certificate";
import { NamespaceLimits } from "./components/namespace/limits";
import { NetworkPolicies } from "./components/namespace/network-policies";
import { Prometheus } from "./components/prometheus/prometheus";
import { ReportMail } from "./components/report/report";
import { Loki } from "./components/stores/loki";
import { Tempo } from "./components/stores/tempo";
import { alertingArgs } from "./config/alerting";
import { backupArgs } from "./config/backup";
import { billArgs } from "./config/bill";
import { collectorArgs } from "./config/collection";
import { dashboardOptions } from "./config/dashboards";
import { grafanaDataSources } from "./config/data-sources";
import { certificateArgs, collectorExposure, grafanaExposure, servingTlsSecret } from "./config/exposure";
import { grafanaFolders } from "./config/folders";
import { externalGrafanaApi, grafanaApi, grafanaArgs, isInCluster } from "./config/grafana";
import { networkPoliciesArgs, workloadSizes } from "./config/network";
import { clientPricing, collectorModels } from "./config/prices";
import { privacyArgs } from "./config/privacy";
import { remoteStoreArgs } from "./config/remote-write";
import { reportMailArgs } from "./config/report";
import { grafanaOidc } from "./config/sign-in";
import { readConfig } from "./config/stack";
import { eventStoreArgs, prometheusArgs } from "./config/storage";
import { teamCredentialsArgs } from "./config/teams";
import { overviewUid } from "./dashboards/overview/overview";

const config = readConfig();
const collects = config.collection === "in-cluster";
const inCluster = isInCluster(config);
const namespaceObject = inCluster ? deployNamespace() : undefined;
const namespace = namespaceObject?.metadata.name ?? config.namespace;
const place = { namePrefix: config.namePrefix, namespace };

function deployNamespace() {
  const { storageClass, verifyStorageClass } = config;
  // A claim of a missing class would stay pending for ever.
  const dependsOn = verifyStorageClass ? [kubernetes.storage.v1.StorageClass.get("storage-class", storageClass)] : [];
  return new kubernetes.core.v1.Namespace(
    "namespace",
    { metadata: { name: config.namespace, labels: restrictedNamespace } },
    { protect: config.protectVolumes, dependsOn },
  );
}

// Policies and limits come before the pods that they hold for.
const policies = networkPoliciesArgs(config);
if (inCluster && policies !== undefined) {
  new NetworkPolicies("network-policies", { namespace, ...policies });
}
const workloads = workloadSizes(config);
if (inCluster && workloads !== undefined) {
  new NamespaceLimits("namespace-limits", { ...place, workloads });
}

const pseudonymKey =
  // With another key, everybody would be somebody else.
  collects && config.identity === "pseudonym" ? generated("pseudonym-key", 40) : undefined;

const certificate = certificateArgs(config);
// Pods wait for the certificate, and so does who waits for the pods.
const issued = certificate && new Certificate("certificate", { namespace, ...certificate });
const servingSecret = servingTlsSecret(config);
const tlsSecret = servingSecret && (issued?.secretName ?? servingSecret);

const credentials = teamCredentialsArgs(config);
const teamCredentials = credentials && new TeamCredentials("team-credentials", { ...place, ...credentials });

if (collects) {
  const [loki, tempo] = [eventStoreArgs(config, "loki"), eventStoreArgs(config, "tempo")];
  const { otlp, remoteWrite } = storeUrls(place);
  const remote = remoteStoreArgs(config);

  // collector ──remote write──▶ Prometheus, raw and rolled up ──▶ distributed store, which gets the raw from the collector
  const prometheus = new Prometheus("prometheus", { ...place, ...prometheusArgs(config), remote });

  // Claude Code ──OTLP──▶ collector
  const collector: CollectorArgs = {
    ...place,
    ...collectorArgs(config),
    storeUrls: pulumi.output({
      prometheusWriteUrl: remoteWrite,
      lokiOtlpUrl: loki && otlp.loki,
      tempoOtlpUrl: tempo && otlp.tempo,
    }),
    privacy: privacyArgs(config),
    ...collectorModels(config),
    teamRules: config.teamRules,
    remote,
    pseudonymKey,
    access: {
      credentials: teamCredentials?.secret.metadata.name,
      tls: tlsSecret,
      clientCa: config.tls.clientCaSecret,
    },
    exposure: collectorExposure(config),
  };
  // A Prometheus that does not know remote write yet would refuse for good what a new collector sends.
  new Collector("otel-collector", collector, { dependsOn: prometheus });

  // collector ──OTLP──▶ Loki, every event
  if (loki !== undefined) {
    new Loki("loki", { ...place, ...loki });
  }

  // collector ──OTLP──▶ Tempo, traces of clients that send them
  if (tempo !== undefined) {
    new Tempo("tempo", { ...place, ...tempo });
  }

  // provider's API ──▶ Prometheus, what was charged beside what was reported
  const bill = billArgs(config);
  if (bill !== undefined) {
    new Bill("bill", { ...place, ...bill, pseudonymKey });
  }

  // Prometheus ──▶ mail, each month
  const report = reportMailArgs(config);
  if (report !== undefined) {
    new ReportMail("report", { ...place, ...report });
  }
}

// Prometheus, Loki, Tempo ◀── Grafana
const grafana = config.grafana.deployment === "in-cluster" ? deployGrafana() : undefined;

function deployGrafana() {
  const { adminUser, databaseKey } = config.grafana;
  // Grafana reads the password once, when it creates its database.
  const adminPassword = config.grafana.adminPassword?.output ?? generated("grafana-admin-password", 32);
  const server = new Grafana("grafana", {
    ...place,
    ...grafanaArgs(config),
    adminPassword,
    databaseKey: databaseKey === "generated" ? generated("grafana-database-key", 40) : undefined,
    tlsSecret,
    oidc: grafanaOidc(config),
    exposure: grafanaExposure(config),
  });
  const { url, ...trust } = grafanaApi(config);
  const auth = pulumi.interpolate`${adminUser}:${adminPassword}`;
  const api = { url: server.workload.id.apply(() => url), auth, ...trust };
  return { adminUser, adminPassword, api, storedIn: server.volume };
}

/** A secret as lasting as the data that needs it: generated once, and protected with the volumes. */
function generated(name: string, length: number): pulumi.Output<string> {
  const options = { dependsOn: namespaceObject, protect: config.protectVolumes };
  return pulumi.secret(new random.RandomPassword(name, { length, special: false }, options).result);
}

// Prometheus, Loki, Grafana ──▶ copies on volumes of their own
for (const args of backupArgs(config)) {
  new Backup(`${args.store}-backup`, { ...place, ...args });
}

// Grafana ◀── folders, data sources, dashboards, alerts
const api = grafana?.api ?? externalGrafanaApi(config);
if (api !== undefined) {
  const options = dashboardOptions(config);
  new GrafanaContent("grafana-content", {
    api,
    folders: grafanaFolders(config, options),
    dataSources: grafanaDataSources(config, namespace),
    alerting: alertingArgs(config, options),
    storedIn: grafana?.storedIn,
  });
}

const grafanaUrl = config.grafana.deployment === "none" ? undefined : config.grafanaUrl;
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
    metricsIntervalSeconds: config.client.metricsInterval,
    logsIntervalSeconds: config.client.logsInterval,
    traces: config.tempo.enabled,
    contents: config.contents,
    machineName: config.identity === "keep",
    modelPricing: clientPricing(config),
    ...ofTeam,
  });
  return JSON.stringify(settings, undefined, 2);
}
