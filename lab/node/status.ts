import { apiServerReady } from "./control-plane";
import { nodeName, nodeNetwork, nodePaths, type PortForward } from "./settings";
import { endedProcesses, type NodeState, readState } from "./state";

/** State of a node, as {@link nodeStatus} finds it. */
export interface NodeStatus {
  readonly name: string;
  /** absent: nothing there. stopped: data kept. broken: not all of it runs. */
  readonly phase: "absent" | "stopped" | "broken" | "running";
  /** Names of the processes that ended, of a broken node. */
  readonly ended: readonly string[];
  /** True if the API server answers that it is ready. */
  readonly apiReady: boolean;
  readonly stateDirectory: string;
  readonly kubeconfig: string;
  readonly nodeAddress: string | undefined;
  readonly forwards: readonly PortForward[];
  readonly images: readonly string[];
}

/** Returns the state of a node, running or not. */
export async function nodeStatus(name?: string, stateDirectory?: string): Promise<NodeStatus> {
  const checkedName = nodeName(name);
  const paths = nodePaths(checkedName, stateDirectory);
  const state = readState(paths);
  const ended = state === undefined ? [] : endedProcesses(state);
  const phase = phaseOf(state, ended);
  const nodeAddress = state === undefined ? undefined : nodeNetwork(state.slot).nodeAddress;
  const starts = phase === "running" || phase === "broken";
  return {
    name: checkedName,
    phase,
    ended: phase === "broken" ? ended : [],
    apiReady: starts && nodeAddress !== undefined && (await apiServerReady(nodeAddress)),
    stateDirectory: paths.root,
    kubeconfig: paths.kubeconfig,
    nodeAddress,
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
