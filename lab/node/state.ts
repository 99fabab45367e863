import * as fs from "node:fs";
import * as path from "node:path";

import { isRunning, type ProcessIdentity } from "../process-identity";
import type { NodePaths, PortForward } from "./settings";

/** Record of a node that was started; kept in its state directory. */
export interface NodeState {
  readonly name: string;
  readonly slot: number;
  /**
   * The node's processes by name: `init` is process 1 of its PID namespace, whose end is the end of every process in the
   * node; `forwarder` runs on the host; the others are daemons in the node. Empty: the node was stopped.
   */
  readonly processes: Readonly<Record<string, ProcessIdentity>>;
  readonly forwards: readonly PortForward[];
  readonly images: readonly string[];
  /** Set once everything was ready. */
  readonly ready: boolean;
}

/** The recorded state, or undefined where none (or only half of one) was written. */
export function readState(paths: NodePaths): NodeState | undefined {
  try {
    return JSON.parse(fs.readFileSync(paths.stateFile, "utf8")) as NodeState;
  } catch {
    return undefined;
  }
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

/** The names of recorded processes that no longer run. */
export function endedProcesses(state: NodeState): string[] {
  return Object.entries(state.processes)
    .filter(([, identity]) => !isRunning(identity))
    .map(([name]) => name);
}

/** Writes a file that only root may read, with its directory. */
export function writePrivately(file: string, content: string): void {
  fs.mkdirSync(path.dirname(file), { recursive: true, mode: 0o700 });
  fs.writeFileSync(file, content, { mode: 0o600 });
}
