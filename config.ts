import * as pulumi from "@pulumi/pulumi";

import { Exposure } from "./components/exposure";
import { Resources } from "./components/pod";
import { parseConfig, StackConfig } from "./config-schema";

/** Reads and validates the current stack's configuration. The only place that asks Pulumi for it. */
export function readConfig(): StackConfig {
  const prefix = `${pulumi.getProject()}:`;
  const own = Object.entries(pulumi.runtime.allConfig()).filter(([key]) => key.startsWith(prefix));
  return parseConfig(Object.fromEntries(own.map(([key, value]) => [key.slice(prefix.length), value])));
}

/** CPU and memory of a component. */
export function resourcesOf(config: StackConfig, component: "collector" | "prometheus" | "grafana"): Resources {
  return {
    cpuRequest: config[`${component}CpuRequest`],
    cpuLimit: config[`${component}CpuLimit`],
    memory: config[`${component}Memory`],
  };
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

function exposure(
  config: StackConfig,
  nodePorts: Readonly<Record<string, number>>,
  urls: Readonly<Record<string, string>>,
): Exposure {
  switch (config.exposure) {
    case "ClusterIP":
      return { kind: "ClusterIP" };
    case "NodePort":
      return { kind: "NodePort", nodePorts };
    case "Ingress":
      return {
        kind: "Ingress",
        hosts: Object.fromEntries(Object.entries(urls).map(([port, url]) => [port, new URL(url).hostname])),
        className: config.ingressClassName,
        tlsSecret: config.ingressTlsSecret,
      };
  }
}
