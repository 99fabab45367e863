import { spawn, spawnSync } from "node:child_process";

/** What {@link run} takes besides the command. */
export interface RunOptions {
  readonly cwd?: string;
  readonly env?: NodeJS.ProcessEnv;
  /** Receives each line of output as it comes. */
  readonly onLine?: (line: string) => void;
  /** Milliseconds after which the command is ended. Default: none. */
  readonly timeout?: number;
  /** Given to the command's standard input. Default: nothing. */
  readonly input?: string;
}

/** What a command left behind. */
export interface RunResult {
  readonly status: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs a command to its end, whatever its exit status. */
export function run(command: string, args: readonly string[], options: RunOptions = {}): Promise<RunResult> {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, {
      cwd: options.cwd,
      env: options.env,
      timeout: options.timeout,
      stdio: ["pipe", "pipe", "pipe"],
    });
    // A command that ends without reading its input is judged by its status.
    child.stdin.on("error", () => undefined);
    child.stdin.end(options.input ?? "");
    const collected = { stdout: "", stderr: "" };
    for (const stream of ["stdout", "stderr"] as const) {
      let rest = "";
      child[stream].setEncoding("utf8");
      child[stream].on("data", (chunk: string) => {
        collected[stream] += chunk;
        const lines = (rest + chunk).split("\n");
        rest = lines.pop() ?? "";
        lines.forEach((line) => options.onLine?.(line));
      });
    }
    child.on("error", reject);
    child.on("close", (code, signal) => {
      resolve({ status: code ?? (signal === null ? 1 : 128), ...collected });
    });
  });
}

/**
 * Runs a command that has to succeed.
 *
 * @returns its standard output
 * @throws Error with the command and what it printed
 */
export async function runChecked(command: string, args: readonly string[], options: RunOptions = {}): Promise<string> {
  const result = await run(command, args, options);
  if (result.status !== 0) {
    const output = `${result.stdout}${result.stderr}`.trim().split("\n").slice(-40).join("\n");
    throw new Error(`${command} ${args.join(" ")} ended with status ${result.status}:\n${output}`);
  }
  return result.stdout;
}

/** Whether a program is on the PATH. */
export function isOnPath(program: string): boolean {
  return spawnSync("sh", ["-c", 'command -v "$1"', "sh", program], { stdio: "ignore" }).status === 0;
}
