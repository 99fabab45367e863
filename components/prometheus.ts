import * as kubernetes from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import { stringify } from "yaml";

import { exposedService } from "./exposure";
import { images } from "./images";
import { componentIdentity } from "./labels";
import { serviceNames } from "./names";
import { hardenedContainer, hardenedPod, httpProbe, resourceRequirements, Resources } from "./pod";
import { ports } from "./ports";
import { prometheusConfig, prometheusFlags, ScrapeTarget } from "./prometheus-config";
import { Quantity } from "./units";
import { volumeClaim } from "./volume";
import { immutableConfigMap, singletonDeployment } from "./workload";

/** `nobody`, the user of the image. */
const userId = 65534;
const configDirectory = "/etc/prometheus";
const dataDirectory = "/prometheus";
/** Blocks may fill this much of the volume; the rest is for the write-ahead log and for compaction. */
const blocksShareOfVolume = 0.8;

/** Inputs of {@link Prometheus}. */
export interface PrometheusArgs {
  /** First part of every name, e.g. `dev` for `dev-prometheus`. */
  readonly namePrefix: string;
  readonly namespace: pulumi.Input<string>;
  readonly storageClass: pulumi.Input<string>;
  readonly storage: Quantity;
  /** Whether `pulumi destroy` refuses to delete the volume. */
  readonly protectVolume: boolean;
  /** How long samples are kept, in Prometheus' notation, e.g. `200h`. */
  readonly retention: string;
  /** How late a sample may arrive, in Prometheus' notation. */
  readonly outOfOrderTimeWindow: string;
  readonly scrapeTargets: readonly ScrapeTarget[];
  /** Recording rules, in the form of a rules file. */
  readonly recordingRules: object;
  readonly resources: Resources;
}

/** Prometheus 3 with native ingestion of OTLP deltas: each delta that a client reports is one sample. */
export class Prometheus extends pulumi.ComponentResource {
  /** Name of the Service. */
  readonly serviceName: string;
  /** URL inside the cluster. */
  readonly url: pulumi.Output<string>;
  /** Resolves once the rollout is complete. */
  readonly workload: kubernetes.apps.v1.Deployment;

  constructor(name: string, args: PrometheusArgs, opts?: pulumi.ComponentResourceOptions) {
    super("claude-monitoring:prometheus:Prometheus", name, {}, opts);
    this.serviceName = serviceNames(args.namePrefix).prometheus;
    this.url = prometheusUrl(args.namePrefix, args.namespace);
    const identity = componentIdentity({
      instance: args.namePrefix,
      component: "prometheus",
      image: images.prometheus,
      name: this.serviceName,
      namespace: args.namespace,
    });

    const config = immutableConfigMap(`${name}-config`, identity, configFiles(args), this);
    const { storageClass, storage: size, protectVolume: protect } = args;
    const volume = volumeClaim(`${name}-volume`, identity, { storageClass, size, protect }, this);
    const http = { name: "http", port: ports.prometheus };
    exposedService(name, identity, { ports: [http], exposure: { kind: "ClusterIP" } }, this);
    const pod = hardenedPod(userId, {
      terminationGracePeriodSeconds: 120,
      containers: [prometheusContainer(args)],
      volumes: [
        { name: "config", configMap: { name: config.metadata.name } },
        { name: "data", persistentVolumeClaim: { claimName: volume.metadata.name } },
      ],
    });
    this.workload = singletonDeployment(`${name}-workload`, identity, pod, this);
    this.registerOutputs({ serviceName: this.serviceName, url: this.url });
  }
}

function configFiles(args: PrometheusArgs): Record<string, string> {
  const config = prometheusConfig({
    outOfOrderTimeWindow: args.outOfOrderTimeWindow,
    scrapeTargets: args.scrapeTargets,
    ruleFiles: `${configDirectory}/*.rules.yaml`,
  });
  return { "prometheus.yaml": stringify(config), "recording.rules.yaml": stringify(args.recordingRules) };
}

/** URL of Prometheus inside the cluster; the collector is told before the Service exists. */
export function prometheusUrl(namePrefix: string, namespace: pulumi.Input<string>): pulumi.Output<string> {
  return pulumi.interpolate`http://${serviceNames(namePrefix).prometheus}.${namespace}.svc:${ports.prometheus}`;
}

function prometheusContainer(args: PrometheusArgs): kubernetes.types.input.core.v1.Container {
  return hardenedContainer({
    name: "prometheus",
    image: images.prometheus,
    args: prometheusFlags({
      configFile: `${configDirectory}/prometheus.yaml`,
      dataDirectory,
      retention: args.retention,
      retentionSize: `${Math.floor((args.storage.bytes * blocksShareOfVolume) / 2 ** 20)}MB`,
    }),
    ports: [{ name: "http", containerPort: ports.prometheus }],
    // Replaying a long write-ahead log takes its time.
    startupProbe: httpProbe("/-/ready", "http", { periodSeconds: 2, failureThreshold: 450 }),
    readinessProbe: httpProbe("/-/ready", "http", { periodSeconds: 5 }),
    livenessProbe: httpProbe("/-/healthy", "http"),
    resources: resourceRequirements(args.resources),
    volumeMounts: [
      { name: "config", mountPath: configDirectory, readOnly: true },
      { name: "data", mountPath: dataDirectory },
    ],
  });
}
