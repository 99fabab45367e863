import * as os from "node:os";

import type { Log } from "../log";
import { withLock } from "../toolchain/lock";
import type { NodePaths } from "./settings";

/**
 * Checks that this machine can run a node at all.
 * @throws Error with one sentence: what was found, what is expected.
 */
export function requireNodeMachine(): void {
  if (process.platform !== "linux") {
    throw new Error(`a node needs Linux; this is ${os.type()}. Use a cluster of your own (--context) or kind.`);
  }
  const user = process.getuid?.();
  if (user !== 0) {
    throw new Error(
      `a node needs root, for namespaces and mounts; this is user ${user ?? "unknown"}. Run it with sudo.`,
    );
  }
}

/** Runs `work` while no other process does so on this machine: for what nodes share, such as addresses. */
export async function withMachineLock<Result>(work: () => Promise<Result>): Promise<Result> {
  return withLock("/run/claude-code-monitoring.lock", work);
}

/** Runs `work` while no other process works on the node. */
export async function withNodeLock<Result>(paths: NodePaths, log: Log, work: () => Promise<Result>): Promise<Result> {
  return withLock(paths.lockFile, work, (pid) => {
    log(`waiting for process ${pid}, which works on the same node`);
  });
}
