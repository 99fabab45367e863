import * as fs from "node:fs";
import * as path from "node:path";

import { execa } from "execa";

import { type Log, logToStandardError } from "../log";
import { binaryPath, buildArguments, makeOnce, toolCacheFolder } from "./cache";
import { goEnvironment, goToolchain } from "./go";
import { type ToolName, toolOf, toolVersion } from "./tools";

const heartbeatMilliseconds = 30_000;
const shownLogLines = 25;

/** Settings of {@link ensureTools}. */
export interface EnsureToolsOptions {
  /** Default: {@link logToStandardError}. */
  readonly log?: Log;
}

/**
 * Makes sure that tools are built and returns the absolute path of each binary. Tools that the cache lacks are built
 * one at a time; a second process that wants the same waits for the first.
 *
 * @throws Error if Go is missing or too old, or if a build fails: names the tool, its log file and the log's last lines.
 */
export async function ensureTools<Name extends ToolName>(
  names: readonly Name[],
  { log = logToStandardError }: EnsureToolsOptions = {},
): Promise<Record<Name, string>> {
  const wanted = [...new Set(names)];
  const planned = wanted.map((name) => ({ name, binary: binaryPath(name, goToolchain(toolOf(name).folder)) }));
  for (const [index, { name, binary }] of planned.entries()) {
    const title = `[${index + 1}/${planned.length}] ${name} ${toolVersion(name)}`;
    if (fs.existsSync(binary)) {
      log(`${title}: cached`);
      continue;
    }
    const make = (unfinished: string) => build(name, path.join(unfinished, path.basename(binary)), title, log);
    await makeOnce(path.dirname(binary), make, path.join(toolCacheFolder(), "build.lock"), (pid) => {
      log(`${title}: waiting for the build in process ${pid}`);
    });
  }
  return Object.fromEntries(planned.map(({ name, binary }) => [name, binary])) as Record<Name, string>;
}

async function build(name: ToolName, output: string, title: string, log: Log): Promise<void> {
  const start = Date.now();
  const elapsed = (): string => `${Math.round((Date.now() - start) / 1000)} s`;
  log(`${title}: building`);
  const heartbeat = setInterval(() => {
    log(`${title}: building, ${elapsed()}`);
  }, heartbeatMilliseconds);
  try {
    await compile(name, output, path.join(toolCacheFolder(), "logs", `${name}.log`));
    log(`${title}: built in ${elapsed()}`);
  } catch (error) {
    throw new Error(`Building ${name} failed after ${elapsed()}: ${(error as Error).message}`, { cause: error });
  } finally {
    clearInterval(heartbeat);
  }
}

async function compile(name: ToolName, output: string, logFile: string): Promise<void> {
  const { embeds, folder } = toolOf(name);
  fs.rmSync(logFile, { force: true });
  if (embeds === undefined) {
    await go(name, buildArguments(name, output), logFile);
    return;
  }
  await go(name, ["mod", "download", embeds.goModule], logFile);
  const source = await go(name, ["list", "-m", "-f", "{{.Dir}}", embeds.goModule], logFile);
  const embedded = Object.entries(embeds.files).map(([local, file]) => [
    path.join(folder, local),
    path.join(source, file),
  ]);
  const overlay = `${logFile}.overlay.json`;
  fs.writeFileSync(overlay, JSON.stringify({ Replace: Object.fromEntries(embedded) as unknown }));
  await go(name, buildArguments(name, output, overlay), logFile);
}

/**
 * Runs `go` in a tool's folder, its output going to a log file, too.
 *
 * @returns standard output
 * @throws Error that names the log file and ends with the log's last lines.
 */
async function go(name: ToolName, words: readonly string[], logFile: string): Promise<string> {
  fs.mkdirSync(path.dirname(logFile), { recursive: true });
  const log = { file: logFile, append: true } as const;
  const settings = { cwd: toolOf(name).folder, env: goEnvironment(), extendEnv: false, stdin: "ignore" } as const;
  const result = await execa("go", words, { ...settings, stdout: ["pipe", log], stderr: log, reject: false });
  if (result.failed) {
    const lines = fs.readFileSync(logFile, "utf8").split("\n");
    const said = lines.filter((line) => line !== "" && !line.startsWith("go: downloading ")).slice(-shownLogLines);
    throw new Error([`${result.shortMessage ?? ""}. Log: ${logFile}`, ...said].join("\n"));
  }
  return result.stdout;
}
