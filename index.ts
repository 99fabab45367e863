import * as kubernetes from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import * as random from "@pulumi/random";

import { claudeCodeSettings as managedSettings } from "./client/settings";
import { Collector } from "./components/collector";
import { Grafana } from "./components/grafana";
import { GrafanaContent } from "./components/grafana-content";
import { serviceNames } from "./components/names";
import { ports } from "./components/ports";
import { Prometheus, prometheusUrl } from "./components/prometheus";
import { requiredStorageClass } from "./components/storage-class";
import { formatDuration } from "./components/units";
import { collectorExposure, grafanaExposure, readConfig, resourcesOf } from "./config";
import { prometheusDataSource } from "./dashboards/data-source";
import { overviewDashboard } from "./dashboards/overview/overview";
import { recordingRules } from "./dashboards/rules";
import { text } from "./dashboards/text/en";

const config = readConfig();
const { namePrefix, storageClass } = config;
const names = serviceNames(namePrefix);

const namespaceObject = new kubernetes.core.v1.Namespace(
  "namespace",
  { metadata: { name: config.namespace } },
  { protect: config.protectVolumes, dependsOn: requiredStorageClass("storage-class", storageClass) },
);
const namespace = namespaceObject.metadata.name;

// Claude Code ──OTLP──▶ collector
new Collector("otel-collector", {
  namePrefix,
  namespace,
  prometheusOtlpUrl: pulumi.interpolate`${prometheusUrl(namePrefix, namespace)}/api/v1/otlp`,
  replicas: config.collectorReplicas,
  storageClass,
  queueStorage: config.collectorQueueStorage,
  keepVolumes: config.protectVolumes,
  clockAheadTolerance: formatDuration(config.clockAheadTolerance),
  clockBehindTolerance: formatDuration(config.clockBehindTolerance),
  resources: resourcesOf(config, "collector"),
  exposure: collectorExposure(config),
});

// collector ──OTLP──▶ Prometheus
const inNamespace = (name: string) => `${name}.${config.namespace}.svc`;
const prometheus = new Prometheus("prometheus", {
  namePrefix,
  namespace,
  storageClass,
  storage: config.prometheusStorage,
  protectVolume: config.protectVolumes,
  retention: formatDuration(config.prometheusRetention),
  outOfOrderTimeWindow: formatDuration(config.prometheusOutOfOrderWindow),
  scrapeTargets: [
    { job: "otel-collector", dnsName: inNamespace(names.collectorReplicas), port: ports.collectorMetrics },
    ...(config.grafana === "none"
      ? []
      : [{ job: "grafana", dnsName: inNamespace(names.grafana), port: ports.grafana }]),
  ],
  recordingRules: recordingRules(),
  resources: resourcesOf(config, "prometheus"),
});

// Prometheus ◀── Grafana ◀── folder, data source, dashboards
const overview = overviewDashboard();
const grafana = config.grafana === "none" ? undefined : deployGrafana();

function deployGrafana() {
  const adminUser = config.grafanaAdminUser;
  const adminPassword = pulumi.secret(config.grafanaAdminPassword || generatedPassword());
  const server = new Grafana("grafana", {
    namePrefix,
    namespace,
    storageClass,
    storage: config.grafanaStorage,
    protectVolume: config.protectVolumes,
    url: config.grafanaUrl,
    adminUser,
    adminPassword,
    resources: resourcesOf(config, "grafana"),
    exposure: grafanaExposure(config),
  });
  new GrafanaContent("grafana-content", {
    apiUrl: server.workload.id.apply(() => config.grafanaApiUrl ?? config.grafanaUrl),
    adminUser,
    adminPassword,
    readyTimeoutSeconds: config.grafanaReadyTimeout,
    folder: { uid: "claude-code-monitoring", title: text.folder },
    prometheus: { ...prometheusDataSource, url: prometheus.url },
    dashboards: [overview],
    storedIn: server.volume,
  });
  return { adminUser, adminPassword };
}

function generatedPassword() {
  // As lasting as the volume: Grafana reads the password once, when it creates its database there.
  const options = { dependsOn: namespaceObject, protect: config.protectVolumes };
  return new random.RandomPassword("grafana-admin-password", { length: 32, special: false }, options).result;
}

/** Where people open Grafana. */
export const grafanaUrl = grafana && config.grafanaUrl;
/** The dashboard to begin with. */
export const dashboardUrl = grafana && `${config.grafanaUrl}/d/${overview.uid}`;
/** Grafana's administrator. */
export const grafanaAdminUser = grafana?.adminUser;
/** Secret: `pulumi stack output grafanaAdminPassword --show-secrets`. */
export const grafanaAdminPassword = grafana?.adminPassword;
/** Where clients send. */
export const otlpEndpoint = { grpc: config.otlpGrpcUrl, http: config.otlpHttpUrl };
/** Managed settings that make Claude Code send here, as a JSON document. */
export const claudeCodeSettings = JSON.stringify(
  managedSettings({
    otlpHttpUrl: config.otlpHttpUrl,
    metricsIntervalSeconds: config.clientMetricsInterval,
    logsIntervalSeconds: config.clientLogsInterval,
  }),
  undefined,
  2,
);
