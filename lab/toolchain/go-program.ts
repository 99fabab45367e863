import * as crypto from "node:crypto";
import * as path from "node:path";

import { execa } from "execa";

import { hashFolder, makeOnce, toolCacheFolder } from "./cache";
import { goEnvironment } from "./go";

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
  hashFolder(hash, source);
  const folder = path.join(toolCacheFolder(), `${name}-${hash.digest("hex").slice(0, 16)}`);
  await makeOnce(folder, async (unfinished) => {
    const output = path.join(unfinished, name);
    await execa("go", ["build", "-trimpath", "-buildvcs=false", "-ldflags=-s -w", "-o", output, "."], {
      cwd: source,
      env: goEnvironment(),
      extendEnv: false,
    });
  });
  return path.join(folder, name);
}
