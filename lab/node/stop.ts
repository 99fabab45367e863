import * as fs from "node:fs";

import { cgroupProcesses, type NodeCgroups, removeCgroups } from "./cgroups";
import { endContainers } from "./containerd";
import { withMachineLock } from "./machine-lock";
import { removeMountPoints } from "./namespaces";
import { disconnect } from "./network";
import { isRunning, signal, waitForEnd, waitUntilReaped } from "./process-identity";
import { nodeNetwork, type NodePaths } from "./settings";
import type { NodeState } from "./state";

/** Time that containers get to write out what they hold. */
const containerEndSeconds = 20;
/** Time that killed processes get to be gone. */
const endSeconds = 10;

/** Whether anything of a node still runs. */
export function hasRemains(cgroups: NodeCgroups, state: NodeState | undefined): boolean {
  const recorded = Object.values(state?.processes ?? {}).some(isRunning);
  return recorded || cgroupProcesses(cgroups).length > 0;
}

/** Lets containers end by themselves. The kubelet goes first, or it would start them again. */
export async function endContainersGently(state: NodeState): Promise<void> {
  const { init, kubelet } = state.processes;
  if (init === undefined || kubelet === undefined || !isRunning(init)) {
    return;
  }
  signal(kubelet, "SIGTERM");
  await waitForEnd([kubelet], 10);
  await endContainers(init, containerEndSeconds);
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
export function removeFiles(paths: NodePaths): void {
  const { root } = paths;
  for (const entry of Object.values<string>({ ...paths }).filter((file) => file.startsWith(`${root}/`))) {
    fs.rmSync(entry, { recursive: true, force: true });
  }
  if (fs.existsSync(root) && fs.readdirSync(root).length === 0) {
    fs.rmdirSync(root);
  }
}
