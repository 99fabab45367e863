import * as kubernetes from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";

import { basicAuthorization } from "../../client/authorization";
import { metricPrefix } from "../../telemetry/metric";
import type { ComponentIdentity } from "../kubernetes/labels";
import { immutableSecret } from "../kubernetes/workload";

/** Authentication at a distributed store. The secret itself is in a file or a variable, never here. */
export type RemoteStoreAuth =
  | { readonly kind: "none" }
  | { readonly kind: "basic"; readonly user: string }
  | { readonly kind: "bearer" };

/** A distributed store that gets a copy of everything: Thanos Receive, Mimir, Grafana Cloud. */
export interface RemoteStore {
  /** Its OTLP receiver of metrics, whole: what clients report goes there, from each collector's own queue on disk. */
  readonly otlpUrl: string;
  /** Its remote-write receiver, whole: what Prometheus evaluates and scrapes goes there. */
  readonly writeUrl: string;
  readonly auth: RemoteStoreAuth;
  /** Certificate in PEM form that its own is verified by. Default: the system's. */
  readonly caCertificate?: string;
}

/** A distributed store, with what gets one in. */
export interface RemoteStoreArgs {
  readonly store: RemoteStore;
  /** Password or token. Undefined: the store asks for none. */
  readonly secret?: pulumi.Input<string>;
}

/** Environment variable with the whole `Authorization` header, for the collector. */
export const remoteAuthorizationVariable = "REMOTE_STORE_AUTHORIZATION";

/** Name of the file with the password or token, for Prometheus. */
export const remoteSecretFile = "remote-store-secret";

/**
 * The Secret with the password or token, as Prometheus reads it (a file) or as the collector does (a header's value).
 * Its name changes with its content, so that pods notice. Undefined where the store asks for none.
 */
export function remoteStoreSecret(
  name: string,
  identity: ComponentIdentity,
  args: RemoteStoreArgs | undefined,
  parent: pulumi.Resource,
  as: "file" | "header",
): kubernetes.core.v1.Secret | undefined {
  if (args?.secret === undefined) {
    return undefined;
  }
  const { auth } = args.store;
  const header = (secret: string) =>
    auth.kind === "basic" ? basicAuthorization(auth.user, secret) : `Bearer ${secret}`;
  const data =
    as === "file"
      ? { key: remoteSecretFile, value: args.secret }
      : { key: remoteAuthorizationVariable, value: pulumi.output(args.secret).apply(header) };
  return immutableSecret(`${name}-remote-store`, identity, data, parent);
}

/**
 * Prometheus' `remote_write`: roll-ups and scraped series, without the clients' data.
 *
 * Prometheus sends only samples whose own time is after its start. Older samples, which the collectors' queues deliver
 * after a restart, would never reach the store. So the collectors send the clients' data themselves.
 *
 * @param secretDirectory folder of {@link remoteSecretFile}
 */
export function remoteWrite({ writeUrl, auth, caCertificate }: RemoteStore, secretDirectory: string): object {
  const file = `${secretDirectory}/${remoteSecretFile}`;
  return {
    name: "distributed-store",
    url: writeUrl,
    remote_timeout: "30s",
    write_relabel_configs: [{ source_labels: ["__name__"], regex: `${metricPrefix}[^:]*|target_info`, action: "drop" }],
    queue_config: {
      // A killed process loses the samples that wait in memory.
      batch_send_deadline: "1s",
      max_backoff: "10s",
      retry_on_http_429: true,
    },
    ...(auth.kind === "basic" && { basic_auth: { username: auth.user, password_file: file } }),
    ...(auth.kind === "bearer" && { authorization: { type: "Bearer", credentials_file: file } }),
    ...(caCertificate && { tls_config: { ca: caCertificate } }),
  };
}

/**
 * The collector's exporter to the store. No queue and no retries of its own: it answers to the stage before it, whose
 * queue is on disk.
 */
export function remoteExporter({ otlpUrl, auth, caCertificate }: RemoteStore): object {
  return {
    metrics_endpoint: otlpUrl,
    compression: "gzip",
    timeout: "30s",
    sending_queue: { enabled: false },
    retry_on_failure: { enabled: false },
    ...(auth.kind !== "none" && { headers: { Authorization: `\${env:${remoteAuthorizationVariable}}` } }),
    ...(caCertificate && { tls: { ca_pem: caCertificate } }),
  };
}

/**
 * Marks deltas as cumulative, so any store keeps each point as a sample. The exporter of remote write drops deltas, Thanos
 * Receive refuses them, and other stores would add them up.
 */
export const asSamples: readonly string[] = ["set(metric.aggregation_temporality, AGGREGATION_TEMPORALITY_CUMULATIVE)"];

/** The collector's last stage: from its queue of copies to the store. */
export const remotePipelines = {
  "metrics/remote": {
    receivers: ["otlp/remote"],
    processors: ["transform/as-samples"],
    exporters: ["otlp_http/remote"],
  },
};
