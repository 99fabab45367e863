import * as fs from "node:fs";
import * as path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";

const pollMilliseconds = 500;

/** A process, told apart from a later one that got the same id. */
interface Holder {
  readonly pid: number;
  /** Start time in clock ticks since boot; "" where the system does not tell. */
  readonly started: string;
}

/**
 * Runs `work` while holding the lock file `file`, so that two processes do not do it at once. Waits without limit for a
 * living holder; takes over the lock of a dead one. The lock only saves work: `work` must be right without it too.
 *
 * @param onWait called once, with the holder's process id, if there is a wait.
 */
export async function withLock<Result>(
  file: string,
  work: () => Promise<Result>,
  onWait: (pid: number) => void,
): Promise<Result> {
  fs.mkdirSync(path.dirname(file), { recursive: true });
  let told = false;
  while (!tryLock(file)) {
    const content = readIfThere(file);
    if (content === undefined) {
      continue;
    }
    const holder = livingHolder(content);
    if (holder === undefined) {
      fs.rmSync(file, { force: true });
      continue;
    }
    if (!told) {
      onWait(holder.pid);
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
  const holder: Holder = { pid: process.pid, started: startTime(process.pid) };
  fs.writeFileSync(own, JSON.stringify(holder));
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

function readIfThere(file: string): string | undefined {
  try {
    return fs.readFileSync(file, "utf8");
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") {
      return undefined;
    }
    throw error;
  }
}

function livingHolder(content: string): Holder | undefined {
  try {
    const holder = JSON.parse(content) as Holder;
    process.kill(holder.pid, 0);
    return startTime(holder.pid) === holder.started ? holder : undefined;
  } catch {
    // Not readable as a holder, or no such process. Locks lie in the user's own cache, so EPERM means a reused id.
    return undefined;
  }
}

function startTime(pid: number): string {
  try {
    const status = fs.readFileSync(`/proc/${pid}/stat`, "utf8");
    // The command's name, in parentheses, may hold blanks; the start time is the 20th field after it.
    return status.slice(status.lastIndexOf(")") + 2).split(" ")[19] ?? "";
  } catch {
    return "";
  }
}
