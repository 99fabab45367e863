import fs from "node:fs";
import * as path from "node:path";

import { DatabaseFile } from "./database-file";
import { writeQueue } from "./database-writer";
import { type Salvage, salvage } from "./salvage";
import { isSound } from "./soundness";

/** Files of the collector's sending queues, as it names them. */
const queueName = /^exporter_/;
/** Folder for damaged files, beside the queues. The newest of each queue is kept. */
export const damagedFolder = "damaged";
/** Prefix of files that the collector deletes when it starts, so that none stays after a crash. */
const temporaryPrefix = "tempdb-queue-check-";
/** The queues may take a third of the volume, and a copy to compact them another. */
const keptShare = 1 / 3;
/** Damaged files hold what users sent: they are kept no longer than it takes to look at them. */
const keptDays = 14;

/** Result of the check of one file. */
export interface Checked {
  readonly file: string;
  readonly state: "sound" | "damaged";
  /** Bytes of the damaged file. */
  readonly bytes?: number;
  /** Requests that the new file holds, each as large as an export or a batch. */
  readonly salvaged?: number;
  /** Requests that the queue had, and the new file has not. Undefined: nothing tells how many it had. */
  readonly missing?: number | undefined;
  /** Place of the damaged file. Undefined: the volume has no room for it. */
  readonly kept?: string | undefined;
  readonly error?: string;
}

/**
 * Checks each queue of a folder, and replaces those that are damaged. It throws only where it cannot list the folder.
 * @param begin is called before each file; false: the file is moved away unread
 */
export function checkQueues(folder: string, begin: (name: string) => boolean = () => true): Checked[] {
  deleteOld(path.join(folder, damagedFolder));
  const names = fs.readdirSync(folder).filter((name) => queueName.test(name));
  return names.sort().map((name) => checkFile(folder, name, begin));
}

function checkFile(folder: string, name: string, begin: (name: string) => boolean): Checked {
  const file = path.join(folder, name);
  let bytes: number | undefined;
  try {
    bytes = fs.lstatSync(file).size;
    if (!begin(name)) {
      throw new Error("earlier checks of this file did not end");
    }
    return withFile(file, (descriptor) => checkOpened(folder, name, descriptor));
  } catch (error) {
    // Anything that the collector may be unable to open, too.
    return { file: name, state: "damaged", bytes, ...setAside(folder, name), error: String(error) };
  }
}

function checkOpened(folder: string, name: string, descriptor: number): Checked {
  const database = new DatabaseFile(descriptor);
  if (isSound(database)) {
    return { file: name, state: "sound" };
  }
  const found = salvage(database);
  const damaged = { file: name, state: "damaged", bytes: database.size, missing: found.missing } as const;
  if (found.items.length === 0) {
    return { ...damaged, ...setAside(folder, name) };
  }
  const kept = replace(folder, name, database, found);
  return { ...damaged, salvaged: found.items.length, kept };
}

function withFile<T>(file: string, use: (descriptor: number) => T): T {
  if (!fs.lstatSync(file).isFile()) {
    throw new Error("not a file");
  }
  const descriptor = openQueue(file);
  try {
    return use(descriptor);
  } finally {
    fs.closeSync(descriptor);
  }
}

/** As the collector opens it, for reading and writing. */
function openQueue(file: string): number {
  try {
    return fs.openSync(file, "r+");
  } catch {
    fs.chmodSync(file, 0o600);
    return fs.openSync(file, "r+");
  }
}

/** Puts a new file in a damaged one's place, in one step: at each moment, one of the two is there. */
function replace(folder: string, name: string, database: DatabaseFile, { items }: Salvage): string | undefined {
  const temporary = path.join(folder, `${temporaryPrefix}${name}`);
  write(temporary, database, items, path.join(folder, damagedFolder));
  const kept = keep(folder, name, fs.linkSync);
  fs.renameSync(temporary, path.join(folder, name));
  sync(folder);
  return kept;
}

function write(temporary: string, database: DatabaseFile, items: Salvage["items"], damaged: string): void {
  const attempt = () => {
    const descriptor = fs.openSync(temporary, "w", 0o600);
    try {
      writeQueue(descriptor, database, items);
      fs.fsyncSync(descriptor);
    } finally {
      fs.closeSync(descriptor);
    }
  };
  try {
    attempt();
  } catch {
    // What was kept before takes the room that this needs.
    fs.rmSync(damaged, { recursive: true, force: true });
    try {
      attempt();
    } catch (error) {
      fs.rmSync(temporary, { force: true });
      throw error;
    }
  }
}

/** Moves away a file of which nothing can be sent; on a volume that cannot be written, it stays. */
function setAside(folder: string, name: string): Pick<Checked, "salvaged" | "kept"> {
  const kept = keep(folder, name, fs.renameSync);
  try {
    fs.rmSync(path.join(folder, name), { recursive: true, force: true });
  } catch {
    // The collector says why it cannot open it.
  }
  return { salvaged: 0, kept };
}

function keep(folder: string, name: string, move: typeof fs.linkSync): string | undefined {
  const kept = path.join(folder, damagedFolder, name);
  const from = path.join(folder, name);
  try {
    fs.rmSync(kept, { recursive: true, force: true });
    fs.mkdirSync(path.dirname(kept), { recursive: true });
    if (!hasRoom(folder, fs.lstatSync(from).size)) {
      return undefined;
    }
    move(from, kept);
    // Its age counts from now on.
    fs.utimesSync(kept, new Date(), new Date());
    return kept;
  } catch {
    return undefined;
  }
}

/** Whether a file can be kept beside the queues, their compaction, and other damaged files. */
function hasRoom(folder: string, bytes: number): boolean {
  const { blocks, bsize } = fs.statfsSync(folder);
  const damaged = path.join(folder, damagedFolder);
  const sizes = fs.readdirSync(damaged).map((name) => fs.lstatSync(path.join(damaged, name)).size);
  return sizes.reduce((sum, size) => sum + size, bytes) <= blocks * bsize * keptShare;
}

function deleteOld(damaged: string): void {
  try {
    for (const name of fs.readdirSync(damaged)) {
      const file = path.join(damaged, name);
      if (Date.now() - fs.lstatSync(file).mtimeMs > keptDays * 86_400_000) {
        fs.rmSync(file, { recursive: true, force: true });
      }
    }
  } catch {
    // There is none, or it cannot be read: nothing depends on it.
  }
}

/** Writes the folder's own changes to disk. */
function sync(folder: string): void {
  const descriptor = fs.openSync(folder, "r");
  try {
    fs.fsyncSync(descriptor);
  } finally {
    fs.closeSync(descriptor);
  }
}
