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

/** What Loki and Tempo are told alike. */
export interface EventStoreArgs extends ComponentArgs {
  readonly storageClass: pulumi.Input<string>;
  /** The store deletes by age only: it must hold `retention`. */
  readonly storage: Quantity;
  /** Whether `pulumi destroy` refuses to delete the volume. */
  readonly protectVolume: boolean;
  /** How long data is kept, in seconds; by Loki a day at least. */
  readonly retention: number;
  /** How late data may come and still be stored, or found by its own time, in seconds. */
  readonly promisedLateness: number;
  readonly resources: Resources;
}

interface ServicePort {
  readonly name: string;
  readonly port: number;
  readonly appProtocol?: string;
}

/** What tells one store from another. */
export interface EventStoreProgram {
  /** Name of the container and of its configuration file. */
  readonly program: "loki" | "tempo";
  readonly config: object;
  /** Where the volume is mounted. */
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
