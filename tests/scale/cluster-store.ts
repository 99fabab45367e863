import { hardenedContainer, hardenedPod, httpProbe } from "../../components/kubernetes/pod";
import { restrictedNamespace } from "../../components/kubernetes/pod-security";
import { type ImageSpec, thanosImage, toolVersion } from "../../lab/lab";
import { apply } from "../cluster/probe-pods";
import type { TestCluster } from "../cluster/test-cluster";
import { PrometheusReader } from "../support/prometheus/prometheus-reader";
import { stackDefault } from "../support/stack-defaults";
import { queryFlags, receiveFlags, untilQueryable } from "../support/prometheus/thanos";

const namespace = "monitoring";
const image = `quay.io/thanos/thanos:v${toolVersion("thanos")}`;
/** Of the image's user. */
const userId = 1001;
const dataDirectory = "/data";
/** Network policies see the pods' ports, so the Services' are the same. */
const receivePorts = { write: 19291, grpc: 10901, http: 10902 };
const queryPorts = { http: 9090 };

/** The image that {@link ClusterStore} runs on, for the cluster to hold. */
export function storeImage(binary: string): ImageSpec {
  return thanosImage(image, binary);
}

/**
 * The real Thanos, Receive and Query, in a namespace of its own beside the stack's, under the names that
 * `docs/operations.md` has.
 */
export class ClusterStore {
  /** How the stack is told of it. */
  readonly overrides: Readonly<Record<string, string>> = {
    "remoteWrite.url": `http://thanos-receive.${namespace}.svc:${receivePorts.write}/api/v1/receive`,
    "remoteWrite.otlpUrl": `http://thanos-receive.${namespace}.svc:${receivePorts.write}/api/v1/otlp`,
    "remoteWrite.queryUrl": `http://thanos-query.${namespace}.svc:${queryPorts.http}`,
  };
  /** Reads through Thanos Query. */
  readonly reader: PrometheusReader;

  private constructor(private readonly cluster: TestCluster) {
    this.reader = new PrometheusReader(cluster.proxyUrl(namespace, "services", "thanos-query", queryPorts.http));
  }

  /** Creates it, and waits until both are ready. @param outOfOrderTimeWindow as for {@link receiveFlags} */
  static async deploy(cluster: TestCluster, outOfOrderTimeWindow: string): Promise<ClusterStore> {
    await apply(cluster, [
      { apiVersion: "v1", kind: "Namespace", metadata: { name: namespace, labels: restrictedNamespace } },
      service("thanos-receive", receivePorts),
      receive(outOfOrderTimeWindow),
      service("thanos-query", queryPorts),
      query(),
    ]);
    await cluster.rolledOut(namespace, "statefulset/thanos-receive");
    await cluster.rolledOut(namespace, "deployment/thanos-query");
    return new ClusterStore(cluster);
  }

  /** Waits until Query has found Receive. */
  async queryable(): Promise<void> {
    await untilQueryable(this.reader);
  }

  /** Where its ports are, to be tried without names. */
  async endpoints(): Promise<Readonly<Record<"write" | "query", { host: string; port: number }>>> {
    const address = async (name: string) =>
      this.cluster.kubectl("get", "service", name, "--namespace", namespace, "--output=jsonpath={.spec.clusterIP}");
    return {
      write: { host: await address("thanos-receive"), port: receivePorts.write },
      query: { host: await address("thanos-query"), port: queryPorts.http },
    };
  }
}

function labels(name: string) {
  return { "app.kubernetes.io/name": name };
}

function service(name: string, ports: Readonly<Record<string, number>>): object {
  return {
    ...{ apiVersion: "v1", kind: "Service", metadata: { name, namespace } },
    spec: {
      selector: labels(name),
      ports: Object.entries(ports).map(([port, number]) => ({ name: port, port: number })),
    },
  };
}

function receive(outOfOrderTimeWindow: string): object {
  const args = [
    "receive",
    ...receiveFlags(dataDirectory, outOfOrderTimeWindow),
    `--remote-write.address=0.0.0.0:${receivePorts.write}`,
    `--grpc-address=0.0.0.0:${receivePorts.grpc}`,
    `--http-address=0.0.0.0:${receivePorts.http}`,
  ];
  const claim = { accessModes: ["ReadWriteOnce"], resources: { requests: { storage: "1Gi" } } };
  return {
    ...{ apiVersion: "apps/v1", kind: "StatefulSet", metadata: { name: "thanos-receive", namespace } },
    spec: {
      ...{ serviceName: "thanos-receive", replicas: 1, selector: { matchLabels: labels("thanos-receive") } },
      volumeClaimTemplates: [
        { metadata: { name: "data" }, spec: { ...claim, storageClassName: stackDefault("storageClass") } },
      ],
      template: {
        metadata: { labels: labels("thanos-receive") },
        spec: hardenedPod(userId, {
          containers: [container("receive", args, receivePorts, [{ name: "data", mountPath: dataDirectory }])],
        }),
      },
    },
  };
}

function query(): object {
  const args = [
    "query",
    ...queryFlags(`thanos-receive.${namespace}.svc:${receivePorts.grpc}`),
    `--http-address=0.0.0.0:${queryPorts.http}`,
  ];
  return {
    ...{ apiVersion: "apps/v1", kind: "Deployment", metadata: { name: "thanos-query", namespace } },
    spec: {
      ...{ replicas: 1, selector: { matchLabels: labels("thanos-query") } },
      template: {
        metadata: { labels: labels("thanos-query") },
        spec: hardenedPod(userId, { containers: [container("query", args, queryPorts, [])] }),
      },
    },
  };
}

function container(
  name: string,
  args: readonly string[],
  ports: Readonly<Record<string, number>>,
  volumeMounts: readonly { readonly name: string; readonly mountPath: string }[],
) {
  return hardenedContainer({
    ...{ name, image, args: [...args], volumeMounts: [...volumeMounts] },
    ports: Object.entries(ports).map(([port, containerPort]) => ({ name: port, containerPort })),
    readinessProbe: httpProbe("/-/ready", "http", { periodSeconds: 2 }),
    resources: { requests: { cpu: "50m", memory: "128Mi" }, limits: { cpu: "1", memory: "1Gi" } },
  });
}
