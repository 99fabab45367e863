import * as kubernetes from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import { stringify } from "yaml";

import { exposedService, type NamedPort } from "../kubernetes/exposure";
import { componentIdentity } from "../kubernetes/labels";
import { serviceNames } from "../kubernetes/names";
import {
  goMemoryLimit,
  hardenedContainer,
  hardenedPod,
  httpProbe,
  resourceRequirements,
  type Resources,
} from "../kubernetes/pod";
import { type StoreArgs, volumeClaim } from "../kubernetes/volume";
import { immutableConfigMap, singletonDeployment } from "../kubernetes/workload";

/** Inputs of Loki and Tempo. They delete by age only: the volume must hold `retention`. */
export interface EventStoreArgs extends StoreArgs {
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
  /** One is named `http`, and says when the store is ready. */
  readonly ports: readonly NamedPort[];
}

/** User of both images. */
const userId = 10001;

/** Loki or Tempo: one process with its configuration, volume and Service. */
export class EventStore extends pulumi.ComponentResource {
  protected constructor(
    type: string,
    name: string,
    args: EventStoreArgs,
    store: EventStoreProgram,
    opts?: pulumi.ComponentResourceOptions,
  ) {
    super(type, name, {}, opts);
    const serviceName = serviceNames(args.namePrefix)[store.program];
    const identity = componentIdentity(args, store.program, serviceName);
    const file = { [`${store.program}.yaml`]: stringify(store.config) };
    const config = immutableConfigMap(`${name}-config`, identity, file, this);
    const volume = volumeClaim(`${name}-volume`, identity, args, this);
    exposedService(name, identity, { ports: store.ports }, this);
    const pod = hardenedPod(userId, {
      terminationGracePeriodSeconds: 120,
      containers: [container(store, args)],
      volumes: [
        { name: "config", configMap: { name: config.metadata.name } },
        { name: "data", persistentVolumeClaim: { claimName: volume.metadata.name } },
        { name: "tmp", emptyDir: {} },
      ],
    });
    singletonDeployment(`${name}-workload`, identity, pod, this);
    this.registerOutputs({ serviceName });
  }
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
