import type * as pulumi from "@pulumi/pulumi";

import { EventStore, type EventStoreArgs } from "./event-store";
import { serviceNames, serviceUrl } from "../kubernetes/names";
import { ports } from "../kubernetes/ports";
import { tempoConfig } from "./tempo-config";

const dataDirectory = "/var/tempo";

/** Tempo, as one process: keeps the traces of clients that send them, for as long as it is told. */
export class Tempo extends EventStore {
  constructor(name: string, args: EventStoreArgs, opts?: pulumi.ComponentResourceOptions) {
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
    super("claude-monitoring:tempo:Tempo", name, args, store, opts);
  }
}

/** URL of Tempo inside the cluster. */
export function tempoUrl(namePrefix: string, namespace: pulumi.Input<string>): pulumi.Output<string> {
  return serviceUrl(serviceNames(namePrefix).tempo, namespace, ports.tempo);
}

/** Base URL of Tempo's OTLP receiver over HTTP: exporters append `/v1/traces`. */
export function tempoOtlpUrl(namePrefix: string, namespace: pulumi.Input<string>): pulumi.Output<string> {
  return serviceUrl(serviceNames(namePrefix).tempo, namespace, ports.otlpHttp);
}
