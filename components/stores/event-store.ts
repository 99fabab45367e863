import * as kubernetes from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import { stringify } from "yaml";

import { exposedService } from "../kubernetes/exposure";
import { type ComponentArgs, componentIdentity } from "../kubernetes/labels";
import { serviceNames, serviceUrl } from "../kubernetes/names";
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
export interface EventStoreArgs extends ComponentArgs {
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

interface ServicePort {
  readonly name: string;
  readonly port: number;
  readonly appProtocol?: string;
}

/** Properties that differ between stores. */
export interface EventStoreProgram {
  /** Name of the container and of its configuration file. */
  readonly program: "loki" | "tempo";
  readonly config: object;
  /** Mount path of the volume. */
  readonly dataDirectory: string;
  /** The first is named `http`, and says when the store is ready. */
  readonly ports: readonly [ServicePort, ...ServicePort[]];
}

/** User of both images. */
const userId = 10001;

/** Loki or Tempo: one process with its configuration, volume and Service. */
export class EventStore extends pulumi.ComponentResource {
  /** Name of the Service. */
  readonly serviceName: string;
  /** URL inside the cluster. */
  readonly url: pulumi.Output<string>;
  /** Resolves once the rollout is complete. */
  readonly workload: kubernetes.apps.v1.Deployment;

  protected constructor(
    type: string,
    name: string,
    args: EventStoreArgs,
    store: EventStoreProgram,
    opts?: pulumi.ComponentResourceOptions,
  ) {
    super(type, name, {}, opts);
    this.serviceName = serviceNames(args.namePrefix)[store.program];
    this.url = serviceUrl(this.serviceName, args.namespace, store.ports[0].port);
    const identity = componentIdentity(args, store.program, this.serviceName);

    const file = { [`${store.program}.yaml`]: stringify(store.config) };
    const config = immutableConfigMap(`${name}-config`, identity, file, this);
    const { storageClass, storage: size, protectVolume: protect } = args;
    const volume = volumeClaim(`${name}-volume`, identity, { storageClass, size, protect }, this);
    exposedService(name, identity, { ports: store.ports, exposure: { kind: "ClusterIP" } }, this);
    const pod = hardenedPod(userId, {
      terminationGracePeriodSeconds: 120,
      containers: [container(store, args)],
      volumes: [
        { name: "config", configMap: { name: config.metadata.name } },
        { name: "data", persistentVolumeClaim: { claimName: volume.metadata.name } },
        { name: "tmp", emptyDir: {} },
      ],
    });
    this.workload = singletonDeployment(`${name}-workload`, identity, pod, this);
    this.registerOutputs({ serviceName: this.serviceName, url: this.url });
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
