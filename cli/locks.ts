import { execa } from "execa";
import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";

import { z } from "zod";

import { project } from "./overrides";

const lockFile = z.object({ pid: z.number(), hostname: z.string() });

/**
 * Returns true if a stack's local state has locks that engines left when they were killed.
 *
 * @throws Error naming the process, if one is still at work
 */
export async function hasStaleLocks(stateFolder: string, stack: string): Promise<boolean> {
  const folder = path.join(stateFolder, ".pulumi", "locks", "organization", project, stack);
  const files = fs.existsSync(folder) ? fs.readdirSync(folder).filter((name) => name.endsWith(".json")) : [];
  for (const file of files) {
    const { pid, hostname } = lockFile.parse(JSON.parse(fs.readFileSync(path.join(folder, file), "utf8")));
    if (hostname !== os.hostname() || (await isEngine(pid))) {
      throw new Error(`stack ${stack}: found a lock of process ${pid} on ${hostname}; expected one command at a time`);
    }
  }
  return files.length > 0;
}

/** Another process may have got the id since. */
async function isEngine(pid: number): Promise<boolean> {
  const { stdout } = await execa("ps", ["-p", String(pid), "-o", "comm="], { reject: false });
  return stdout.includes("pulumi");
}
