import * as kubernetes from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";

import { eventStore, type EventStoreArgs } from "./event-store";
import { componentIdentity } from "../kubernetes/labels";
import { lokiConfig } from "./loki-config";
import { serviceNames } from "../kubernetes/names";
import { ports } from "../kubernetes/ports";

const dataDirectory = "/loki";

/** Loki, as one process: keeps each event that a client reports, for as long as it is told. */
export class Loki extends pulumi.ComponentResource {
  /** Name of the Service. */
  readonly serviceName: string;
  /** URL inside the cluster. */
  readonly url: pulumi.Output<string>;
  /** Resolves once the rollout is complete. */
  readonly workload: kubernetes.apps.v1.Deployment;

  constructor(name: string, args: EventStoreArgs, opts?: pulumi.ComponentResourceOptions) {
    super("claude-monitoring:loki:Loki", name, {}, opts);
    this.serviceName = serviceNames(args.namePrefix).loki;
    this.url = lokiUrl(args.namePrefix, args.namespace);
    const identity = componentIdentity({
      instance: args.namePrefix,
      component: "loki",
      image: args.image,
      name: this.serviceName,
      namespace: args.namespace,
    });

    const { retention, promisedLateness, resources } = args;
    const store = {
      program: "loki",
      config: lokiConfig({ dataDirectory, retention, promisedLateness, memory: resources.memory.bytes }),
      dataDirectory,
      ports: [{ name: "http", port: ports.loki }],
    } as const;
    this.workload = eventStore(name, identity, store, args, this);
    this.registerOutputs({ serviceName: this.serviceName, url: this.url });
  }
}

/** URL of Loki inside the cluster; others are told before the Service exists. */
export function lokiUrl(namePrefix: string, namespace: pulumi.Input<string>): pulumi.Output<string> {
  return pulumi.interpolate`http://${serviceNames(namePrefix).loki}.${namespace}.svc:${ports.loki}`;
}

/** Base URL of Loki's OTLP receiver: exporters append `/v1/logs`. */
export function lokiOtlpUrl(namePrefix: string, namespace: pulumi.Input<string>): pulumi.Output<string> {
  return pulumi.interpolate`${lokiUrl(namePrefix, namespace)}/otlp`;
}
