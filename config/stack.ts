import * as pulumi from "@pulumi/pulumi";

import type { Exposure } from "../components/kubernetes/exposure";
import type { GrafanaApi } from "../components/grafana/content";
import type { GrafanaTrust } from "../components/grafana/ready";
import { type ImageName, images } from "../components/kubernetes/images";
import type { Resources } from "../components/kubernetes/pod";
import { ingressTlsSecret } from "./access";
import type { componentsWithResources } from "./contradictions";
import { parseConfig, type StackConfig } from "./schema";
import { lokiReference, prometheusDataSource, prometheusReference, tempoReference } from "../dashboards/data-source";
import type { DashboardOptions } from "../dashboards/options";
import { texts } from "../dashboards/text/texts";

/** Reads and validates the current stack's configuration. The only place that asks Pulumi for it. */
export function readConfig(): StackConfig {
  const prefix = `${pulumi.getProject()}:`;
  const own = Object.entries(pulumi.runtime.allConfig()).filter(([key]) => key.startsWith(prefix));
  return parseConfig(Object.fromEntries(own.map(([key, value]) => [key.slice(prefix.length), value])));
}

/** A component whose CPU and memory are configured. */
type ComponentWithResources = (typeof componentsWithResources)[number];

/** CPU and memory of a component. */
export function resourcesOf(config: StackConfig, component: ComponentWithResources): Resources {
  return {
    cpuRequest: config[`${component}CpuRequest`],
    cpuLimit: config[`${component}CpuLimit`],
    memory: config[`${component}Memory`],
  };
}

/** The image of a component: `images` of the configuration, or the one that is pinned. */
export function imageOf(config: StackConfig, component: ImageName): string {
  return config.images[component] ?? images[component];
}

/** Whether a store is deployed: never without the collector, which fills it. */
export function isDeployed(config: StackConfig, store: "loki" | "tempo"): boolean {
  return config.collection === "in-cluster" && config[store];
}

/** Whether Grafana has a data source for a store: it is deployed, or Grafana is told where another is. */
export function isShown(config: StackConfig, store: "loki" | "tempo"): boolean {
  const elsewhere = store === "loki" ? config.grafanaLokiUrl : config.grafanaTempoUrl;
  return isDeployed(config, store) || elsewhere !== undefined;
}

/** How the collector is reached from outside. */
export function collectorExposure(config: StackConfig): Exposure {
  return exposure(
    config,
    { "otlp-grpc": config.otlpGrpcNodePort, "otlp-http": config.otlpHttpNodePort },
    { "otlp-grpc": config.otlpGrpcUrl, "otlp-http": config.otlpHttpUrl },
  );
}

/** How Grafana is reached from outside. */
export function grafanaExposure(config: StackConfig): Exposure {
  return exposure(config, { http: config.grafanaNodePort }, { http: config.grafanaUrl });
}

/** What dashboards and alerts depend on. */
export function dashboardOptions(config: StackConfig): DashboardOptions {
  return {
    text: texts[config.language],
    timeZone: config.timeZone,
    rawRangeSeconds: config.rawRange,
    dataSource: prometheusReference(config.grafanaDataSourceUid ?? prometheusDataSource.uid),
    events: isShown(config, "loki")
      ? { loki: lokiReference, ...(isShown(config, "tempo") ? { tempo: tempoReference } : {}) }
      : undefined,
    metricsIntervalSeconds: config.clientMetricsInterval,
    plan:
      // A price is there with seats, and only then: that has been validated.
      config.seatPrice === undefined
        ? { kind: "api" }
        : { kind: "seats", seats: config.seats, pricePerSeat: config.seatPrice },
    monthlyBudget: config.monthlyBudget,
    minimumClientVersion: config.minimumClientVersion,
  };
}

/** What Grafana's own certificate is verified by, from the machine that runs Pulumi. */
export function grafanaTrust(config: StackConfig): GrafanaTrust {
  return {
    ...(config.grafanaCaCertificate === "" ? {} : { caCertificate: config.grafanaCaCertificate }),
    insecureSkipVerify: config.grafanaInsecureSkipVerify,
  };
}

/** How a Grafana that is there already is reached. */
export function externalGrafanaApi(config: StackConfig): GrafanaApi {
  const withPassword = config.grafanaAuth.includes(":");
  return {
    url: config.grafanaApiUrl ?? config.grafanaUrl,
    auth: config.grafanaAuth,
    // A token belongs to one organisation and refuses another.
    ...(withPassword ? { orgId: config.grafanaOrgId } : {}),
    ...grafanaTrust(config),
    readyTimeoutSeconds: config.grafanaReadyTimeout,
  };
}

function exposure(
  config: StackConfig,
  nodePorts: Readonly<Record<string, number>>,
  urls: Readonly<Record<string, string>>,
): Exposure {
  switch (config.exposure) {
    case "ClusterIP":
    case "LoadBalancer":
      return { kind: config.exposure };
    case "NodePort":
      return { kind: "NodePort", nodePorts };
    case "Ingress":
      return {
        kind: "Ingress",
        hosts: Object.fromEntries(Object.entries(urls).map(([port, url]) => [port, new URL(url).hostname])),
        className: config.ingressClassName,
        tlsSecret: ingressTlsSecret(config),
      };
  }
}
