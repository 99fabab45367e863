import type { Log } from "../log";
import { applyAddons } from "./addons";
import { createCgroups, nodeCgroups } from "./cgroups";
import { importImages, loadImages, startContainerd } from "./containerd";
import { apiServerReady, prepareControlPlane, startControlPlane, startEtcd } from "./control-plane";
import { forwarderAnswers, requireFreePorts, startForwarder } from "./forwards";
import { startKubelet, startKubeProxy } from "./kubelet";
import { requireNodeMachine, withMachineLock, withNodeLock } from "./machine";
import { createNamespaces, enter, prepareFileSystems } from "./namespaces";
import { chooseNetwork, connect } from "./network";
import { ensureParts } from "./parts";
import { waitUntilReady } from "./readiness";
import {
  defaultForwards,
  nodeName,
  nodeNetwork,
  type NodeOptions,
  type NodePaths,
  nodePaths,
  type PortForward,
  withElapsedTime,
} from "./settings";
import { type NodePlan, StartingNode } from "./starting-node";
import { type NodeState, readState, recordStopped, runs, writeState } from "./state";
import { endNode, hasRemains } from "./stop";

/** A node that is ready. It runs on after the process that started it has ended. */
export interface RunningNode {
  readonly name: string;
  /** A kubeconfig with the rights of an administrator, usable on this machine. Its context is the node's name. */
  readonly kubeconfig: string;
  /** The node's address, reachable from this machine: NodePorts are there too, not only at the forwarded ports. */
  readonly nodeAddress: string;
  /** This machine's address, as the node and its pods reach it. */
  readonly hostAddress: string;
  readonly forwards: readonly PortForward[];
  /** Names of the images that pods may use. */
  readonly images: readonly string[];
  /** Command prefix that runs a program of this machine inside the node's network, mounts and process ids. */
  readonly enter: readonly string[];
}

/**
 * Starts a single-node Kubernetes cluster in namespaces of its own, and waits until it is Ready, with name resolution
 * and a default storage class. Where it runs already, it only loads the images that are new. The remains of a crash, a
 * reboot or an interrupted start are cleaned up first; the data is kept.
 *
 * @throws Error if machine, ports or packages lack, or if something does not become ready. Then nothing is left running,
 *   and the logs stay.
 */
export async function startNode(options: NodeOptions = {}): Promise<RunningNode> {
  requireNodeMachine();
  const name = nodeName(options.name);
  const paths = nodePaths(name);
  const log = withElapsedTime(options.log);
  const state = await withNodeLock(paths, log, async () => {
    const known = readState(paths);
    return known !== undefined && runs(known)
      ? addImages(known, paths, options, log)
      : startStopped(name, paths, known, options, log);
  });
  const { init } = state.processes;
  return {
    name,
    kubeconfig: paths.kubeconfig,
    nodeAddress: nodeNetwork(state.slot).nodeAddress,
    hostAddress: nodeNetwork(state.slot).hostAddress,
    forwards: state.forwards,
    images: state.images,
    enter: init === undefined ? [] : enter(init),
  };
}

/** Loads the images that are new into a node that runs. */
async function addImages(known: NodeState, paths: NodePaths, options: NodeOptions, log: Log): Promise<NodeState> {
  const forwards = options.forwards ?? known.forwards;
  if (JSON.stringify(forwards) !== JSON.stringify(known.forwards)) {
    const found = `runs already, with forwards ${showForwards(known.forwards)}`;
    throw new Error(`node ${known.name} ${found}; expected ${showForwards(forwards)}. Stop it first.`);
  }
  const { archives } = await ensureParts({ ...options, log });
  const { init } = known.processes;
  const loaded = init === undefined ? [] : await importImages(init, paths, archives);
  const state = { ...known, images: [...new Set([...known.images, ...archives.map((archive) => archive.name)])] };
  writeState(paths, state);
  log(`node ${known.name} runs already${loaded.length > 0 ? `; loaded ${loaded.join(", ")}` : ""}`);
  return state;
}

async function startStopped(
  name: string,
  paths: NodePaths,
  known: NodeState | undefined,
  options: NodeOptions,
  log: Log,
): Promise<NodeState> {
  const cgroups = nodeCgroups(name, paths.root);
  if (hasRemains(cgroups, known)) {
    log(`node ${name} did not end in order: cleaning up; its data is kept`);
  }
  await endNode(cgroups, known);
  const forwards = options.forwards ?? defaultForwards;
  await requireFreePorts(forwards);
  const parts = await ensureParts({ ...options, log });
  const state = await interruptibly((interruption) =>
    bringUp({ name, paths, cgroups, forwards, slot: known?.slot, parts, log, interruption }),
  ).catch(async (error: unknown) => {
    const left = readState(paths);
    await endNode(cgroups, left);
    recordStopped(paths, left);
    const message = `node ${name} did not start: ${(error as Error).message}\nIts logs: ${paths.logs}`;
    throw new Error(message, { cause: error });
  });
  log(`node ${name} is up; ${showForwards(forwards)}`);
  return state;
}

/** Runs `work` with a signal that SIGINT and SIGTERM abort. */
async function interruptibly<Result>(work: (interruption: AbortSignal) => Promise<Result>): Promise<Result> {
  const interruption = new AbortController();
  const interrupt = (signal: NodeJS.Signals): void => {
    interruption.abort(new Error(`interrupted by ${signal}`));
  };
  process.on("SIGINT", interrupt).on("SIGTERM", interrupt);
  try {
    return await work(interruption.signal);
  } catch (error) {
    interruption.signal.throwIfAborted();
    throw error;
  } finally {
    process.off("SIGINT", interrupt).off("SIGTERM", interrupt);
  }
}

/** Starts a node from nothing that runs, and waits until it is ready. Every step is here, in order. */
async function bringUp(plan: NodePlan): Promise<NodeState> {
  createCgroups(plan.cgroups);
  const init = await createNamespaces(plan.paths, plan.cgroups, plan.parts.binaries.pause);
  const network = await withMachineLock(async () => {
    const chosen = await chooseNetwork(plan.slot);
    await Promise.all([prepareFileSystems(init, plan.paths), connect(chosen, plan.cgroups.root, init)]);
    return chosen;
  });
  const node = new StartingNode(plan, network, init);
  await prepareControlPlane(node);
  plan.log(`network ${network.nodeAddress}, namespaces and certificates are there`);
  await startContainerd(node);
  await startEtcd(node);
  await startControlPlane(node, "kube-apiserver");
  startForwarder(node);
  await Promise.all([loadImages(node), startKubernetes(node)]);
  await waitUntilReady(node);
  await node.waitUntil("the port forwarder answers", 20, "forwarder", () => forwarderAnswers(plan.forwards));
  return node.markReady();
}

async function startKubernetes(node: StartingNode): Promise<void> {
  await node.waitUntil("the API server is ready", 90, "kube-apiserver", () => apiServerReady(node.network.nodeAddress));
  node.plan.log("API server is ready");
  await startControlPlane(node, "kube-controller-manager");
  await startControlPlane(node, "kube-scheduler");
  await startKubelet(node);
  await startKubeProxy(node);
  await applyAddons(node);
}

function showForwards(forwards: readonly PortForward[]): string {
  if (forwards.length === 0) {
    return "no port is forwarded";
  }
  return forwards.map(({ hostPort, nodePort }) => `localhost:${hostPort} leads to node port ${nodePort}`).join(", ");
}
