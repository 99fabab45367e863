import { spawnSync } from "node:child_process";
import * as fs from "node:fs";
import * as path from "node:path";

/** How cold a restarted program's first read of its files is, in words. */
export const coldnessMeanings = {
  disk: "Prometheus restarted, and the kernel's page cache dropped: files came from the disk",
  advised: "Prometheus restarted, and the kernel advised to drop its files from the page cache",
  process: "Prometheus restarted; its files stayed in the kernel's page cache",
} as const;

/** One of {@link coldnessMeanings}. */
export type Coldness = keyof typeof coldnessMeanings;

/**
 * Takes a folder's files out of the kernel's page cache, as well as this system lets us. Nothing may have them mapped.
 *
 * @param dropAll where the kernel takes the order to drop its cache
 */
export function dropPageCache(folder: string, dropAll = "/proc/sys/vm/drop_caches"): Coldness {
  // Only clean pages can be dropped.
  spawnSync("sync");
  if (ordered(dropAll)) {
    return "disk";
  }
  const advised = filesBelow(folder).map((file) => {
    // `count=0` together with `nocache` is coreutils' way to give POSIX_FADV_DONTNEED for a whole file.
    const { status } = spawnSync("dd", [`if=${file}`, "iflag=nocache", "count=0", "status=none"]);
    return status === 0;
  });
  return advised.every((given) => given) ? "advised" : "process";
}

function ordered(file: string): boolean {
  try {
    // For writing only, as the kernel allows no more. Not created if it is missing: then there is no such thing.
    const descriptor = fs.openSync(file, fs.constants.O_WRONLY);
    try {
      fs.writeSync(descriptor, "3");
    } finally {
      fs.closeSync(descriptor);
    }
    return true;
  } catch {
    return false;
  }
}

function filesBelow(folder: string): string[] {
  return fs
    .readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => path.join(entry.parentPath, entry.name));
}
