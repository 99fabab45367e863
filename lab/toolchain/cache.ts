import * as crypto from "node:crypto";
import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";

import { withLock } from "./lock";
import { type ToolName, toolOf, toolVersion } from "./tools";

/** The Go toolchain that a module's folder is built with. */
export interface GoToolchain {
  /** For example "go1.26.8". */
  readonly version: string;
  /** For example "linux/amd64". */
  readonly platform: string;
}

/**
 * Folder for everything that is built once and kept outside the repository:
 * `$CLAUDE_MONITORING_CACHE`, or `~/.cache/claude-code-monitoring`.
 */
export function cacheFolder(): string {
  const configured = process.env["CLAUDE_MONITORING_CACHE"];
  return configured === undefined || configured === ""
    ? path.join(os.homedir(), ".cache", "claude-code-monitoring")
    : path.resolve(configured);
}

/** Folder below {@link cacheFolder} with the built tools. */
export function toolCacheFolder(): string {
  return path.join(cacheFolder(), "toolchain");
}

/**
 * Arguments after `go` that build a tool into `output`. They decide the result, so they are part of its hash.
 *
 * @param overlay file that tells Go where the tool's `embeds` are. Only for tools that have any.
 */
export function buildArguments(name: ToolName, output: string, overlay?: string): readonly string[] {
  const tool = toolOf(name);
  const stamps = Object.entries(tool.stamps?.(toolVersion(name)) ?? {});
  const linker = ["-s", "-w", ...stamps.map(([variable, value]) => `-X=${variable}=${value}`)];
  return [
    "build",
    "-mod=readonly",
    "-buildvcs=false",
    "-trimpath",
    ...(tool.tags === undefined ? [] : [`-tags=${tool.tags.join(",")}`]),
    ...(tool.compilerFlags === undefined ? [] : [`-gcflags=${tool.compilerFlags}`]),
    ...(overlay === undefined ? [] : [`-overlay=${overlay}`]),
    `-ldflags=${linker.join(" ")}`,
    "-o",
    output,
    tool.package,
  ];
}

/** Returns the path of a tool's finished binary. Its folder carries a hash of all that decides the result. */
export function binaryPath(name: ToolName, go: GoToolchain): string {
  const hash = crypto.createHash("sha256");
  const { folder, binary, embeds } = toolOf(name);
  hash.update(JSON.stringify([go, buildArguments(name, "OUTPUT"), ...(embeds === undefined ? [] : [embeds])]));
  hashFolder(hash, folder);
  return path.join(toolCacheFolder(), `${name}-${hash.digest("hex").slice(0, 16)}`, binary);
}

/** Adds the files of a folder to a hash. */
export function hashFolder(hash: crypto.Hash, folder: string): void {
  const entries = fs.readdirSync(folder, { recursive: true, withFileTypes: true });
  const files = entries.filter((entry) => entry.isFile()).map((entry) => path.join(entry.parentPath, entry.name));
  for (const file of files.sort()) {
    const content = fs.readFileSync(file);
    hash.update(JSON.stringify([path.relative(folder, file), content.length]));
    hash.update(content);
  }
}

/**
 * Makes a folder of the cache unless it is there. Another process that wants the same waits.
 *
 * @param make fills a folder beside it, which is renamed at the end, so that a folder in its place is always whole
 * @param lockFile default: one for this folder
 * @param onWait as for {@link withLock}
 */
export async function makeOnce(
  folder: string,
  make: (unfinished: string) => void | Promise<void>,
  lockFile = `${folder}.lock`,
  onWait?: (pid: number) => void,
): Promise<void> {
  const work = async (): Promise<void> => {
    if (fs.existsSync(folder)) {
      return;
    }
    const unfinished = `${folder}.unfinished`;
    fs.rmSync(unfinished, { recursive: true, force: true });
    fs.mkdirSync(unfinished, { recursive: true });
    await make(unfinished);
    fs.renameSync(unfinished, folder);
  };
  await withLock(lockFile, work, onWait);
}
