import * as kubernetes from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import { stringify } from "yaml";

import { exposedService } from "../kubernetes/exposure";
import type { ComponentIdentity } from "../kubernetes/labels";
import {
  goMemoryLimit,
  hardenedContainer,
  hardenedPod,
  httpProbe,
  resourceRequirements,
  Resources,
} from "../kubernetes/pod";
import { Quantity } from "../../units";
import { volumeClaim } from "../kubernetes/volume";
import { immutableConfigMap, singletonDeployment } from "../kubernetes/workload";

/** Arguments that Loki and Tempo share. */
export interface EventStoreArgs {
  /** First part of every name, e.g. `dev` for `dev-loki`. */
  readonly namePrefix: string;
  readonly namespace: pulumi.Input<string>;
  /** Reference with a tag; the tag is the version in its labels. */
  readonly image: string;
  readonly storageClass: pulumi.Input<string>;
  /** The store deletes by age only: it must hold `retention`. */
  readonly storage: Quantity;
  /** Makes `pulumi destroy` refuse to delete the volume. */
  readonly protectVolume: boolean;
  /** Retention, in seconds; for Loki at least a day. */
  readonly retention: number;
  /** Longest delay, in seconds, at which data is still stored, or found by its own time. */
  readonly promisedLateness: number;
  readonly resources: Resources;
}

/** Properties that differ between stores. */
export interface EventStoreProgram {
  /** Name of the container and of its configuration file. */
  readonly program: "loki" | "tempo";
  readonly config: object;
  /** Mount path of the volume. */
  readonly dataDirectory: string;
  /** The first is named `http`, and says when the store is ready. */
  readonly ports: readonly { readonly name: string; readonly port: number; readonly appProtocol?: string }[];
}

/** User of both images. */
const userId = 10001;

/** One process with its configuration, volume and Service. */
export function eventStore(
  name: string,
  identity: ComponentIdentity,
  store: EventStoreProgram,
  args: EventStoreArgs,
  parent: pulumi.Resource,
): kubernetes.apps.v1.Deployment {
  const file = { [`${store.program}.yaml`]: stringify(store.config) };
  const config = immutableConfigMap(`${name}-config`, identity, file, parent);
  const { storageClass, storage: size, protectVolume: protect } = args;
  const volume = volumeClaim(`${name}-volume`, identity, { storageClass, size, protect }, parent);
  exposedService(name, identity, { ports: store.ports, exposure: { kind: "ClusterIP" } }, parent);
  const pod = hardenedPod(userId, {
    terminationGracePeriodSeconds: 120,
    containers: [container(store, args)],
    volumes: [
      { name: "config", configMap: { name: config.metadata.name } },
      { name: "data", persistentVolumeClaim: { claimName: volume.metadata.name } },
      { name: "tmp", emptyDir: {} },
    ],
  });
  return singletonDeployment(`${name}-workload`, identity, pod, parent);
}

function container(
  { program, dataDirectory, ports }: EventStoreProgram,
  { image, resources }: EventStoreArgs,
): kubernetes.types.input.core.v1.Container {
  const configDirectory = `/etc/${program}`;
  return hardenedContainer({
    name: program,
    image,
    args: [`-config.file=${configDirectory}/${program}.yaml`, "-target=all"],
    env: [goMemoryLimit(resources)],
    ports: ports.map(({ name, port }) => ({ name, containerPort: port })),
    // Replaying a long write-ahead log takes its time.
    startupProbe: httpProbe("/ready", "http", { periodSeconds: 2, failureThreshold: 450 }),
    readinessProbe: httpProbe("/ready", "http", { periodSeconds: 5 }),
    livenessProbe: httpProbe("/ready", "http", { failureThreshold: 6 }),
    resources: resourceRequirements(resources),
    volumeMounts: [
      { name: "config", mountPath: configDirectory, readOnly: true },
      { name: "data", mountPath: dataDirectory },
      { name: "tmp", mountPath: "/tmp" },
    ],
  });
}
