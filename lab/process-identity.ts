import * as fs from "node:fs";

import { becomesTrue, ifThere } from "./waiting";

/** A process, told apart from any later process that got the same id, also after a reboot. */
export interface ProcessIdentity {
  readonly pid: number;
  /** Start time in clock ticks since boot, as the kernel writes it. */
  readonly startTime: string;
  /** The boot in which it started. */
  readonly bootId: string;
}

/**
 * The identity of a running process, or undefined where there is none of that id (or only its unreaped rest). A system
 * without /proc tells no more than that a process of that id runs.
 */
export function identify(pid: number): ProcessIdentity | undefined {
  if (!fs.existsSync("/proc/self/stat")) {
    return signalPid(pid, 0) ? { pid, startTime: "", bootId: "" } : undefined;
  }
  const fields = statFields(pid);
  const startTime = fields?.[19];
  if (startTime === undefined || fields?.[0] === "Z") {
    return undefined;
  }
  return { pid, startTime, bootId: fs.readFileSync("/proc/sys/kernel/random/boot_id", "utf8").trim() };
}

/** True if exactly this process still runs. */
export function isRunning(identity: ProcessIdentity): boolean {
  const now = identify(identity.pid);
  return now?.startTime === identity.startTime && now.bootId === identity.bootId;
}

/** The ids of all processes. */
export function processIds(): number[] {
  return fs.readdirSync("/proc").map(Number).filter(Number.isInteger);
}

/** The ids of a process's children. */
export function childrenOf(pid: number): number[] {
  return processIds().filter((candidate) => statFields(candidate)?.[1] === String(pid));
}

/** Sends a signal to exactly this process, never to another one that has got its id. */
export function signal(identity: ProcessIdentity, name: NodeJS.Signals): void {
  if (isRunning(identity)) {
    signalPid(identity.pid, name);
  }
}

/** Sends a signal, 0 to none. @returns whether there was a process to send it to */
export function signalPid(pid: number, name: NodeJS.Signals | 0): boolean {
  try {
    return process.kill(pid, name);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ESRCH") {
      return false;
    }
    throw error;
  }
}

/** Waits until the processes have ended. @returns whether all have */
export async function waitForEnd(identities: readonly ProcessIdentity[], seconds: number): Promise<boolean> {
  return becomesTrue(seconds, 50, () => !identities.some(isRunning));
}

/** Waits until nothing is left of an ended process: its parent has taken note. Gives up after some time. */
export async function waitUntilReaped({ pid, startTime }: ProcessIdentity, seconds: number): Promise<void> {
  await becomesTrue(seconds, 50, () => statFields(pid)?.[19] !== startTime);
}

/** The fields of /proc/<pid>/stat after the command's name, which may itself hold blanks: state, parent id, …. */
function statFields(pid: number): string[] | undefined {
  const line = ifThere(() => fs.readFileSync(`/proc/${pid}/stat`, "utf8"));
  return line?.slice(line.lastIndexOf(")") + 2).split(" ");
}
