import * as kubernetes from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import { stringify } from "yaml";

import { collectorConfig, type CollectorStoreUrls } from "./config";
import { collectorAccess, type CollectorFiles, collectorPod, type CollectorSecrets } from "./pod";
import { queueCheckFile, queueDirectory, queueReport } from "./queue-check-container";
import { pseudonymKeyVariable } from "./identity";
import type { ProcessorsArgs } from "./processors";
import { exposedService, type Exposure } from "../kubernetes/exposure";
import { type ComponentArgs, type ComponentIdentity, componentIdentity } from "../kubernetes/labels";
import { serviceNames } from "../kubernetes/names";
import type { Resources } from "../kubernetes/pod";
import { ports } from "../kubernetes/ports";
import { remoteStoreSecret, type RemoteStoreArgs } from "../prometheus/remote-store";
import { bundleQueueCheck } from "../../queue-check/bundle";
import type { Quantity } from "../../units";
import { volumeClaimSpec } from "../kubernetes/volume";
import { immutableConfigMap, immutableSecret, rolloutTimeouts } from "../kubernetes/workload";

/** Collectors are added above this share of their CPU limit: what comes next must fit beside what is there. */
const targetShareOfCpu = 0.7;
/** Compaction writes a second copy of the queue file beside the first, which may itself hold freed pages. */
const queueShareOfVolume = 1 / 3;

/** Inputs of {@link Collector}. */
export interface CollectorArgs extends ComponentArgs, Omit<ProcessorsArgs, "access" | "remoteStore"> {
  readonly storeUrls: pulumi.Input<CollectorStoreUrls>;
  /** A distributed store that gets a copy of every point. Default none. */
  readonly remote?: RemoteStoreArgs;
  /** Key of the pseudonyms, the same for all replicas. Undefined without pseudonyms. */
  readonly pseudonymKey?: pulumi.Input<string>;
  /** Any number is exact: collectors keep no state about delta streams. */
  readonly replicas: number;
  /** Collectors are added up to this number, by load. Undefined: `replicas` it is. */
  readonly maxReplicas?: number;
  readonly storageClass: pulumi.Input<string>;
  /** Volume of each replica's sending queues. A third of it is queue. */
  readonly queueStorage: Quantity;
  /** Writes each change of a queue to the disk itself before a client is answered. */
  readonly fsync: boolean;
  /** Image of Node.js, for the check of the queues before the collector starts. */
  readonly checkImage: pulumi.Input<string>;
  /** Keeps the queues' volumes when the StatefulSet is deleted. */
  readonly keepVolumes: boolean;
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
  constructor(name: string, args: CollectorArgs, opts?: pulumi.ComponentResourceOptions) {
    super("claude-monitoring:collector:Collector", name, {}, opts);
    const names = serviceNames(args.namePrefix);
    const identity = componentIdentity(args, "otel-collector", names.collector);
    const replicas = { ...identity, name: names.collectorReplicas };
    const { selector, ...metadata } = identity;

    this.services(name, identity, replicas, args.exposure);
    const key = { key: pseudonymKeyVariable, value: args.pseudonymKey };
    const files = {
      config: immutableConfigMap(`${name}-config`, identity, { "collector.yaml": configFile(args) }, this),
      queueCheck: immutableConfigMap(`${name}-queue-check`, identity, { [queueCheckFile]: bundleQueueCheck() }, this),
      pseudonymKey: immutableSecret(`${name}-pseudonym-key`, identity, key, this),
      remoteSecret: remoteStoreSecret(name, identity, args.remote, this, "header"),
    };
    this.statefulSet(name, identity, replicas.name, args, files);
    if (args.replicas > 1) {
      new kubernetes.policy.v1.PodDisruptionBudget(
        `${name}-disruption-budget`,
        { metadata, spec: { maxUnavailable: 1, selector: { matchLabels: selector } } },
        { parent: this },
      );
    }
    if (args.maxReplicas !== undefined) {
      this.autoscaler(name, identity, args, args.maxReplicas);
    }
    this.registerOutputs({ serviceName: names.collector });
  }

  private services(name: string, identity: ComponentIdentity, replicas: ComponentIdentity, exposure: Exposure): void {
    const metrics = { name: "metrics", port: ports.collectorMetrics };
    const otlpGrpc = { name: "otlp-grpc", port: ports.otlpGrpc, appProtocol: "grpc" };
    const otlpHttp = { name: "otlp-http", port: ports.otlpHttp, appProtocol: "http" };
    // Clients that send cumulative sums are converted by a processor with memory: keep each on one replica.
    const sessionAffinity = "ClientIP";
    exposedService(name, identity, { ports: [otlpGrpc, otlpHttp, metrics], exposure, sessionAffinity }, this);
    const headless = { ports: [metrics], clusterIP: "None", publishNotReadyAddresses: true };
    exposedService(`${name}-replicas`, replicas, headless, this);
  }

  private statefulSet(
    name: string,
    { selector, ...metadata }: ComponentIdentity,
    replicasName: string,
    args: CollectorArgs,
    files: CollectorFiles,
  ): void {
    const queue = volumeClaimSpec(args.storageClass, args.queueStorage);
    new kubernetes.apps.v1.StatefulSet(
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
          template: { metadata: { labels: metadata.labels }, spec: collectorPod(args, selector, files) },
        },
      },
      {
        parent: this,
        // One ends and starts after the other: each may take 240 s by its grace period and its probe.
        customTimeouts: rolloutTimeouts(10 + 5 * (args.maxReplicas ?? args.replicas)),
        // The number that an autoscaler has set stays.
        ignoreChanges: args.maxReplicas === undefined ? undefined : ["spec.replicas"],
      },
    );
  }

  /**
   * Adds collectors by load; needs metrics-server in the cluster. It takes none away: a collector that stops keeps what
   * it has not sent in its queue's volume, and nobody would send it.
   */
  private autoscaler(
    name: string,
    { name: workload, namespace, labels }: ComponentIdentity,
    { replicas: minReplicas, resources }: CollectorArgs,
    maxReplicas: number,
  ): void {
    const averageValue = `${Math.round(resources.cpuLimit.cores * targetShareOfCpu * 1000)}m`;
    new kubernetes.autoscaling.v2.HorizontalPodAutoscaler(
      `${name}-autoscaler`,
      {
        metadata: { name: workload, namespace, labels },
        spec: {
          scaleTargetRef: { apiVersion: "apps/v1", kind: "StatefulSet", name: workload },
          minReplicas,
          maxReplicas,
          metrics: [{ type: "Resource", resource: { name: "cpu", target: { type: "AverageValue", averageValue } } }],
          behavior: {
            scaleUp: { stabilizationWindowSeconds: 60, policies: [{ type: "Pods", value: 1, periodSeconds: 60 }] },
            scaleDown: { selectPolicy: "Disabled" },
          },
        },
      },
      { parent: this },
    );
  }
}

function configFile(args: CollectorArgs): pulumi.Output<string> {
  return pulumi.output(args.storeUrls).apply((urls) =>
    stringify(
      collectorConfig({
        ...args,
        ...urls,
        remoteStore: args.remote?.store,
        queueDirectory,
        queueReport,
        queueBytes: Math.floor(args.queueStorage.bytes * queueShareOfVolume),
        access: collectorAccess(args.access),
      }),
      // Anchors would be right too, but nobody could read them.
      { aliasDuplicateObjects: false },
    ),
  );
}
