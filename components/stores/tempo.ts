import * as kubernetes from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";

import { eventStore, type EventStoreArgs } from "./event-store";
import { componentIdentity } from "../kubernetes/labels";
import { serviceNames } from "../kubernetes/names";
import { ports } from "../kubernetes/ports";
import { tempoConfig } from "./tempo-config";

const dataDirectory = "/var/tempo";

/** Tempo, as one process: keeps the traces of clients that send them, for as long as it is told. */
export class Tempo extends pulumi.ComponentResource {
  /** Name of the Service. */
  readonly serviceName: string;
  /** URL inside the cluster. */
  readonly url: pulumi.Output<string>;
  /** Resolves once the rollout is complete. */
  readonly workload: kubernetes.apps.v1.Deployment;

  constructor(name: string, args: EventStoreArgs, opts?: pulumi.ComponentResourceOptions) {
    super("claude-monitoring:tempo:Tempo", name, {}, opts);
    this.serviceName = serviceNames(args.namePrefix).tempo;
    this.url = tempoUrl(args.namePrefix, args.namespace);
    const identity = componentIdentity({
      instance: args.namePrefix,
      component: "tempo",
      image: args.image,
      name: this.serviceName,
      namespace: args.namespace,
    });

    const { retention, promisedLateness } = args;
    const store = {
      program: "tempo",
      config: tempoConfig({ dataDirectory, retention, promisedLateness }),
      dataDirectory,
      ports: [
        { name: "http", port: ports.tempo },
        { name: "otlp-grpc", port: ports.otlpGrpc, appProtocol: "grpc" },
        { name: "otlp-http", port: ports.otlpHttp, appProtocol: "http" },
      ],
    } as const;
    this.workload = eventStore(name, identity, store, args, this);
    this.registerOutputs({ serviceName: this.serviceName, url: this.url });
  }
}

/** URL of Tempo inside the cluster; others are told before the Service exists. */
export function tempoUrl(namePrefix: string, namespace: pulumi.Input<string>): pulumi.Output<string> {
  return serviceUrl(namePrefix, namespace, ports.tempo);
}

/** Base URL of Tempo's OTLP receiver over HTTP: exporters append `/v1/traces`. */
export function tempoOtlpUrl(namePrefix: string, namespace: pulumi.Input<string>): pulumi.Output<string> {
  return serviceUrl(namePrefix, namespace, ports.otlpHttp);
}

function serviceUrl(namePrefix: string, namespace: pulumi.Input<string>, port: number): pulumi.Output<string> {
  return pulumi.interpolate`http://${serviceNames(namePrefix).tempo}.${namespace}.svc:${port}`;
}
