import * as kubernetes from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import { stringify } from "yaml";

import { collectorConfig } from "./collector-config";
import { exposedServiceSpec, Exposure, ingress } from "./exposure";
import { images } from "./images";
import { labels, Labels, selectorLabels } from "./labels";
import { serviceNames } from "./names";
import { hardenedContainer, hardenedPod, httpProbe, resourceRequirements, Resources } from "./pod";
import { ports } from "./ports";
import { Quantity } from "./units";
import { volumeClaimSpec } from "./volume";

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
    const headlessName = names.collectorReplicas;
    const objectLabels = labels(args.namePrefix, "otel-collector", images.collector);
    const selector = selectorLabels(args.namePrefix, "otel-collector");

    const config = this.configMap(name, args, objectLabels);
    this.services(name, headlessName, args, objectLabels, selector);
    this.workload = this.statefulSet(name, headlessName, args, objectLabels, selector, config);
    if (args.replicas > 1) {
      new kubernetes.policy.v1.PodDisruptionBudget(
        `${name}-disruption-budget`,
        {
          metadata: { name: this.serviceName, namespace: args.namespace, labels: objectLabels },
          spec: { maxUnavailable: 1, selector: { matchLabels: selector } },
        },
        { parent: this },
      );
    }
    this.registerOutputs({ serviceName: this.serviceName });
  }

  private configMap(name: string, args: CollectorArgs, objectLabels: Labels): kubernetes.core.v1.ConfigMap {
    const yaml = pulumi.output(args.prometheusOtlpUrl).apply((prometheusOtlpUrl) =>
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
    return new kubernetes.core.v1.ConfigMap(
      `${name}-config`,
      {
        metadata: { namespace: args.namespace, labels: objectLabels },
        data: { "collector.yaml": yaml },
        immutable: true,
      },
      { parent: this },
    );
  }

  private services(
    name: string,
    headlessName: string,
    args: CollectorArgs,
    objectLabels: Labels,
    selector: Labels,
  ): void {
    const metrics = { name: "metrics", port: ports.collectorMetrics };
    const service = new kubernetes.core.v1.Service(
      `${name}-service`,
      {
        metadata: { name: this.serviceName, namespace: args.namespace, labels: objectLabels },
        spec: {
          selector,
          // Clients that send cumulative sums are converted by a processor with memory: keep each on one replica.
          sessionAffinity: "ClientIP",
          ...exposedServiceSpec(
            [
              { name: "otlp-grpc", port: ports.otlpGrpc, appProtocol: "grpc" },
              { name: "otlp-http", port: ports.otlpHttp, appProtocol: "http" },
              metrics,
            ],
            args.exposure,
          ),
        },
      },
      { parent: this },
    );
    new kubernetes.core.v1.Service(
      `${name}-replicas-service`,
      {
        metadata: { name: headlessName, namespace: args.namespace, labels: objectLabels },
        spec: {
          selector,
          ...exposedServiceSpec([metrics], { kind: "ClusterIP" }),
          clusterIP: "None",
          publishNotReadyAddresses: true,
        },
      },
      { parent: this },
    );
    if (args.exposure.kind === "Ingress") {
      ingress(
        `${name}-ingress`,
        {
          name: this.serviceName,
          namespace: args.namespace,
          labels: objectLabels,
          serviceName: this.serviceName,
          exposure: args.exposure,
        },
        { parent: this, dependsOn: service },
      );
    }
  }

  private statefulSet(
    name: string,
    headlessName: string,
    args: CollectorArgs,
    objectLabels: Labels,
    selector: Labels,
    config: kubernetes.core.v1.ConfigMap,
  ): kubernetes.apps.v1.StatefulSet {
    return new kubernetes.apps.v1.StatefulSet(
      `${name}-workload`,
      {
        metadata: { name: this.serviceName, namespace: args.namespace, labels: objectLabels },
        spec: {
          serviceName: headlessName,
          replicas: args.replicas,
          podManagementPolicy: "Parallel",
          selector: { matchLabels: selector },
          persistentVolumeClaimRetentionPolicy: {
            whenDeleted: args.keepVolumes ? "Retain" : "Delete",
            // A queue may hold accepted exports: it waits for its replica to come back.
            whenScaled: "Retain",
          },
          volumeClaimTemplates: [
            {
              metadata: { name: "queue", labels: selector },
              spec: volumeClaimSpec(args.storageClass, args.queueStorage.text),
            },
          ],
          template: {
            metadata: { labels: objectLabels },
            spec: hardenedPod(userId, {
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
            }),
          },
        },
      },
      { parent: this },
    );
  }
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
