import { execa } from "execa";

/** Settings of {@link run}. */
export interface CommandOptions {
  /** Written to the command's standard input. Default: nothing. */
  readonly input?: string;
  /** After this the command is killed and counts as failed. Default 60 s. */
  readonly timeoutSeconds?: number;
  /** Default: {@link cleanEnvironment}. */
  readonly env?: NodeJS.ProcessEnv;
}

/**
 * The environment that the node's programs get: a fixed PATH, and none of the caller's proxy settings. Those would send
 * the node's own traffic to a proxy that cannot reach it.
 */
export const cleanEnvironment: NodeJS.ProcessEnv = {
  PATH: "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin",
  HOME: "/root",
  LANG: "C.UTF-8",
};

/**
 * Runs a command to its end.
 * @returns its standard output
 * @throws an error that names the command and holds what it wrote
 */
export async function run([program = "", ...args]: readonly string[], options: CommandOptions = {}): Promise<string> {
  const { input = "", timeoutSeconds = 60, env = cleanEnvironment } = options;
  const timeout = { timeout: timeoutSeconds * 1000, killSignal: "SIGKILL" } as const;
  return (await execa(program, args, { input, env, extendEnv: false, ...timeout })).stdout;
}

/** Runs a command whose failure is of no interest: what it removes may already be gone. */
export async function tryRun(command: readonly string[]): Promise<boolean> {
  return run(command).then(
    () => true,
    () => false,
  );
}
