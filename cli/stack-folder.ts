import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";

import { cacheFolder } from "../lab/lab";
import { progress } from "./progress";
import type { Target } from "./target";

/**
 * Folder of what is kept of a stack: its target, effective configuration, state and passphrase. It lies in
 * `$CLAUDE_MONITORING_DATA`, or `claude-code-monitoring` in `$XDG_DATA_HOME`, by default `~/.local/share`; only its
 * owner may read it. A folder that an earlier release kept in the cache is moved there.
 */
export function stackFolder(stack: string): string {
  const configured = process.env["CLAUDE_MONITORING_DATA"];
  const folder = path.join(configured ?? defaultDataFolder(), "stacks", stack);
  const earlier = path.join(cacheFolder(), "stacks", stack);
  if (configured === undefined && fs.existsSync(earlier) && !fs.existsSync(folder)) {
    fs.mkdirSync(path.dirname(folder), { recursive: true, mode: 0o700 });
    // A link leads to the program; it is made anew.
    fs.rmSync(path.join(earlier, "program"), { force: true });
    fs.cpSync(earlier, folder, { recursive: true });
    fs.rmSync(earlier, { recursive: true });
    keepPrivate(folder);
    progress(`moved the state of stack ${stack} from ${earlier} to ${folder}: a cache may be emptied`);
  }
  fs.mkdirSync(folder, { recursive: true, mode: 0o700 });
  return folder;
}

function defaultDataFolder(): string {
  const home = process.env["XDG_DATA_HOME"] ?? "";
  const base = path.isAbsolute(home) ? home : path.join(os.homedir(), ".local", "share");
  return path.join(base, "claude-code-monitoring");
}

function keepPrivate(folder: string): void {
  fs.chmodSync(folder, 0o700);
  for (const entry of fs.readdirSync(folder, { recursive: true, withFileTypes: true })) {
    fs.chmodSync(path.join(entry.parentPath, entry.name), entry.isDirectory() ? 0o700 : 0o600);
  }
}

/** Remembers where a stack is deployed. */
export function saveTarget(stack: string, target: Target): void {
  fs.writeFileSync(targetFile(stack), JSON.stringify(target, undefined, 2), { mode: 0o600 });
}

/** Returns the target of a stack that `npm run up` deployed; undefined if it deployed none. */
export function findTarget(stack: string): Target | undefined {
  const file = targetFile(stack);
  return fs.existsSync(file) ? (JSON.parse(fs.readFileSync(file, "utf8")) as Target) : undefined;
}

/** Forgets a stack that is gone. */
export function forgetTarget(stack: string): void {
  fs.rmSync(targetFile(stack), { force: true });
}

function targetFile(stack: string): string {
  return path.join(stackFolder(stack), "target.json");
}
