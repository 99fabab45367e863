import { type ChildProcess, spawn } from "node:child_process";
import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";

/** A child process whose output goes to a file. */
export interface ManagedProcess {
  readonly name: string;
  readonly pid: number;
  readonly logFile: string;
  /** Settles when the process has ended, with its exit code (`null` if a signal ended it). */
  readonly ended: Promise<number | null>;
  /** Whether the process has not ended yet. */
  running(): boolean;
  /** Sends a signal, e.g. `SIGKILL`, `SIGSTOP`, `SIGCONT`. */
  signal(signal: NodeJS.Signals): void;
  /** Ends the process: SIGTERM, then SIGKILL after `graceMs` (default 10 s). Waits until it is gone. */
  stop(graceMs?: number): Promise<void>;
}

/** What to run. The environment is exactly `env`; nothing of the caller's is passed on. */
export interface ProcessSpec {
  readonly name: string;
  readonly command: string;
  readonly args: readonly string[];
  readonly logFile: string;
  readonly env?: Readonly<Record<string, string>>;
  readonly cwd?: string;
  /** Program, with its first arguments, that starts the command and ends it when it is ended itself. Default: none. */
  readonly launcher?: readonly string[];
}

const living = new Set<ChildProcess>();
const temporaryDirectories = new Set<string>();
let cleanupInstalled = false;

/** Starts a process that is killed when this program ends, also on Ctrl-C. Rejects if it cannot be started. */
export async function startProcess(spec: ProcessSpec): Promise<ManagedProcess> {
  const log = fs.openSync(spec.logFile, "a");
  const [program = "", ...args] = [...(spec.launcher ?? []), spec.command, ...spec.args];
  const child = spawn(program, args, {
    stdio: ["ignore", log, log],
    env: { ...(spec.env ?? { PATH: process.env["PATH"] ?? "" }) },
    ...(spec.cwd === undefined ? {} : { cwd: spec.cwd }),
  });
  fs.closeSync(log);
  killAtExit(child);
  const ended = new Promise<number | null>((resolve) => {
    child.once("exit", resolve);
  });
  await new Promise<void>((resolve, reject) => {
    child.once("spawn", resolve);
    child.once("error", (error) => {
      reject(new Error(`cannot start ${spec.name} (${spec.command}): ${error.message}`));
    });
  });
  const running = (): boolean => child.exitCode === null && child.signalCode === null;
  return {
    name: spec.name,
    pid: child.pid ?? 0,
    logFile: spec.logFile,
    ended,
    running,
    signal: (signal) => {
      child.kill(signal);
    },
    stop: async (graceMs = 10_000) => {
      if (running()) {
        child.kill("SIGTERM");
        // A stopped process handles SIGTERM only once it is continued.
        child.kill("SIGCONT");
        const timer = setTimeout(() => child.kill("SIGKILL"), graceMs);
        await ended;
        clearTimeout(timer);
      }
    },
  };
}

/** Makes sure that a child process is killed when this program ends, also on Ctrl-C. */
export function killAtExit(child: ChildProcess): void {
  installCleanup();
  living.add(child);
  for (const event of ["exit", "error"]) {
    child.once(event, () => living.delete(child));
  }
}

/** Waits until `check` returns true. Rejects after `timeoutMs` (default 30 s) with `what` and the last error seen. */
export async function waitUntil(
  what: string,
  check: () => Promise<boolean> | boolean,
  timeoutMs = 30_000,
  intervalMs = 100,
): Promise<void> {
  const deadline = Date.now() + timeoutMs;
  for (;;) {
    const outcome = await tryOnce(check);
    if (outcome === true) {
      return;
    }
    if (Date.now() >= deadline) {
      const reason = outcome === false ? "" : `: ${outcome.message}`;
      throw new Error(`waited ${timeoutMs / 1000} s in vain until ${what}${reason}`);
    }
    await sleep(intervalMs);
  }
}

async function tryOnce(check: () => Promise<boolean> | boolean): Promise<boolean | Error> {
  try {
    return await check();
  } catch (error) {
    return error instanceof Error ? error : new Error(String(error));
  }
}

/** Waits until `url` answers 2xx; fails at once, with the end of its log, if the process ends before. */
export async function waitUntilServing(target: ManagedProcess, url: string, timeoutMs = 30_000): Promise<void> {
  await waitUntil(
    `${target.name} serves ${url}`,
    async () => {
      if (!target.running()) {
        return true;
      }
      const response = await fetch(url);
      await response.arrayBuffer();
      return response.ok;
    },
    timeoutMs,
  );
  if (!target.running()) {
    throw new Error(`${target.name} ended while starting:\n${endOfLog(target.logFile)}`);
  }
}

/** The last lines of a log file. */
function endOfLog(logFile: string, lines = 20): string {
  return fs.readFileSync(logFile, "utf8").trimEnd().split("\n").slice(-lines).join("\n");
}

/** Resolves after `ms` milliseconds. */
export async function sleep(ms: number): Promise<void> {
  await new Promise((resolve) => setTimeout(resolve, ms));
}

/** A new folder under the system's temporary folder; removed when this program ends. */
export function temporaryDirectory(prefix: string): string {
  installCleanup();
  const directory = fs.mkdtempSync(path.join(os.tmpdir(), `${prefix}-`));
  temporaryDirectories.add(directory);
  return directory;
}

/** Removes a folder made by {@link temporaryDirectory} before the program ends. */
export function removeTemporaryDirectory(directory: string): void {
  temporaryDirectories.delete(directory);
  // A process that is about to end may still write: Node.js 24 does not look again by itself.
  fs.rmSync(directory, { recursive: true, force: true, maxRetries: 10, retryDelay: 50 });
}

function installCleanup(): void {
  if (cleanupInstalled) {
    return;
  }
  cleanupInstalled = true;
  process.once("exit", cleanUp);
  for (const [signal, code] of [
    ["SIGINT", 130],
    ["SIGTERM", 143],
    ["SIGHUP", 129],
  ] as const) {
    process.once(signal, () => process.exit(code));
  }
}

/** Synchronous, because it runs while the program exits. */
function cleanUp(): void {
  for (const child of living) {
    child.kill("SIGKILL");
  }
  for (const directory of temporaryDirectories) {
    // A process that is about to end may still write: Node.js 24 does not look again by itself.
  fs.rmSync(directory, { recursive: true, force: true, maxRetries: 10, retryDelay: 50 });
  }
}
