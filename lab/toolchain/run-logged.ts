import { type ChildProcess, spawn } from "node:child_process";
import * as fs from "node:fs";
import * as path from "node:path";

const shownLogLines = 25;

/** Settings of {@link runLogged}. */
export interface RunLoggedOptions {
  /** File that gets the command's output, after what it holds already. Its folder is made. */
  readonly logFile: string;
  /** What SIGINT and SIGTERM to this process do: end the command's whole process group, or wait until it is done. */
  readonly onInterrupt: "stop" | "finish";
  /** Default: the caller's. */
  readonly cwd?: string;
  /** Default: the caller's. */
  readonly env?: NodeJS.ProcessEnv;
}

/**
 * Runs a command with its output in a log file.
 *
 * @throws Error if it can't be started or fails, or if SIGINT or SIGTERM arrives meanwhile. The message names the
 *   command and the log file and ends with the log's last lines.
 */
export async function runLogged(command: string, words: readonly string[], options: RunLoggedOptions): Promise<void> {
  fs.mkdirSync(path.dirname(options.logFile), { recursive: true });
  const logDescriptor = fs.openSync(options.logFile, "a");
  try {
    const child = spawn(command, words, {
      cwd: options.cwd,
      env: options.env,
      stdio: ["ignore", logDescriptor, logDescriptor],
      // A process group of its own: the terminal's Ctrl-C does not reach it, and one signal reaches all of it.
      detached: true,
    });
    const failure = await untilClosed(child, options.onInterrupt);
    if (failure !== undefined) {
      const title = `\`${command} ${words[0] ?? ""}\` ${failure}. Log: ${options.logFile}`;
      throw new Error([title, ...lastLines(options.logFile)].join("\n"));
    }
  } finally {
    fs.closeSync(logDescriptor);
  }
}

async function untilClosed(child: ChildProcess, onInterrupt: "stop" | "finish"): Promise<string | undefined> {
  let interruptedBy: NodeJS.Signals | undefined;
  const interrupt = (signal: NodeJS.Signals): void => {
    interruptedBy = signal;
    if (onInterrupt === "stop") {
      interruptGroup(child);
    }
  };
  process.on("SIGINT", interrupt).on("SIGTERM", interrupt);
  try {
    return await new Promise((resolve) => {
      child.once("error", (error) => {
        resolve(`could not be started: ${error.message}`);
      });
      child.once("close", (code, signal) => {
        const ended = code === 0 ? undefined : `ended with ${signal ?? `exit status ${code ?? "unknown"}`}`;
        resolve(interruptedBy === undefined ? ended : `was interrupted by ${interruptedBy}`);
      });
    });
  } finally {
    process.off("SIGINT", interrupt).off("SIGTERM", interrupt);
  }
}

function interruptGroup(child: ChildProcess): void {
  if (child.pid === undefined) {
    return;
  }
  try {
    process.kill(-child.pid, "SIGINT");
  } catch {
    // It has ended already.
  }
}

function lastLines(file: string): string[] {
  return fs
    .readFileSync(file, "utf8")
    .split("\n")
    .filter((line) => line !== "" && !line.startsWith("go: downloading "))
    .slice(-shownLogLines);
}
