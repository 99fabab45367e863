import { withLock } from "../toolchain/lock";

const lockFile = "/run/claude-code-monitoring.lock";

/** Runs `work` while no other process does so on this machine: for what nodes share, such as addresses. */
export async function withMachineLock<Result>(work: () => Promise<Result>): Promise<Result> {
  return withLock(lockFile, work, () => undefined);
}
