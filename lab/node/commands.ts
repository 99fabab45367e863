import { spawn } from "node:child_process";

/** How a command is run. */
export interface CommandOptions {
  /** Written to the command's standard input. Default: nothing. */
  readonly input?: string;
  /** After this the command is killed and counts as failed. Default 60 s. */
  readonly timeoutSeconds?: number;
  /** Default: {@link cleanEnvironment}. */
  readonly env?: NodeJS.ProcessEnv;
}

/**
 * The environment that the node's programs get: a fixed PATH, and none of the caller's proxy settings, which would send
 * the node's own traffic (API server to kubelet, kubectl to API server) to a proxy that cannot reach it.
 */
export const cleanEnvironment: NodeJS.ProcessEnv = {
  PATH: "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin",
  HOME: "/root",
  LANG: "C.UTF-8",
};

/**
 * Runs a command to its end.
 * @returns its standard output
 * @throws an error that names the command and holds what it wrote to standard error
 */
export async function run(command: readonly string[], options: CommandOptions = {}): Promise<string> {
  const [program = "", ...args] = command;
  const timeoutSeconds = options.timeoutSeconds ?? 60;
  return new Promise((resolve, reject) => {
    const child = spawn(program, args, { env: options.env ?? cleanEnvironment, stdio: "pipe" });
    const output: Buffer[] = [];
    const complaints: Buffer[] = [];
    const timer = setTimeout(() => child.kill("SIGKILL"), timeoutSeconds * 1000);
    child.stdout.on("data", (chunk: Buffer) => output.push(chunk));
    child.stderr.on("data", (chunk: Buffer) => complaints.push(chunk));
    // A command that ends without reading all its input is judged by its exit status, not by the broken pipe.
    child.stdin.on("error", () => undefined);
    child.stdin.end(options.input ?? "");
    child.on("error", (error) => {
      clearTimeout(timer);
      reject(new Error(`cannot run "${program}": ${error.message}`));
    });
    child.on("close", (code, signal) => {
      clearTimeout(timer);
      if (code === 0) {
        resolve(Buffer.concat(output).toString());
        return;
      }
      const how =
        signal === null ? `exit status ${code ?? "unknown"}` : `ended by ${signal} (limit ${timeoutSeconds} s)`;
      const said = Buffer.concat([...complaints, ...output])
        .toString()
        .trim()
        .slice(-2000);
      reject(new Error(`"${shorten(command.join(" "))}" failed, ${how}: ${said}`));
    });
  });
}

/** Runs a command whose failure is of no interest: what it removes may already be gone. */
export async function tryRun(command: readonly string[]): Promise<boolean> {
  try {
    await run(command);
    return true;
  } catch {
    return false;
  }
}

function shorten(text: string): string {
  return text.length > 300 ? `${text.slice(0, 300)}…` : text;
}
