import { spawn } from "node:child_process";
import * as fs from "node:fs";
import * as path from "node:path";
import { cacheFolder } from "../../../lab/lab";
import { killAtExit } from "../processes";

/** Version of `@anthropic-ai/claude-code` that the tests run; pinned in `claude-code/package.json`. */
export const clientVersion = "2.1.332";

/** What to run the client with. */
export interface ClientRun {
  readonly prompt: string;
  /** The client's HOME; created if missing. Sessions can be resumed within one HOME and `cwd`. */
  readonly home: string;
  readonly cwd: string;
  /** Base URL of the (scripted) Messages API. */
  readonly messagesUrl: string;
  /** Telemetry settings: the `env` of the settings handed out to users. */
  readonly telemetry: Readonly<Record<string, string>>;
  /** Values of `OTEL_RESOURCE_ATTRIBUTES`; replaces those in `telemetry`. Default: `telemetry`'s. */
  readonly resourceAttributes?: Readonly<Record<string, string>>;
  /** Default `claude-sonnet-4-5`. */
  readonly model?: string;
  /** More command-line arguments, e.g. `["--resume", id]`. */
  readonly extraArgs?: readonly string[];
  /** More environment, e.g. a shorter `OTEL_METRIC_EXPORT_INTERVAL`. Wins over `telemetry`. */
  readonly extraEnv?: Readonly<Record<string, string>>;
  /** The client is killed after this. Default 120 s. */
  readonly timeoutSeconds?: number;
  /** Name of a network namespace (under `/run/netns`) to run in. Default: the caller's. */
  readonly networkNamespace?: string;
}

/** How a client run ended. */
export interface ClientResult {
  /** Exit code; `null` if a signal ended it. */
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
  readonly seconds: number;
}

const packageDirectory = path.join(__dirname, "claude-code");

/**
 * Installs the client once per machine, from npm, into the cache, and gives the path of its executable.
 * Rejects with npm's output if the installation fails.
 */
export async function installClient(): Promise<string> {
  const cache = cacheFolder();
  const target = path.join(cache, `claude-code-${clientVersion}`);
  const executable = path.join(target, "node_modules", ".bin", "claude");
  if (fs.existsSync(executable)) {
    return executable;
  }
  fs.mkdirSync(cache, { recursive: true });
  // Installed beside the target and moved, so that an interrupted installation is never taken for a whole one.
  const staging = fs.mkdtempSync(`${target}.`);
  try {
    for (const file of ["package.json", "package-lock.json"]) {
      fs.copyFileSync(path.join(packageDirectory, file), path.join(staging, file));
    }
    process.stderr.write(`claude-client: installing Claude Code ${clientVersion} from npm into ${target}\n`);
    const result = await run("npm", ["ci", "--no-audit", "--no-fund"], { cwd: staging, env: process.env });
    if (result.code !== 0) {
      throw new Error(`npm ci of @anthropic-ai/claude-code@${clientVersion} failed:\n${result.stderr}`);
    }
    await checkVersion(path.join(staging, "node_modules", ".bin", "claude"));
    moveUnlessThere(staging, target);
  } finally {
    fs.rmSync(staging, { recursive: true, force: true });
  }
  return executable;
}

/**
 * Runs `claude -p <prompt>` to its end, with an environment of its own: nothing of the caller's settings, keys or
 * telemetry reaches it.
 */
export async function runClient(options: ClientRun): Promise<ClientResult> {
  const executable = await installClient();
  fs.mkdirSync(options.home, { recursive: true });
  fs.mkdirSync(options.cwd, { recursive: true });
  const args = ["-p", options.prompt, "--model", options.model ?? "claude-sonnet-4-5"];
  args.push("--permission-mode", "bypassPermissions", "--output-format", "json", ...(options.extraArgs ?? []));
  const [command, commandArgs] =
    options.networkNamespace === undefined
      ? [executable, args]
      : ["nsenter", [`--net=/run/netns/${options.networkNamespace}`, "--", executable, ...args]];
  return run(command, commandArgs, {
    cwd: options.cwd,
    env: clientEnvironment(options),
    timeoutSeconds: options.timeoutSeconds ?? 120,
  });
}

/** The session id that the client reported. Throws if the run gave no result. */
export function sessionIdOf(result: ClientResult): string {
  const output: unknown = JSON.parse(result.stdout);
  const id: unknown = typeof output === "object" && output !== null && "session_id" in output && output.session_id;
  if (typeof id !== "string") {
    throw new Error(`the client's output has no session_id: ${result.stdout.slice(0, 300)}`);
  }
  return id;
}

/** The environment of a client: nothing of the caller's settings, keys or telemetry. */
export function clientEnvironment(options: Omit<ClientRun, "prompt" | "cwd">): Record<string, string> {
  const attributes = Object.entries(options.resourceAttributes ?? {});
  return {
    PATH: process.env["PATH"] ?? "",
    LANG: "C.UTF-8",
    TERM: "xterm",
    HOME: options.home,
    ANTHROPIC_BASE_URL: options.messagesUrl,
    ANTHROPIC_API_KEY: "dummy-key-for-the-stand-in",
    CLAUDE_CODE_DISABLE_NONESSENTIAL_TRAFFIC: "1",
    IS_SANDBOX: "1",
    ...options.telemetry,
    ...(attributes.length === 0
      ? {}
      : {
          OTEL_RESOURCE_ATTRIBUTES: attributes.map(([key, value]) => `${key}=${encodeURIComponent(value)}`).join(","),
        }),
    ...options.extraEnv,
  };
}

async function checkVersion(executable: string): Promise<void> {
  const result = await run(executable, ["--version"], { env: { PATH: process.env["PATH"] ?? "" }, timeoutSeconds: 60 });
  if (!result.stdout.startsWith(clientVersion)) {
    throw new Error(`the installed client says "${result.stdout}${result.stderr}"; expected version ${clientVersion}`);
  }
}

/** Another test process may have installed it meanwhile; then ours is not needed. */
function moveUnlessThere(from: string, to: string): void {
  try {
    fs.renameSync(from, to);
  } catch (error) {
    if (!fs.existsSync(to)) {
      throw error;
    }
  }
}

interface RunOptions {
  readonly cwd?: string;
  readonly env: NodeJS.ProcessEnv;
  readonly timeoutSeconds?: number;
}

async function run(command: string, args: readonly string[], options: RunOptions): Promise<ClientResult> {
  const started = performance.now();
  const child = spawn(command, args, {
    stdio: ["ignore", "pipe", "pipe"],
    env: options.env,
    ...(options.cwd === undefined ? {} : { cwd: options.cwd }),
    ...(options.timeoutSeconds === undefined ? {} : { timeout: options.timeoutSeconds * 1000, killSignal: "SIGKILL" }),
  });
  killAtExit(child);
  const stdout: Buffer[] = [];
  const stderr: Buffer[] = [];
  child.stdout.on("data", (chunk: Buffer) => stdout.push(chunk));
  child.stderr.on("data", (chunk: Buffer) => stderr.push(chunk));
  const code = await new Promise<number | null>((resolve, reject) => {
    child.once("error", (error) => {
      reject(new Error(`cannot start ${command}: ${error.message}`));
    });
    child.once("close", resolve);
  });
  return {
    code,
    stdout: Buffer.concat(stdout).toString("utf8"),
    stderr: Buffer.concat(stderr).toString("utf8"),
    seconds: (performance.now() - started) / 1000,
  };
}
