import * as pulumi from "@pulumi/pulumi";

import { EventStore, type EventStoreArgs } from "./event-store";
import { lokiConfig } from "./loki-config";
import { serviceNames, serviceUrl } from "../kubernetes/names";
import { ports } from "../kubernetes/ports";

const dataDirectory = "/loki";

/** Loki, as one process: keeps each event that a client reports, for as long as it is told. */
export class Loki extends EventStore {
  constructor(name: string, args: EventStoreArgs, opts?: pulumi.ComponentResourceOptions) {
    const { retention, promisedLateness, resources } = args;
    const store = {
      program: "loki",
      config: lokiConfig({ dataDirectory, retention, promisedLateness, memory: resources.memory.bytes }),
      dataDirectory,
      ports: [{ name: "http", port: ports.loki }],
    } as const;
    super("claude-monitoring:loki:Loki", name, args, store, opts);
  }
}

/** URL of Loki inside the cluster. */
export function lokiUrl(namePrefix: string, namespace: pulumi.Input<string>): pulumi.Output<string> {
  return serviceUrl(serviceNames(namePrefix).loki, namespace, ports.loki);
}

/** Base URL of Loki's OTLP receiver: exporters append `/v1/logs`. */
export function lokiOtlpUrl(namePrefix: string, namespace: pulumi.Input<string>): pulumi.Output<string> {
  return pulumi.interpolate`${lokiUrl(namePrefix, namespace)}/otlp`;
}
