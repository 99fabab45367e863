import * as kubernetes from "@pulumi/kubernetes";
import type * as pulumi from "@pulumi/pulumi";

import type { CollectorAccess } from "./access";
import type { CollectorArgs } from "./collector";
import { collectorNameVariable } from "./event-metrics";
import { pseudonymKeyVariable } from "./identity";
import type { Labels } from "../kubernetes/labels";
import {
  goMemoryLimit,
  hardenedContainer,
  hardenedPod,
  httpProbe,
  resourceRequirements,
  variableFromSecret,
} from "../kubernetes/pod";
import { garbagePercent, garbageShare } from "./memory";
import { featureGates } from "./outgoing";
import { ports } from "../kubernetes/ports";
import { queueCheckContainer, queueCheckVolumes, queueMount, reportMount } from "./queue-check-container";
import { remoteAuthorizationVariable } from "../prometheus/remote-store";
import { htpasswdKey } from "./team-credentials";

/** User of the image. */
const userId = 10001;
const configDirectory = "/etc/otelcol";
const secretsDirectory = "/etc/otelcol-secrets";
/** Seconds for which a collector still accepts exports after it was told to stop. */
const drainSeconds = 10;

/** Names of Secrets in the collector's namespace. */
export interface CollectorSecrets {
  /** Of `TeamCredentials`. Undefined: clients need no credential. */
  readonly credentials?: pulumi.Input<string>;
  /** With `tls.crt` and `tls.key`. Undefined: plain text. */
  readonly tls?: pulumi.Input<string>;
  /** With `ca.crt`, which clients' certificates are signed by. Undefined: clients need none. */
  readonly clientCa?: pulumi.Input<string>;
}

/** Objects of the collector that its pods read. */
export interface CollectorFiles {
  readonly config: kubernetes.core.v1.ConfigMap;
  /** With {@link queueCheckFile}. */
  readonly queueCheck: kubernetes.core.v1.ConfigMap;
  /** With {@link pseudonymKeyVariable}. */
  readonly pseudonymKey: kubernetes.core.v1.Secret | undefined;
  /** With {@link remoteAuthorizationVariable}. Undefined: no distributed store asks for one. */
  readonly remoteSecret: kubernetes.core.v1.Secret | undefined;
}

type PodArgs = Pick<CollectorArgs, "image" | "checkImage" | "access" | "resources">;

/** Secrets to mount, by the name of their volume. */
function secretVolumes({ credentials, tls, clientCa }: CollectorSecrets = {}) {
  return Object.entries({ credentials, tls, "client-ca": clientCa })
    .filter(([, secretName]) => secretName !== undefined)
    .map(([name, secretName]) => ({
      volume: { name, secret: { secretName, defaultMode: 0o440 } },
      mount: { name, mountPath: `${secretsDirectory}/${name}`, readOnly: true },
    }));
}

/** The files that those Secrets are mounted as. */
export function collectorAccess({ credentials, tls, clientCa }: CollectorSecrets = {}): CollectorAccess {
  return {
    htpasswdFile: credentials && `${secretsDirectory}/credentials/${htpasswdKey}`,
    tls:
      tls === undefined
        ? undefined
        : {
            certFile: `${secretsDirectory}/tls/tls.crt`,
            keyFile: `${secretsDirectory}/tls/tls.key`,
            clientCaFile: clientCa && `${secretsDirectory}/client-ca/ca.crt`,
          },
  };
}

/** A pod of the collector: its queue comes with the StatefulSet's volume. */
export function collectorPod(
  args: PodArgs,
  selector: Labels,
  files: CollectorFiles,
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
    initContainers: [queueCheckContainer(args)],
    containers: [collectorContainer(args, files)],
    volumes: [
      { name: "config", configMap: { name: files.config.metadata.name } },
      ...queueCheckVolumes(files.queueCheck),
      ...secretVolumes(args.access).map(({ volume }) => volume),
    ],
  });
}

/** A variable of the same name as the Secret's key; none without a Secret. */
function fromSecret(
  secret: kubernetes.core.v1.Secret | undefined,
  key: string,
): kubernetes.types.input.core.v1.EnvVar[] {
  return secret === undefined ? [] : [variableFromSecret(secret, key)];
}

function collectorContainer(args: PodArgs, files: CollectorFiles): kubernetes.types.input.core.v1.Container {
  return hardenedContainer({
    name: "otel-collector",
    image: args.image,
    args: [`--config=${configDirectory}/collector.yaml`, featureGates],
    env: [
      { name: "GOGC", value: garbagePercent },
      goMemoryLimit(args.resources, garbageShare),
      // Stable over restarts: each new name would be new series.
      { name: collectorNameVariable, valueFrom: { fieldRef: { fieldPath: "metadata.name" } } },
      ...fromSecret(files.pseudonymKey, pseudonymKeyVariable),
      ...fromSecret(files.remoteSecret, remoteAuthorizationVariable),
    ],
    ports: [
      { name: "otlp-grpc", containerPort: ports.otlpGrpc },
      { name: "otlp-http", containerPort: ports.otlpHttp },
      { name: "metrics", containerPort: ports.collectorMetrics },
      { name: "health", containerPort: ports.collectorHealth },
    ],
    // Clients come until the Service has forgotten the pod. The image has no shell, so Kubernetes itself sleeps.
    lifecycle: { preStop: { sleep: { seconds: drainSeconds } } },
    // Compacting a large queue at start takes its time; clients give up within 8 s.
    startupProbe: httpProbe("/", "health", { periodSeconds: 1, failureThreshold: 180 }),
    readinessProbe: httpProbe("/", "health", { periodSeconds: 5 }),
    livenessProbe: httpProbe("/", "health"),
    resources: resourceRequirements(args.resources),
    volumeMounts: [
      { name: "config", mountPath: configDirectory, readOnly: true },
      queueMount,
      { ...reportMount, readOnly: true },
      ...secretVolumes(args.access).map(({ mount }) => mount),
    ],
  });
}
