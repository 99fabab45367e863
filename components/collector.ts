import * as kubernetes from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import { stringify } from "yaml";

import { collectorConfig } from "./collector-config";
import { exposedService, exposedServiceSpec, Exposure } from "./exposure";
import { images } from "./images";
import { ComponentIdentity, componentIdentity, Labels } from "./labels";
import { serviceNames } from "./names";
import { hardenedContainer, hardenedPod, httpProbe, resourceRequirements, Resources } from "./pod";
import { ports } from "./ports";
import { Quantity } from "./units";
import { volumeClaimSpec } from "./volume";
import { immutableConfigMap } from "./workload";

/** User of the image. */
const userId = 10001;
const configDirectory = "/etc/otelcol";
const queueDirectory = "/var/lib/otelcol/queue";
/** Compaction writes a second copy of the queue file beside the first, which may itself hold freed pages. */
const queueShareOfVolume = 1 / 3;
/** Leaves the memory limiter room to act before the kernel does. */
const goMemoryShare = 0.8;

/** Inputs of {@link Collector}. */
export interface CollectorArgs {
  /** First part of every name, e.g. `dev` for `dev-otel-collector`. */
  readonly namePrefix: string;
  readonly namespace: pulumi.Input<string>;
  /** Base URL of Prometheus' OTLP receiver. */
  readonly prometheusOtlpUrl: pulumi.Input<string>;
  /** Any number is exact: collectors keep no state about delta streams. */
  readonly replicas: number;
  readonly storageClass: pulumi.Input<string>;
  /** Volume of each replica's sending queue. A third of it is queue. */
  readonly queueStorage: Quantity;
  /** Whether the queues' volumes outlive the StatefulSet. */
  readonly keepVolumes: boolean;
  /** Go duration. */
  readonly clockAheadTolerance: string;
  /** Go duration. */
  readonly clockBehindTolerance: string;
  readonly resources: Resources;
  /** Port names: `otlp-grpc`, `otlp-http`. */
  readonly exposure: Exposure;
}

/**
 * OpenTelemetry Collector: OTLP in (gRPC 4317, HTTP 4318), metrics on to Prometheus through a queue on disk, its own
 * metrics on 8888.
 */
export class Collector extends pulumi.ComponentResource {
  /** Name of the Service that clients send to. */
  readonly serviceName: string;
  /** Resolves once the rollout is complete. */
  readonly workload: kubernetes.apps.v1.StatefulSet;

  constructor(name: string, args: CollectorArgs, opts?: pulumi.ComponentResourceOptions) {
    super("claude-monitoring:collector:Collector", name, {}, opts);
    const names = serviceNames(args.namePrefix);
    this.serviceName = names.collector;
    const identity = componentIdentity({
      instance: args.namePrefix,
      component: "otel-collector",
      image: images.collector,
      name: names.collector,
      namespace: args.namespace,
    });
    const { selector, ...metadata } = identity;

    const config = immutableConfigMap(`${name}-config`, identity, { "collector.yaml": configFile(args) }, this);
    this.services(name, identity, names.collectorReplicas, args.exposure);
    this.workload = this.statefulSet(name, identity, names.collectorReplicas, args, config);
    if (args.replicas > 1) {
      new kubernetes.policy.v1.PodDisruptionBudget(
        `${name}-disruption-budget`,
        { metadata, spec: { maxUnavailable: 1, selector: { matchLabels: selector } } },
        { parent: this },
      );
    }
    this.registerOutputs({ serviceName: this.serviceName });
  }

  private services(name: string, identity: ComponentIdentity, replicasName: string, exposure: Exposure): void {
    const metrics = { name: "metrics", port: ports.collectorMetrics };
    const otlpGrpc = { name: "otlp-grpc", port: ports.otlpGrpc, appProtocol: "grpc" };
    const otlpHttp = { name: "otlp-http", port: ports.otlpHttp, appProtocol: "http" };
    // Clients that send cumulative sums are converted by a processor with memory: keep each on one replica.
    const sessionAffinity = "ClientIP";
    exposedService(name, identity, { ports: [otlpGrpc, otlpHttp, metrics], exposure, sessionAffinity }, this);
    const { selector, ...metadata } = identity;
    new kubernetes.core.v1.Service(
      `${name}-replicas-service`,
      {
        metadata: { ...metadata, name: replicasName },
        spec: {
          selector,
          ...exposedServiceSpec([metrics], { kind: "ClusterIP" }),
          clusterIP: "None",
          publishNotReadyAddresses: true,
        },
      },
      { parent: this },
    );
  }

  private statefulSet(
    name: string,
    { selector, ...metadata }: ComponentIdentity,
    replicasName: string,
    args: CollectorArgs,
    config: kubernetes.core.v1.ConfigMap,
  ): kubernetes.apps.v1.StatefulSet {
    const queue = volumeClaimSpec(args.storageClass, args.queueStorage);
    return new kubernetes.apps.v1.StatefulSet(
      `${name}-workload`,
      {
        metadata,
        spec: {
          serviceName: replicasName,
          replicas: args.replicas,
          podManagementPolicy: "Parallel",
          selector: { matchLabels: selector },
          persistentVolumeClaimRetentionPolicy: {
            whenDeleted: args.keepVolumes ? "Retain" : "Delete",
            // A queue may hold accepted exports: it waits for its replica to come back.
            whenScaled: "Retain",
          },
          volumeClaimTemplates: [{ metadata: { name: "queue", labels: selector }, spec: queue }],
          template: { metadata: { labels: metadata.labels }, spec: collectorPod(args, selector, config) },
        },
      },
      { parent: this },
    );
  }
}

function configFile(args: CollectorArgs): pulumi.Output<string> {
  return pulumi.output(args.prometheusOtlpUrl).apply((prometheusOtlpUrl) =>
    stringify(
      collectorConfig({
        prometheusOtlpUrl,
        queueDirectory,
        queueBytes: Math.floor(args.queueStorage.bytes * queueShareOfVolume),
        clockAheadTolerance: args.clockAheadTolerance,
        clockBehindTolerance: args.clockBehindTolerance,
      }),
    ),
  );
}

function collectorPod(
  args: CollectorArgs,
  selector: Labels,
  config: kubernetes.core.v1.ConfigMap,
): kubernetes.types.input.core.v1.PodSpec {
  return hardenedPod(userId, {
    terminationGracePeriodSeconds: 60,
    topologySpreadConstraints: [
      {
        maxSkew: 1,
        topologyKey: "kubernetes.io/hostname",
        whenUnsatisfiable: "ScheduleAnyway",
        labelSelector: { matchLabels: selector },
      },
    ],
    containers: [collectorContainer(args)],
    volumes: [{ name: "config", configMap: { name: config.metadata.name } }],
  });
}

function collectorContainer(args: CollectorArgs): kubernetes.types.input.core.v1.Container {
  return hardenedContainer({
    name: "otel-collector",
    image: images.collector,
    args: [`--config=${configDirectory}/collector.yaml`],
    env: [{ name: "GOMEMLIMIT", value: `${Math.floor(args.resources.memory.bytes * goMemoryShare)}B` }],
    ports: [
      { name: "otlp-grpc", containerPort: ports.otlpGrpc },
      { name: "otlp-http", containerPort: ports.otlpHttp },
      { name: "metrics", containerPort: ports.collectorMetrics },
      { name: "health", containerPort: ports.collectorHealth },
    ],
    // Compacting a large queue at start takes its time.
    startupProbe: httpProbe("/", "health", { periodSeconds: 2, failureThreshold: 90 }),
    readinessProbe: httpProbe("/", "health", { periodSeconds: 5 }),
    livenessProbe: httpProbe("/", "health"),
    resources: resourceRequirements(args.resources),
    volumeMounts: [
      { name: "config", mountPath: configDirectory, readOnly: true },
      { name: "queue", mountPath: queueDirectory },
    ],
  });
}
