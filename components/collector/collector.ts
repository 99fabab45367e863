import * as kubernetes from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import { stringify } from "yaml";

import { collectorAutoscaler } from "./autoscaler";
import { collectorConfig } from "./config";
import type { LabelValues } from "./labels";
import { collectorAccess, type CollectorPodArgs, collectorPod, type CollectorSecrets, queueDirectory } from "./pod";
import { type PrivacyArgs, pseudonymKeyVariable } from "./privacy";
import { exposedService, exposedServiceSpec, Exposure } from "../kubernetes/exposure";
import { ComponentIdentity, componentIdentity } from "../kubernetes/labels";
import { serviceNames } from "../kubernetes/names";
import type { Resources } from "../kubernetes/pod";
import { ports } from "../kubernetes/ports";
import { remoteStoreSecret, type RemoteStoreArgs } from "../prometheus/remote-store-secret";
import { Quantity } from "../../units";
import { volumeClaimSpec } from "../kubernetes/volume";
import { immutableConfigMap, rolloutTimeouts } from "../kubernetes/workload";

/** Compaction writes a second copy of the queue file beside the first, which may itself hold freed pages. */
const queueShareOfVolume = 1 / 3;

/** Inputs of {@link Collector}. */
export interface CollectorArgs {
  /** First part of every name, e.g. `dev` for `dev-otel-collector`. */
  readonly namePrefix: string;
  readonly namespace: pulumi.Input<string>;
  /** Reference with a tag; the tag is the version in its labels. */
  readonly image: string;
  /** Base URL of Prometheus' OTLP receiver. */
  readonly prometheusOtlpUrl: pulumi.Input<string>;
  /** Base URL of Loki's OTLP receiver. Undefined: events are counted, not stored. */
  readonly lokiOtlpUrl?: pulumi.Input<string>;
  /** Base URL of Tempo's OTLP receiver. Undefined: spans are not stored. */
  readonly tempoOtlpUrl?: pulumi.Input<string>;
  /** A distributed store that gets a copy of every point. Default none. */
  readonly remote?: RemoteStoreArgs;
  readonly privacy: PrivacyArgs;
  /** Key of the pseudonyms, the same for all replicas. Undefined without pseudonyms. */
  readonly pseudonymKey?: pulumi.Input<string>;
  /** Values of labels to let through besides the known ones. */
  readonly labelValues: LabelValues;
  /** Any number is exact: collectors keep no state about delta streams. */
  readonly replicas: number;
  /** Collectors are added up to this number, by load. Undefined: `replicas` it is. */
  readonly maxReplicas?: number;
  readonly storageClass: pulumi.Input<string>;
  /** Volume of each replica's sending queues. A third of it is queue. */
  readonly queueStorage: Quantity;
  /** Keeps the queues' volumes when the StatefulSet is deleted. */
  readonly keepVolumes: boolean;
  /** Go duration. */
  readonly clockAheadTolerance: string;
  /** Go duration. */
  readonly clockBehindTolerance: string;
  /** Secrets that decide who may send. Undefined: everybody who reaches it, in plain text. */
  readonly access?: CollectorSecrets;
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
  /** Resolves once its pods are ready; the last of the old ones may still drain. */
  readonly workload: kubernetes.apps.v1.StatefulSet;

  constructor(name: string, args: CollectorArgs, opts?: pulumi.ComponentResourceOptions) {
    super("claude-monitoring:collector:Collector", name, {}, opts);
    const names = serviceNames(args.namePrefix);
    this.serviceName = names.collector;
    const identity = componentIdentity({
      instance: args.namePrefix,
      component: "otel-collector",
      image: args.image,
      name: names.collector,
      namespace: args.namespace,
    });
    const { selector, ...metadata } = identity;

    const config = immutableConfigMap(`${name}-config`, identity, { "collector.yaml": configFile(args) }, this);
    this.services(name, identity, names.collectorReplicas, args.exposure);
    const pseudonymKey = this.secret(name, identity, args.pseudonymKey);
    const remoteSecret = remoteStoreSecret(name, identity, args.remote, this, "header");
    const files = { config, pseudonymKey, remoteSecret };
    this.workload = this.statefulSet(name, identity, names.collectorReplicas, args, files);
    if (args.replicas > 1) {
      new kubernetes.policy.v1.PodDisruptionBudget(
        `${name}-disruption-budget`,
        { metadata, spec: { maxUnavailable: 1, selector: { matchLabels: selector } } },
        { parent: this },
      );
    }
    if (args.maxReplicas !== undefined) {
      const limits = { minReplicas: args.replicas, maxReplicas: args.maxReplicas, cpuLimit: args.resources.cpuLimit };
      collectorAutoscaler(name, identity, limits, this);
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

  private secret(
    name: string,
    { namespace, labels }: ComponentIdentity,
    key: pulumi.Input<string> | undefined,
  ): kubernetes.core.v1.Secret | undefined {
    return key === undefined
      ? undefined
      : new kubernetes.core.v1.Secret(
          `${name}-pseudonym-key`,
          {
            metadata: { namespace, labels },
            stringData: { [pseudonymKeyVariable]: pulumi.secret(key) },
            immutable: true,
          },
          { parent: this },
        );
  }

  private statefulSet(
    name: string,
    { selector, ...metadata }: ComponentIdentity,
    replicasName: string,
    args: CollectorArgs,
    files: Pick<CollectorPodArgs, "config" | "pseudonymKey" | "remoteSecret">,
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
          template: {
            metadata: { labels: metadata.labels },
            spec: collectorPod({
              image: args.image,
              selector,
              ...files,
              access: args.access,
              resources: args.resources,
            }),
          },
        },
      },
      {
        parent: this,
        // One ends and starts after the other: each may take 240 s by its grace period and its probe.
        customTimeouts: rolloutTimeouts(10 + 5 * (args.maxReplicas ?? args.replicas)),
        // The number that an autoscaler has set stays.
        ...(args.maxReplicas === undefined ? {} : { ignoreChanges: ["spec.replicas"] }),
      },
    );
  }
}

function configFile(args: CollectorArgs): pulumi.Output<string> {
  const { prometheusOtlpUrl, lokiOtlpUrl, tempoOtlpUrl } = args;
  return pulumi.output({ prometheusOtlpUrl, lokiOtlpUrl, tempoOtlpUrl }).apply((urls) =>
    stringify(
      collectorConfig({
        prometheusOtlpUrl: urls.prometheusOtlpUrl,
        ...(urls.lokiOtlpUrl === undefined ? {} : { lokiOtlpUrl: urls.lokiOtlpUrl }),
        ...(urls.tempoOtlpUrl === undefined ? {} : { tempoOtlpUrl: urls.tempoOtlpUrl }),
        ...(args.remote === undefined ? {} : { remoteStore: args.remote.store }),
        queueDirectory,
        queueBytes: Math.floor(args.queueStorage.bytes * queueShareOfVolume),
        clockAheadTolerance: args.clockAheadTolerance,
        clockBehindTolerance: args.clockBehindTolerance,
        privacy: args.privacy,
        labelValues: args.labelValues,
        access: collectorAccess(args.access),
      }),
      // Anchors would be right too, but nobody could read them.
      { aliasDuplicateObjects: false },
    ),
  );
}
