import { execa } from "execa";
import * as fs from "node:fs";
import * as path from "node:path";

import { ports } from "../../components/kubernetes/ports";
import type { Overrides } from "../../cli/overrides";
import type { PulumiStack } from "../../cli/stack";
import { processIds } from "../../lab/lab";
import { say, TestCluster } from "../cluster/test-cluster";
import { scrape, sumSamples } from "../support/prometheus/metrics-text";
import { waitUntil } from "../support/processes";
import { PrometheusReader } from "../support/prometheus/prometheus-reader";

const otlpHttpNodePort = 30318;
const namespace = "claude-monitoring-prod";
const machines = 8;
const queueSize = "otelcol_exporter_queue_size";
const receivedPoints = "otelcol_receiver_accepted_metric_points";

/** Production, but that clients reach it by NodePorts, without credentials, and that there is no Grafana. */
const overrides: Overrides = {
  environment: "development",
  // Rows are told apart by the team that clients claim.
  teams: [],
  exposure: "NodePort",
  "grafana.deployment": "none",
  protectVolumes: false,
  // So that it can be filled.
  "prometheus.storage": "1Gi",
  otlpHttpUrl: `http://localhost:${otlpHttpNodePort}`,
  otlpGrpcUrl: "http://localhost:30317",
};

/** A pod of the stack, as far as the tests look. */
export interface Pod {
  readonly metadata: { readonly name: string; readonly uid: string; readonly deletionTimestamp?: string };
  readonly status: {
    readonly podIP?: string;
    readonly conditions?: readonly { readonly type: string; readonly status: string }[];
    readonly containerStatuses?: readonly {
      readonly restartCount: number;
      readonly state?: object;
      readonly lastState?: object;
    }[];
  };
}

interface EndpointSlice {
  readonly metadata: { readonly labels?: Readonly<Record<string, string>> };
  readonly endpoints?: readonly { readonly conditions?: { readonly ready?: boolean } }[] | null;
}

/** Stack `prod` with two collectors on a cluster of its own, and what breaks it. */
export class FaultStack {
  private changes: Overrides = {};
  readonly reader: PrometheusReader;

  /** @param base configuration besides the stack's file. Default: what the faults need */
  constructor(
    readonly cluster: TestCluster,
    private readonly base = overrides,
  ) {
    this.reader = new PrometheusReader(cluster.proxyUrl(namespace, "services", "prod-prometheus", ports.prometheus));
  }

  static async start(): Promise<FaultStack> {
    const stack = new FaultStack(await TestCluster.get(process.env["FAULTS_NODE"] ?? "fault-test"));
    await stack.up();
    return stack;
  }

  /** `pulumi up` with changed configuration, on top of earlier changes. */
  async up(changes: Overrides = {}): Promise<void> {
    this.changes = { ...this.changes, ...changes };
    const { created, updated, replaced } = await (await this.deployment()).up();
    say(`up: ${created} created, ${updated} updated, ${replaced} replaced`);
  }

  /** The stack as the engine knows it. */
  async deployment(): Promise<PulumiStack> {
    const stack = this.cluster.stack("prod", { ...this.base, ...this.changes });
    await stack.prepare();
    return stack;
  }

  /** OTLP endpoints that this machine reaches from different addresses, as from different machines. */
  async endpoints(): Promise<string[]> {
    const endpoints: string[] = [];
    for (let index = 0; index < machines; index++) {
      endpoints.push(`http://${await this.cluster.addressFor(index)}:${otlpHttpNodePort}`);
    }
    return endpoints;
  }

  /** kubectl in the stack's namespace. */
  async kubectl(...args: readonly string[]): Promise<string> {
    return this.cluster.kubectl("--namespace", namespace, ...args);
  }

  /** The pods of a component that are not on their way out. */
  async pods(component: "otel-collector" | "prometheus"): Promise<Pod[]> {
    const pods = await this.cluster.list<Pod>("pods", namespace);
    return pods.filter(
      ({ metadata }) => metadata.name.startsWith(`prod-${component}-`) && metadata.deletionTimestamp === undefined,
    );
  }

  /** Waits until a component has `count` pods, all ready. */
  async ready(component: "otel-collector" | "prometheus", count: number): Promise<void> {
    const allReady = async () => {
      const pods = await this.pods(component);
      return pods.length === count && pods.every(isReady);
    };
    await waitUntil(`${count} pods of ${component} are ready`, allReady, 180_000, 1000);
  }

  /** Ends a pod's processes with SIGKILL; Kubernetes starts its container again. */
  async kill(pods: readonly Pod[]): Promise<void> {
    const processes = pods.flatMap(containerProcesses);
    if (processes.length < pods.length) {
      throw new Error(`found ${processes.length} processes of ${pods.length} pods; expected one each`);
    }
    const before = pods.map(({ status }) => restarts(status));
    processes.forEach((pid) => process.kill(pid, "SIGKILL"));
    const restarted = async () => {
      const now = await this.cluster.list<Pod>("pods", namespace);
      const of = ({ metadata }: Pod) => now.find((pod) => pod.metadata.uid === metadata.uid);
      return pods.every((pod, index) => restarts(of(pod)?.status) > (before[index] ?? 0));
    };
    await waitUntil("the killed containers were started again", restarted, 60_000, 200);
  }

  /** How a component's containers are, and how they ended before, for the log. */
  async state(component: "otel-collector" | "prometheus"): Promise<string> {
    const statuses = (await this.pods(component)).flatMap(({ status }) => status.containerStatuses ?? []);
    return statuses.map((each) => JSON.stringify([each.restartCount, each.state, each.lastState])).join(", ");
  }

  /** Scales Prometheus to none or one, and waits until it is gone or ready. */
  async scalePrometheus(replicas: 0 | 1): Promise<void> {
    await this.kubectl("scale", "deployment/prod-prometheus", `--replicas=${replicas}`);
    const isGone = async () => !(await this.kubectl("get", "pods", "--output=name")).includes("pod/prod-prometheus-");
    await (replicas === 1 ? this.ready("prometheus", 1) : waitUntil("Prometheus is gone", isGone, 150_000, 500));
  }

  /** Whether the Service that is written to leads to a Prometheus. */
  async isWritable(): Promise<boolean> {
    const slices = await this.cluster.list<EndpointSlice>("endpointslices", namespace);
    return slices
      .filter(({ metadata }) => metadata.labels?.["kubernetes.io/service-name"] === "prod-prometheus-write")
      .some(({ endpoints }) => endpoints?.some(({ conditions }) => conditions?.ready === true) ?? false);
  }

  /** Waits until the collectors have nothing left to send. */
  async drained(timeoutMs: number): Promise<void> {
    let quiet = 0;
    const isQuiet = async () => {
      quiet = (await this.queued()) === 0 ? quiet + 1 : 0;
      return quiet >= 5;
    };
    await waitUntil("the collectors' queues are empty", isQuiet, timeoutMs, 1000);
  }

  /** Exports, or bytes of them, in all queues of all collectors. */
  async queued(): Promise<number> {
    const sizes = (await this.pods("otel-collector")).map(async ({ metadata }) => {
      const url = this.cluster.proxyUrl(namespace, "pods", metadata.name, ports.collectorMetrics);
      const size = sumSamples(await scrape(`${url}/metrics`), queueSize);
      if (size === undefined) {
        throw new Error(`${metadata.name} serves no ${queueSize}`);
      }
      return size;
    });
    return (await Promise.all(sizes)).reduce((sum, size) => sum + size, 0);
  }

  /** Metric points that each collector's process received from clients; the busiest comes first. */
  async received(): Promise<readonly { readonly pod: Pod; readonly points: number }[]> {
    const counts = (await this.pods("otel-collector")).map(async (pod) => {
      const url = this.cluster.proxyUrl(namespace, "pods", pod.metadata.name, ports.collectorMetrics);
      const points = sumSamples(await scrape(`${url}/metrics`), receivedPoints, { receiver: "otlp" });
      return { pod, points: points ?? 0 };
    });
    return (await Promise.all(counts)).sort((a, b) => b.points - a.points);
  }

  /** Makes the Service forget which client it sent to which collector: after a fault, all are sent to one. */
  async forgetClients(): Promise<void> {
    const [command = "", ...prefix] = this.cluster.node.enter;
    const script = 'for list in /proc/self/net/xt_recent/KUBE-*; do echo / > "$list"; done';
    await execa(command, [...prefix, "sh", "-c", script]);
  }
}

function restarts(status: Pod["status"] | undefined): number {
  return (status?.containerStatuses ?? []).reduce((sum, { restartCount }) => sum + restartCount, 0);
}

function isReady({ status }: Pod): boolean {
  return status.conditions?.some(({ type, status: is }) => type === "Ready" && is === "True") ?? false;
}

/** Process ids, as this machine knows them, of what runs in a pod, without what holds its namespaces. */
export function containerProcesses({ metadata }: Pod): number[] {
  return processIds().filter((id) => belongsTo(id, metadata.uid));
}

function belongsTo(id: number, podUid: string): boolean {
  try {
    const inPod = fs.readFileSync(`/proc/${id}/cgroup`, "utf8").includes(`pod${podUid}`);
    return inPod && path.basename(fs.readlinkSync(`/proc/${id}/exe`)) !== "pause";
  } catch {
    return false; // It has ended.
  }
}
