import { execFileSync } from "node:child_process";
import * as fs from "node:fs";
import * as path from "node:path";

import { binaryPath, buildArguments, toolCacheFolder } from "./cache";
import { goEnvironment, goToolchain } from "./go";
import { withLock } from "./lock";
import { runLogged } from "./run-logged";
import { type Tool, toolFolder, type ToolName, tools, toolVersion } from "./tools";

const heartbeatMilliseconds = 30_000;

/** Settings of {@link ensureTools}. */
export interface EnsureToolsOptions {
  /** Receives progress, one line at a time. Default: standard error. */
  readonly log?: (line: string) => void;
}

type Log = (line: string) => void;

/**
 * Makes sure that tools are built and returns the absolute path of each binary. What the cache lacks is built, one tool
 * at a time; a second process that wants the same waits for the first.
 *
 * @throws Error if Go is missing or too old, if a build fails (names the tool, its log file and the log's last lines),
 *   or if SIGINT or SIGTERM arrives during a build.
 */
export async function ensureTools<Name extends ToolName>(
  names: readonly Name[],
  options: EnsureToolsOptions = {},
): Promise<Record<Name, string>> {
  const log = options.log ?? ((line: string) => void process.stderr.write(`${line}\n`));
  const planned = [...new Set(names)].map((name) => ({
    name,
    binary: binaryPath(name, goToolchain(toolFolder(name))),
  }));
  for (const [index, { name, binary }] of planned.entries()) {
    const title = `[${index + 1}/${planned.length}] ${name} ${toolVersion(name)}`;
    if (fs.existsSync(binary)) {
      log(`${title}: cached`);
    } else {
      await buildLocked(name, binary, title, log);
    }
  }
  return Object.fromEntries(planned.map(({ name, binary }) => [name, binary])) as Record<Name, string>;
}

async function buildLocked(name: ToolName, binary: string, title: string, log: Log): Promise<void> {
  await withLock(
    path.join(toolCacheFolder(), "build.lock"),
    async () => {
      if (fs.existsSync(binary)) {
        log(`${title}: built meanwhile by another process`);
        return;
      }
      await build(name, binary, title, log);
    },
    (pid) => {
      log(`${title}: waiting for the build in process ${pid}`);
    },
  );
}

/** Builds beside the final folder and renames, so that a binary in its place is always whole. */
async function build(name: ToolName, binary: string, title: string, log: Log): Promise<void> {
  const folder = path.dirname(binary);
  const unfinished = `${folder}.${process.pid}`;
  const logFile = path.join(toolCacheFolder(), "logs", `${name}.log`);
  fs.rmSync(unfinished, { recursive: true, force: true });
  fs.mkdirSync(unfinished, { recursive: true });
  const start = Date.now();
  const elapsed = (): string => `${Math.round((Date.now() - start) / 1000)} s`;
  log(`${title}: building`);
  const heartbeat = setInterval(() => {
    log(`${title}: building, ${elapsed()}`);
  }, heartbeatMilliseconds);
  try {
    await compile(name, path.join(unfinished, path.basename(binary)), logFile);
    fs.rmSync(folder, { recursive: true, force: true });
    fs.renameSync(unfinished, folder);
    log(`${title}: built in ${elapsed()}`);
  } catch (error) {
    log(`${title}: failed after ${elapsed()}`);
    throw new Error(`Building ${name} failed: ${error instanceof Error ? error.message : String(error)}`, {
      cause: error,
    });
  } finally {
    clearInterval(heartbeat);
    fs.rmSync(unfinished, { recursive: true, force: true });
  }
}

async function compile(name: ToolName, output: string, logFile: string): Promise<void> {
  const { embeds }: Tool = tools[name];
  const settings = { logFile, onInterrupt: "stop", cwd: toolFolder(name), env: goEnvironment() } as const;
  fs.rmSync(logFile, { force: true });
  if (embeds === undefined) {
    await runLogged("go", buildArguments(name, output), settings);
    return;
  }
  await runLogged("go", ["mod", "download", embeds.goModule], settings);
  const overlay = `${logFile}.overlay.json`;
  fs.writeFileSync(overlay, JSON.stringify({ Replace: embedOverlay(name, embeds) }));
  await runLogged("go", buildArguments(name, output, overlay), settings);
}

function embedOverlay(name: ToolName, embeds: NonNullable<Tool["embeds"]>): Record<string, string> {
  const folder = toolFolder(name);
  const source = execFileSync("go", ["list", "-m", "-f", "{{.Dir}}", embeds.goModule], {
    cwd: folder,
    env: goEnvironment(),
    encoding: "utf8",
  }).trim();
  return Object.fromEntries(
    Object.entries(embeds.files).map(([local, file]) => [path.join(folder, local), path.join(source, file)]),
  );
}
