import { execFileSync } from "node:child_process";
import * as crypto from "node:crypto";
import * as fs from "node:fs";
import * as path from "node:path";

import { toolCacheFolder } from "./cache";
import { goEnvironment } from "./go";
import { withLock } from "./lock";

/**
 * Builds a small Go program without dependencies, unless the cache has it. Needs Go.
 *
 * @param source folder with its go.mod and nothing but what is built
 * @param name of the binary
 * @returns the absolute path of the static binary
 * @throws Error if the build fails, with the compiler's messages
 */
export async function ensureGoProgram(source: string, name: string): Promise<string> {
  const hash = crypto.createHash("sha256").update(process.arch);
  for (const file of fs.readdirSync(source).sort()) {
    hash.update(JSON.stringify([file, fs.readFileSync(path.join(source, file), "utf8")]));
  }
  const folder = path.join(toolCacheFolder(), `${name}-${hash.digest("hex").slice(0, 16)}`);
  const binary = path.join(folder, name);
  const build = (): Promise<void> => {
    if (!fs.existsSync(binary)) {
      fs.mkdirSync(folder, { recursive: true });
      execFileSync("go", ["build", "-trimpath", "-buildvcs=false", "-ldflags=-s -w", "-o", `${binary}.new`, "."], {
        cwd: source,
        env: goEnvironment(),
      });
      fs.renameSync(`${binary}.new`, binary);
    }
    return Promise.resolve();
  };
  await withLock(`${folder}.lock`, build);
  return binary;
}
