import * as fs from "node:fs";

import type { Log } from "../log";
import { isRunning, signal, waitForEnd, waitUntilReaped } from "../process-identity";
import { cgroupProcesses, type NodeCgroups, nodeCgroups, removeCgroups } from "./cgroups";
import { requireNodeMachine, withMachineLock, withNodeLock } from "./machine";
import { removeMountPoints } from "./namespaces";
import { disconnect } from "./network";
import { nodeName, nodeNetwork, type NodePaths, nodePaths, withElapsedTime } from "./settings";
import { type NodeState, readState } from "./state";

/** Time that killed processes get to be gone. */
const endSeconds = 10;

/**
 * Stops a node and removes its objects, volumes, images and logs. Harmless where there is none.
 * @param options its `log` is silent by default
 * @throws Error if a process does not end.
 */
export async function stopNode(name?: string, options: { readonly log?: Log } = {}): Promise<void> {
  requireNodeMachine();
  const checkedName = nodeName(name);
  const paths = nodePaths(checkedName);
  const log = withElapsedTime(options.log);
  await withNodeLock(paths, log, async () => {
    const state = readState(paths);
    const cgroups = nodeCgroups(checkedName, paths.root);
    if (state === undefined && !hasRemains(cgroups, state)) {
      log(`there is no node ${checkedName} in ${paths.root}`);
    }
    await endNode(cgroups, state);
    removeFiles(paths);
    if (state !== undefined) {
      log(`node ${checkedName} is stopped; removed its objects, volumes, images and logs from ${paths.root}`);
    }
  });
}

/**
 * Ends everything that runs on a node at once (SIGKILL), as a power cut does; its files stay for the next start.
 * @throws Error if a process does not end.
 */
export async function stopAbruptly(name: string): Promise<void> {
  requireNodeMachine();
  const paths = nodePaths(nodeName(name));
  await withNodeLock(paths, withElapsedTime(undefined), () => endNode(nodeCgroups(name, paths.root), readState(paths)));
}

/** True if anything of a node still runs. */
export function hasRemains(cgroups: NodeCgroups, state: NodeState | undefined): boolean {
  const recorded = Object.values(state?.processes ?? {}).some(isRunning);
  return recorded || cgroupProcesses(cgroups).length > 0;
}

/**
 * Ends every process of a node and removes what it made outside its state directory. Ends exactly the recorded
 * processes, what lives in the node's PID namespace, and what is in the node's own control groups. Harmless where
 * nothing is left.
 */
export async function endNode(cgroups: NodeCgroups, state: NodeState | undefined): Promise<void> {
  const { init, ...others } = state?.processes ?? {};
  if (init !== undefined && isRunning(init)) {
    // With process 1 the kernel ends all others of its PID namespace, and then their mounts and network.
    signal(init, "SIGKILL");
    await waitUntilReaped(init, endSeconds);
  }
  const identities = Object.values(others);
  identities.forEach((identity) => {
    signal(identity, "SIGKILL");
  });
  await removeCgroups(cgroups);
  if (!(await waitForEnd(identities, endSeconds))) {
    const left = identities.filter(isRunning).map((identity) => identity.pid);
    throw new Error(`processes ${left.join(", ")} of the node do not end; see their state with ps`);
  }
  await withMachineLock(async () => {
    if (state !== undefined) {
      await disconnect(nodeNetwork(state.slot), cgroups.root);
    }
    removeMountPoints();
  });
}

/** Removes everything that a node wrote, and its state directory if nothing else is in it. */
function removeFiles(paths: NodePaths): void {
  const { root } = paths;
  for (const entry of Object.values<string>({ ...paths }).filter((file) => file.startsWith(`${root}/`))) {
    fs.rmSync(entry, { recursive: true, force: true });
  }
  if (fs.existsSync(root) && fs.readdirSync(root).length === 0) {
    fs.rmdirSync(root);
  }
}
