import { withLock } from "../toolchain/lock";
import { ApiClient } from "./api";
import { bringUp, type BringUpPlan, ensureParts } from "./bring-up";
import { nodeCgroups } from "./cgroups";
import { importImages } from "./containerd";
import { requireFreePorts } from "./forwards";
import { enter } from "./namespaces";
import { requireNodeMachine } from "./preconditions";
import {
  defaultForwards,
  type Log,
  nodeName,
  nodeNetwork,
  type NodeOptions,
  type NodePaths,
  nodePaths,
  type PortForward,
} from "./settings";
import { endedProcesses, type NodeState, readState, writeState } from "./state";
import { endContainersGently, endNode, hasRemains, removeFiles } from "./teardown";

export type { NodeOptions, PortForward } from "./settings";

/** A node that is ready. It runs on after the process that started it has ended. */
export interface RunningNode {
  readonly name: string;
  /** A kubeconfig with the rights of an administrator, usable on this machine. */
  readonly kubeconfig: string;
  /** The node's address, reachable from this machine: NodePorts are there too, not only at the forwarded ports. */
  readonly nodeAddress: string;
  readonly forwards: readonly PortForward[];
  /** Names of the images that pods may use. */
  readonly images: readonly string[];
  /** Command prefix that runs a program of this machine inside the node's network, mounts and process ids. */
  readonly enter: readonly string[];
  stop(options?: StopOptions): Promise<void>;
}

/** How a node is stopped. */
export interface StopOptions {
  /** Where its files lie. Default: as for starting. */
  readonly stateDirectory?: string;
  /** Keep objects, volumes and images for the next start. Default false: remove everything. */
  readonly keepData?: boolean;
  /** Default: silent. */
  readonly log?: Log;
}

/** What is known of a node. */
export interface NodeStatus {
  readonly name: string;
  /** absent: nothing there. stopped: data kept. broken: not all of it runs. */
  readonly phase: "absent" | "stopped" | "broken" | "running";
  /** Names of the processes that ended, of a broken node. */
  readonly ended: readonly string[];
  /** Whether the API server answers that it is ready. */
  readonly apiReady: boolean;
  readonly stateDirectory: string;
  readonly kubeconfig: string;
  readonly nodeAddress: string | undefined;
  readonly forwards: readonly PortForward[];
  readonly images: readonly string[];
}

/**
 * Starts a single-node Kubernetes cluster in namespaces of its own, and waits until it is Ready, with name resolution
 * and a default storage class. Where it runs already, it only loads the images that are new. What a crash, a reboot or
 * an interrupted start left behind is cleaned up first; its data is kept.
 *
 * @throws Error if the machine cannot run a node, if a port to forward is taken, or if something does not become ready;
 *   then nothing is left running, and the logs stay in the state directory.
 */
export async function startNode(options: NodeOptions = {}): Promise<RunningNode> {
  requireNodeMachine();
  const name = nodeName(options.name);
  const paths = nodePaths(name, options.stateDirectory);
  const log = withElapsedTime(options.log ?? silent);
  return withLock(
    paths.lockFile,
    async () => {
      const known = readState(paths);
      if (known?.ready === true && endedProcesses(known).length === 0) {
        return useRunning(known, paths, options, log);
      }
      return startStopped(name, paths, known, options, log);
    },
    (pid) => {
      log(`waiting for process ${pid}, which works on node ${name}`);
    },
  );
}

async function useRunning(known: NodeState, paths: NodePaths, options: NodeOptions, log: Log): Promise<RunningNode> {
  const forwards = options.forwards ?? known.forwards;
  if (JSON.stringify(forwards) !== JSON.stringify(known.forwards)) {
    throw new Error(
      `node ${known.name} runs already, with forwards ${showForwards(known.forwards)}; expected ` +
        `${showForwards(forwards)}. Stop it first.`,
    );
  }
  const { archives } = await ensureParts(options.images ?? [], log);
  const init = known.processes["init"];
  const loaded = init === undefined ? [] : await importImages(init, paths, archives);
  const images = [...new Set([...known.images, ...archives.map((archive) => archive.name)])];
  const state = { ...known, images };
  writeState(paths, state);
  log(`node ${known.name} runs already${loaded.length > 0 ? `; loaded ${loaded.join(", ")}` : ""}`);
  return runningNode(state, paths);
}

async function startStopped(
  name: string,
  paths: NodePaths,
  known: NodeState | undefined,
  options: NodeOptions,
  log: Log,
): Promise<RunningNode> {
  const cgroups = nodeCgroups(name, paths.root);
  if (hasRemains(cgroups, known)) {
    log(`node ${name} did not end in order: cleaning up; its data is kept`);
  }
  await endNode(cgroups, known);
  const forwards = options.forwards ?? defaultForwards;
  await requireFreePorts(forwards);
  const parts = await ensureParts(options.images ?? [], log);
  const plan = { name, paths, cgroups, forwards, slot: known?.slot, parts, log };
  const state = await interruptibly(plan);
  log(`node ${name} is up; ${showForwards(forwards)}`);
  return runningNode(state, paths);
}

/** Brings a node up; at an error or a signal, ends what was started. */
async function interruptibly(plan: BringUpPlan): Promise<NodeState> {
  let signalled: NodeJS.Signals | undefined;
  let interrupt: (signal: NodeJS.Signals) => void = () => undefined;
  const onSignal = (signal: NodeJS.Signals): void => {
    signalled = signal;
    interrupt(signal);
  };
  process.on("SIGINT", onSignal).on("SIGTERM", onSignal);
  try {
    return await bringUp(plan, (processes) => {
      interrupt = (signal) => {
        processes.interrupt(signal);
      };
      if (signalled !== undefined) {
        processes.interrupt(signalled);
      }
    });
  } catch (error) {
    const state = readState(plan.paths);
    await endNode(plan.cgroups, state);
    if (state !== undefined) {
      recordStopped(plan.paths, state);
    }
    const reason = signalled === undefined ? (error as Error).message : `interrupted by ${signalled}`;
    throw new Error(`node ${plan.name} did not start: ${reason}\nIts logs: ${plan.paths.logs}`, { cause: error });
  } finally {
    process.off("SIGINT", onSignal).off("SIGTERM", onSignal);
  }
}

/**
 * Stops a node: its processes, pods, mounts, network and control groups. Harmless where there is none.
 * @throws Error if a process does not end.
 */
export async function stopNode(name?: string, options: StopOptions = {}): Promise<void> {
  requireNodeMachine();
  const checkedName = nodeName(name);
  const paths = nodePaths(checkedName, options.stateDirectory);
  const log = withElapsedTime(options.log ?? silent);
  await withLock(
    paths.lockFile,
    () => stopLocked(checkedName, paths, options.keepData ?? false, log),
    (pid) => {
      log(`waiting for process ${pid}, which works on node ${checkedName}`);
    },
  );
}

async function stopLocked(name: string, paths: NodePaths, keepData: boolean, log: Log): Promise<void> {
  const state = readState(paths);
  const cgroups = nodeCgroups(name, paths.root);
  if (state === undefined && !hasRemains(cgroups, state)) {
    log(`there is no node ${name} in ${paths.root}`);
  }
  if (keepData && state !== undefined) {
    log(`ending the containers of node ${name}`);
    await endContainersGently(state);
  }
  await endNode(cgroups, state);
  if (state === undefined) {
    removeFiles(paths);
  } else if (keepData) {
    recordStopped(paths, state);
    log(`node ${name} is stopped; its objects, volumes and images stay in ${paths.root}`);
  } else {
    removeFiles(paths);
    log(`node ${name} is stopped; removed its objects, volumes, images and logs from ${paths.root}`);
  }
}

/**
 * Ends everything that runs on a node at once (SIGKILL), as a power cut does; its files stay for {@link startNode}.
 * @throws Error if a process does not end.
 */
export async function stopAbruptly(name: string): Promise<void> {
  requireNodeMachine();
  const paths = nodePaths(nodeName(name));
  await withLock(
    paths.lockFile,
    async () => {
      await endNode(nodeCgroups(name, paths.root), readState(paths));
    },
    silent,
  );
}

function recordStopped(paths: NodePaths, state: NodeState): void {
  writeState(paths, { ...state, processes: {}, ready: false });
}

/** What is known of a node, running or not. */
export async function nodeStatus(name?: string, stateDirectory?: string): Promise<NodeStatus> {
  const checkedName = nodeName(name);
  const paths = nodePaths(checkedName, stateDirectory);
  const state = readState(paths);
  const ended = state === undefined ? [] : endedProcesses(state);
  const phase = phaseOf(state, ended);
  return {
    name: checkedName,
    phase,
    ended: phase === "broken" ? ended : [],
    apiReady: phase !== "absent" && phase !== "stopped" && (await answersReady(paths)),
    stateDirectory: paths.root,
    kubeconfig: paths.kubeconfig,
    nodeAddress: state === undefined ? undefined : nodeNetwork(state.slot).nodeAddress,
    forwards: state?.forwards ?? [],
    images: state?.images ?? [],
  };
}

function phaseOf(state: NodeState | undefined, ended: readonly string[]): NodeStatus["phase"] {
  if (state === undefined) {
    return "absent";
  }
  if (Object.keys(state.processes).length === 0) {
    return "stopped";
  }
  return state.ready && ended.length === 0 ? "running" : "broken";
}

async function answersReady(paths: NodePaths): Promise<boolean> {
  try {
    return await new ApiClient(paths.kubeconfig).isReady();
  } catch {
    return false;
  }
}

function runningNode(state: NodeState, paths: NodePaths): RunningNode {
  const init = state.processes["init"];
  return {
    name: state.name,
    kubeconfig: paths.kubeconfig,
    nodeAddress: nodeNetwork(state.slot).nodeAddress,
    forwards: state.forwards,
    images: state.images,
    enter: init === undefined ? [] : enter(init),
    stop: (options = {}) => stopNode(state.name, { stateDirectory: paths.root, ...options }),
  };
}

function showForwards(forwards: readonly PortForward[]): string {
  if (forwards.length === 0) {
    return "no port is forwarded";
  }
  return forwards.map(({ hostPort, nodePort }) => `localhost:${hostPort} leads to node port ${nodePort}`).join(", ");
}

function withElapsedTime(log: Log): Log {
  const start = Date.now();
  return (line) => {
    log(`[${((Date.now() - start) / 1000).toFixed(1).padStart(5)} s] ${line}`);
  };
}

function silent(): void {
  // Nobody listens.
}
