import * as path from "node:path";

import * as kubernetes from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import { stringify } from "yaml";

import { exposedService } from "../kubernetes/exposure";
import { componentIdentity } from "../kubernetes/labels";
import { serviceNames } from "../kubernetes/names";
import {
  hardenedContainer,
  hardenedPod,
  httpProbe,
  resourceRequirements,
  type Resources,
  scriptProbe,
} from "../kubernetes/pod";
import { ports } from "../kubernetes/ports";
import { hasRoomScript, intactScript, probeTimeoutSeconds as timeoutSeconds } from "./probes";
import { remoteStoreSecret, type RemoteStoreArgs } from "./remote-store";
import {
  prometheusConfig,
  type PrometheusConfigArgs,
  prometheusFlags,
  type PrometheusFlagsArgs,
  rulesFileText,
} from "./config";
import { type StoreArgs, volumeClaim } from "../kubernetes/volume";
import { immutableConfigMap, singletonDeployment } from "../kubernetes/workload";

/** `nobody`, the user of the image. */
const userId = 65534;
const configDirectory = "/etc/prometheus";
const dataDirectory = "/prometheus";
const remoteSecretDirectory = "/etc/prometheus-remote-store";
/** The recording rules, as Prometheus knows them. */
const rulesFile = `${configDirectory}/recording.rules.yaml`;
/** Blocks may fill this much of the volume; the rest is for the write-ahead log and for compaction. */
const blocksShareOfVolume = 0.8;
/** With less than this of the volume free, nothing is sent to Prometheus: see {@link hasRoomScript}. */
const floorShareOfVolume = 1 / 20;

/** Inputs of {@link Prometheus}. */
export interface PrometheusArgs
  extends
    StoreArgs,
    Pick<PrometheusConfigArgs, "outOfOrderTimeWindow" | "scrapeTargets">,
    Pick<PrometheusFlagsArgs, "retention" | "adminApi"> {
  /** Seconds that its newest sample may be ahead of the clock before clients' samples are too late. */
  readonly aheadSeconds: number;
  /** Recording rules, in the form of a rules file. */
  readonly recordingRules: object;
  /** A distributed store that roll-ups and scraped series are written on to. Default none. */
  readonly remote?: RemoteStoreArgs;
  readonly resources: Resources;
}

/** Prometheus 3, which collectors write to: each delta that a client reports is one sample. */
export class Prometheus extends pulumi.ComponentResource {
  constructor(name: string, args: PrometheusArgs, opts?: pulumi.ComponentResourceOptions) {
    super("claude-monitoring:prometheus:Prometheus", name, {}, opts);
    const names = serviceNames(args.namePrefix);
    const identity = componentIdentity(args, "prometheus", names.prometheus);
    const config = immutableConfigMap(`${name}-config`, identity, configFiles(args), this);
    const volume = volumeClaim(`${name}-volume`, identity, args, this);
    const http = { name: "http", port: ports.prometheus };
    // Dashboards read on while Prometheus has no room for more.
    exposedService(name, identity, { ports: [http], publishNotReadyAddresses: true }, this);
    exposedService(`${name}-write`, { ...identity, name: names.prometheusWrite }, { ports: [http] }, this);
    const secret = remoteStoreSecret(name, identity, args.remote, this, "file");
    const pod = hardenedPod(userId, {
      terminationGracePeriodSeconds: 120,
      containers: [prometheusContainer(args, secret !== undefined)],
      volumes: [
        { name: "config", configMap: { name: config.metadata.name } },
        { name: "data", persistentVolumeClaim: { claimName: volume.metadata.name } },
        ...(secret === undefined ? [] : [{ name: "remote-store", secret: { secretName: secret.metadata.name } }]),
      ],
    });
    singletonDeployment(`${name}-workload`, identity, pod, this);
    this.registerOutputs({ serviceName: names.prometheus });
  }
}

function configFiles(args: PrometheusArgs): Record<string, string> {
  const config = prometheusConfig({
    ...args,
    ruleFiles: `${configDirectory}/*.rules.yaml`,
    remote: args.remote && { store: args.remote.store, secretDirectory: remoteSecretDirectory },
  });
  return {
    "prometheus.yaml": stringify(config),
    [path.basename(rulesFile)]: rulesFileText(args.recordingRules),
  };
}

function prometheusContainer(args: PrometheusArgs, remoteSecret: boolean): kubernetes.types.input.core.v1.Container {
  const floorKib = Math.floor((args.storage.bytes * floorShareOfVolume) / 2 ** 10);
  const probed = { ...args, port: ports.prometheus, dataDirectory, floorKib };
  return hardenedContainer({
    name: "prometheus",
    image: args.image,
    args: prometheusFlags({
      ...args,
      configFile: `${configDirectory}/prometheus.yaml`,
      dataDirectory,
      retentionSize: `${Math.floor((args.storage.bytes * blocksShareOfVolume) / 2 ** 20)}MB`,
    }),
    ports: [{ name: "http", containerPort: ports.prometheus }],
    // Replaying a long write-ahead log takes its time.
    startupProbe: httpProbe("/-/ready", "http", { periodSeconds: 2, failureThreshold: 450 }),
    // The first failure counts: the floor has to last from one probe to the next.
    readinessProbe: scriptProbe(hasRoomScript(probed), { periodSeconds: 5, timeoutSeconds, failureThreshold: 1 }),
    livenessProbe: scriptProbe(intactScript(probed), { timeoutSeconds }),
    resources: resourceRequirements(args.resources),
    volumeMounts: [
      { name: "config", mountPath: configDirectory, readOnly: true },
      { name: "data", mountPath: dataDirectory },
      ...(remoteSecret ? [{ name: "remote-store", mountPath: remoteSecretDirectory, readOnly: true }] : []),
    ],
  });
}
