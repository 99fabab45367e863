import * as fs from "node:fs";
import * as path from "node:path";

import { isRunning, type ProcessIdentity } from "../process-identity";
import { ifThere } from "../waiting";
import { nodeName, type NodePaths, nodePaths, type PortForward } from "./settings";

/** Record of a node that was started; kept in its state directory. */
export interface NodeState {
  readonly name: string;
  readonly slot: number;
  /**
   * The node's processes by name; empty if the node was stopped. `init` is process 1 of its PID namespace: with it end
   * all others in the node. `forwarder` runs on the host, all others are daemons in the node.
   */
  readonly processes: Readonly<Record<string, ProcessIdentity>>;
  readonly forwards: readonly PortForward[];
  readonly images: readonly string[];
  /** Set once everything was ready. */
  readonly ready: boolean;
}

/** The recorded state, or undefined where none (or only half of one) was written. */
export function readState(paths: NodePaths): NodeState | undefined {
  return ifThere(() => JSON.parse(fs.readFileSync(paths.stateFile, "utf8")) as NodeState);
}

/** Records the state; a reader sees the old one or the new one, never a part. */
export function writeState(paths: NodePaths, state: NodeState): void {
  writePrivately(`${paths.stateFile}.new`, JSON.stringify(state, undefined, 2));
  fs.renameSync(`${paths.stateFile}.new`, paths.stateFile);
}

/** Records that nothing of a node runs any more. */
export function recordStopped(paths: NodePaths, state: NodeState | undefined): void {
  if (state !== undefined) {
    writeState(paths, { ...state, processes: {}, ready: false });
  }
}

/**
 * Returns the phase of a node. Absent: nothing is there. Stopped: its data is kept. Broken: not all of it runs.
 * @param name default: as for starting
 */
export function nodePhase(name?: string): "absent" | "stopped" | "broken" | "running" {
  const state = readState(nodePaths(nodeName(name)));
  if (state === undefined) {
    return "absent";
  }
  if (Object.keys(state.processes).length === 0) {
    return "stopped";
  }
  return runs(state) ? "running" : "broken";
}

/** True for the state of a node that became ready, and of which every process still runs. */
export function runs(state: NodeState): boolean {
  return state.ready && Object.values(state.processes).every(isRunning);
}

/** Writes a file that only root may read, with its directory. */
export function writePrivately(file: string, content: string): void {
  fs.mkdirSync(path.dirname(file), { recursive: true, mode: 0o700 });
  fs.writeFileSync(file, content, { mode: 0o600 });
}
