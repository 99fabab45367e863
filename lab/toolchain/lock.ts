import * as fs from "node:fs";
import * as path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";

import { identify, isRunning, type ProcessIdentity } from "../process-identity";
import { ifThere } from "../waiting";

const pollMilliseconds = 500;

/**
 * Runs `work` while holding the lock file `file`, so that two processes do not do it at once. Waits without limit for a
 * living holder; takes over the lock of a dead one. The lock only saves work: `work` must be right without it too.
 *
 * @param onWait called once, with the holder's process id, if there is a wait.
 */
export async function withLock<Result>(
  file: string,
  work: () => Promise<Result>,
  onWait?: (pid: number) => void,
): Promise<Result> {
  fs.mkdirSync(path.dirname(file), { recursive: true });
  let told = false;
  while (!tryLock(file)) {
    const holder = livingHolder(file);
    if (holder === undefined) {
      fs.rmSync(file, { force: true });
      continue;
    }
    if (!told) {
      onWait?.(holder.pid);
      told = true;
    }
    await sleep(pollMilliseconds);
  }
  try {
    return await work();
  } finally {
    fs.rmSync(file, { force: true });
  }
}

/** A hard link appears with its content, so no reader ever sees a lock without its holder. */
function tryLock(file: string): boolean {
  const own = `${file}.${process.pid}`;
  fs.writeFileSync(own, JSON.stringify(identify(process.pid)));
  try {
    fs.linkSync(own, file);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "EEXIST") {
      return false;
    }
    throw error;
  } finally {
    fs.rmSync(own, { force: true });
  }
}

/** The process that has the lock; undefined if it has ended, or gave the lock back a moment ago. */
function livingHolder(file: string): ProcessIdentity | undefined {
  const holder = ifThere(() => JSON.parse(fs.readFileSync(file, "utf8")) as ProcessIdentity);
  return holder !== undefined && isRunning(holder) ? holder : undefined;
}
