import { execa } from "execa";
import * as fs from "node:fs";
import * as path from "node:path";

import { parse } from "yaml";

import {
  ensureGrafanaProviderStandIn,
  ensureGrafanaServerStandIn,
  ensureTools,
  grafanaServerStandInImage,
  type ImageSpec,
  type NodeOptions,
  pulumiEnvironment,
  RunningNode,
  startNode,
  stopAbruptly,
  stopNode,
} from "../../lab/lab";
import { images } from "../../components/kubernetes/images";
import { previousRelease } from "./previous-release";
import { Overrides } from "../../cli/overrides";
import { PulumiStack } from "../../cli/stack";
import { builtStackImages } from "../../cli/target";
import { freePorts } from "../support/loopback-ports";
import { ManagedProcess, sleep, startProcess, temporaryDirectory, waitUntil } from "../support/processes";
import { productionValues } from "../support/production-values";
import { addHostRoute, addNodeAddress } from "./node-addresses";

/** Not the name that `npm run up` uses: a developer's own node is left alone. */
const defaultNodeName = "cluster-test";
/** Their images can be neither pulled here nor built. */
const withoutStores: Overrides = { "loki.enabled": false, "tempo.enabled": false };

/** The cluster that this tier's tests share: a real node, the real engine, stand-ins for Grafana only. */
export class TestCluster {
  private static current: Promise<TestCluster> | undefined;

  private constructor(
    private runningNode: RunningNode,
    private readonly nodeOptions: NodeOptions,
    private readonly kubectlBinary: string,
    private readonly proxy: ManagedProcess,
    private readonly proxyPort: number,
    private readonly pulumiRoot: string,
    private readonly pulumiVariables: Readonly<Record<string, string>>,
    /** Scratch folder of the run. */
    readonly directory: string,
  ) {}

  /**
   * The cluster, started when it is first asked for.
   *
   * @param nodeName counts only then; tiers that run at the same time need nodes of their own
   * @param more images, besides the stack's, that its pods may use; counts only then, too
   */
  static get(nodeName = defaultNodeName, more: readonly ImageSpec[] = []): Promise<TestCluster> {
    TestCluster.current ??= TestCluster.start(nodeName, more);
    return TestCluster.current;
  }

  /** The cluster's only node; another object after {@link powerCycle}. */
  get node(): RunningNode {
    return this.runningNode;
  }

  /** Ends the cluster if it was started; another run's node is left alone. */
  static async end(): Promise<void> {
    const cluster = await TestCluster.current;
    if (cluster !== undefined) {
      await cluster.proxy.stop();
      await stopNode(cluster.node.name, { log: say });
    }
  }

  private static async start(nodeName: string, more: readonly ImageSpec[]): Promise<TestCluster> {
    say("Grafana: its server and its Pulumi plugin are STAND-INS here; all other parts are real");
    say("Loki and Tempo are left out: the cluster cannot pull their images");
    const { kubectl } = await ensureTools(["kubectl"], { log: say });
    const pulumi = await pulumiEnvironment({ log: say });
    const plugin = await ensureGrafanaProviderStandIn();
    const grafanaServer = await ensureGrafanaServerStandIn();
    await stopNode(nodeName, { log: say });
    const nodeOptions: NodeOptions = {
      name: nodeName,
      images: [
        ...(await builtStackImages(say)),
        grafanaServerStandInImage(images.grafana, grafanaServer),
        grafanaServerStandInImage(previousRelease.grafanaImage, grafanaServer),
        ...more,
      ],
      forwards: [],
      log: say,
    };
    const node = await startNode(nodeOptions);
    const directory = temporaryDirectory("cluster-test");
    const [proxyPort = 0] = await freePorts(1);
    const proxy = await startProcess({
      name: "kubectl proxy",
      command: kubectl,
      args: ["--kubeconfig", node.kubeconfig, "proxy", `--port=${proxyPort}`],
      env: { HOME: directory },
      logFile: path.join(directory, "kubectl-proxy.log"),
    });
    const variables = {
      ...pulumi.variables,
      PATH: `${path.dirname(plugin)}${path.delimiter}${pulumi.variables["PATH"] ?? ""}`,
      PULUMI_HOME: path.join(directory, "pulumi-home"),
      PULUMI_CONFIG_PASSPHRASE: "cluster-test",
    };
    return new TestCluster(node, nodeOptions, kubectl, proxy, proxyPort, pulumi.root, variables, directory);
  }

  /**
   * Ends everything that runs on the node at once, as a power cut does, and starts the node again. What is in its files
   * stays; unlike at a power cut, so does what the kernel had not yet written to the disk.
   *
   * @param darkMs how long it is off
   */
  async powerCycle(darkMs: number): Promise<void> {
    const { name, nodeAddress } = this.node;
    // What is sent to the node meanwhile must not leave by the machine's default route. Wider than a node's network,
    // which would count as taken.
    const nowhere = ["unreachable", nodeAddress.replace(/\d+\.\d+$/, "0.0/16")];
    await execa("ip", ["route", "replace", ...nowhere]);
    try {
      await stopAbruptly(name);
      await sleep(darkMs);
      this.runningNode = await startNode(this.nodeOptions);
    } finally {
      await execa("ip", ["route", "delete", ...nowhere]);
    }
  }

  /**
   * A stack of this program in the cluster, with its state in the run's own folder.
   *
   * @param kubeconfig default: the cluster's
   * @param program folder with another release of this program
   */
  stack(stack: string, overrides: Overrides, kubeconfig = this.node.kubeconfig, program?: string): PulumiStack {
    // Another prefix is another deployment, with a state of its own.
    const { namePrefix } = overrides;
    const deployment = typeof namePrefix === "string" ? namePrefix : stack;
    const here = kubeconfig === this.node.kubeconfig;
    const workspace = path.join(this.directory, here ? deployment : `${deployment}-elsewhere`);
    const told = stack === "prod" ? { ...withoutStores, ...productionValues } : withoutStores;
    return new PulumiStack({
      stack,
      workspace,
      overrides: {
        "kubernetes:context": this.node.name,
        ...(program === undefined ? told : knownTo(program, told)),
        ...overrides,
      },
      ...(program === undefined ? {} : { program }),
      pulumiRoot: this.pulumiRoot,
      environment: {
        ...this.pulumiVariables,
        KUBECONFIG: kubeconfig,
        PULUMI_BACKEND_URL: `file://${path.join(workspace, "state")}`,
      },
    });
  }

  /** Runs kubectl. @returns standard output */
  async kubectl(...args: readonly string[]): Promise<string> {
    return (await execa(this.kubectlBinary, ["--kubeconfig", this.node.kubeconfig, ...args])).stdout;
  }

  /** Reads objects as JSON. */
  async list<T>(kind: string, namespace?: string): Promise<T[]> {
    const where = namespace === undefined ? ["--all-namespaces"] : ["--namespace", namespace];
    const json = JSON.parse(await this.kubectl("get", kind, ...where, "--output=json")) as { items: T[] };
    return json.items;
  }

  /** URL of a Service's or pod's port through the API server. */
  proxyUrl(namespace: string, kind: "services" | "pods", name: string, port: number): string {
    return `http://127.0.0.1:${this.proxyPort}/api/v1/namespaces/${namespace}/${kind}/${name}:${port}/proxy`;
  }

  /** Keeps a Service's port reachable on loopback, from when the Service has an endpoint until `stop`. */
  async forward(namespace: string, service: string, port: number): Promise<{ url: string; stop: () => Promise<void> }> {
    const [localPort = 0] = await freePorts(1);
    const args = [
      "--kubeconfig",
      this.node.kubeconfig,
      "--namespace",
      namespace,
      "port-forward",
      `service/${service}`,
      `${localPort}:${port}`,
    ];
    const loop = await startProcess({
      name: `port-forward ${service}`,
      command: "sh",
      // Again and again, because it ends with its pod; a TERM ends the current one too.
      args: [
        "-c",
        'trap \'kill "$child"; exit\' TERM; while true; do "$@" & child=$!; wait "$child"; sleep 0.5; done',
        "sh",
        this.kubectlBinary,
        ...args,
      ],
      env: { HOME: this.directory, PATH: process.env["PATH"] ?? "" },
      logFile: path.join(this.directory, `port-forward-${service}.log`),
    });
    return { url: `http://127.0.0.1:${localPort}`, stop: () => loop.stop() };
  }

  /**
   * An address of the node that this machine reaches from a source address of its own: to the cluster, what is sent
   * there comes from another machine.
   *
   * @param index 0 to 9; different indices are different source addresses
   */
  async addressFor(index: number): Promise<string> {
    const { nodeAddress } = this.node;
    const prefix = nodeAddress.slice(0, nodeAddress.lastIndexOf("."));
    const [address, source] = [`${prefix}.${20 + index}`, `${prefix}.${120 + index}`];
    await addNodeAddress(this.node, address);
    await addHostRoute(nodeAddress, address, source);
    return address;
  }

  /** Waits until every pod of a workload is of its newest kind. `up` may end while the last old pod still drains. */
  async rolledOut(namespace: string, workload: string): Promise<void> {
    await this.kubectl("rollout", "status", workload, "--namespace", namespace, "--timeout=120s");
  }

  /** Waits until a namespace and everything in it are gone. */
  async gone(namespace: string): Promise<void> {
    await waitUntil(
      `namespace ${namespace} is gone`,
      async () =>
        !(await this.kubectl("get", "namespaces", "--output=name")).split("\n").includes(`namespace/${namespace}`),
      120_000,
      500,
    );
  }
}

/** Of some configuration, the keys that a former release has, too. */
function knownTo(program: string, overrides: Overrides): Overrides {
  const { config } = parse(fs.readFileSync(path.join(program, "Pulumi.yaml"), "utf8")) as { config: object };
  return Object.fromEntries(Object.entries(overrides).filter(([key]) => key in config));
}

/** Progress of this tier. */
export function say(line: string): void {
  console.log(`    ${line}`);
}
