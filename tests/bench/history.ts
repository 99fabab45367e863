import { type ChildProcess, spawn } from "node:child_process";
import * as crypto from "node:crypto";
import * as fs from "node:fs";
import * as path from "node:path";
import * as readline from "node:readline";

import { killAtExit } from "../support/processes";
import { cacheFolder, ensureGoProgram, withLock } from "../../lab/lab";
import { type HistorySpec, historySpec } from "./history-spec";

/** What decides a history. */
export interface HistoryParameters {
  readonly developers: number;
  /** Mean number of sessions that a developer starts on a weekday; a tenth of it on Saturdays and Sundays. */
  readonly sessionsPerDay: number;
  readonly days: number;
  /** Its last instant: seconds since 1970, a full hour. */
  readonly end: number;
  readonly seed: number;
}

/** A working Friday, after lunch in Europe and in the morning in America. Fixed, so that figures can be compared. */
const end = Date.UTC(2026, 10, 20, 17) / 1000;

/** The history that the benchmark is about. */
export const fullHistory: HistoryParameters = { developers: 1000, sessionsPerDay: 10, days: 90, end, seed: 1 };

/** One that is written and read in seconds, for checks. */
export const smallHistory: HistoryParameters = { ...fullHistory, developers: 20, days: 2 };

/**
 * Makes sure that a history is in the cache, and returns its folder: Prometheus' blocks and `truth.json`. Nobody may
 * write into it. Needs Go the first time.
 *
 * @param log receives progress, one line at a time
 * @throws Error if the generator cannot be built or fails, with what it printed
 */
export async function ensureHistory(
  parameters: HistoryParameters,
  log: (line: string) => void,
  spec: HistorySpec = historySpec(),
): Promise<string> {
  const generator = await ensureGenerator();
  const folder = path.join(cacheFolder(), "bench", historyKey(generator, parameters, spec));
  const make = async (): Promise<void> => {
    if (fs.existsSync(folder)) {
      log(`history: cached in ${folder}`);
      return;
    }
    await generate(generator, parameters, spec, folder, log);
    removeOutdated(folder, parameters);
  };
  await withLock(`${folder}.lock`, make, (pid) => {
    log(`history: waiting for process ${pid}, which writes it`);
  });
  return folder;
}

/** Builds the generator, unless the cache has it. Needs Go. Returns the binary's path, which tells its content. */
export function ensureGenerator(): Promise<string> {
  return ensureGoProgram(path.join(__dirname, "history"), "bench-history");
}

/** Name of a history's folder. */
export function historyKey(generator: string, parameters: HistoryParameters, spec: HistorySpec): string {
  const hash = crypto.createHash("sha256").update(JSON.stringify([generator, parameters, spec]));
  return `${sizePrefix(parameters)}${hash.digest("hex").slice(0, 16)}`;
}

function sizePrefix({ developers, days }: HistoryParameters): string {
  return `history-${developers}x${days}-`;
}

/** Histories are large, so the cache keeps one of each size. A Prometheus that reads one has links of its own. */
function removeOutdated(folder: string, parameters: HistoryParameters): void {
  const outdated = new RegExp(`^${sizePrefix(parameters)}[0-9a-f]{16}$`);
  for (const name of fs.readdirSync(path.dirname(folder))) {
    if (outdated.test(name) && name !== path.basename(folder)) {
      fs.rmSync(path.join(path.dirname(folder), name), { recursive: true, force: true });
    }
  }
}

/** Writes beside the final folder and renames, so that a history in its place is always whole. */
async function generate(
  generator: string,
  parameters: HistoryParameters,
  spec: HistorySpec,
  folder: string,
  log: (line: string) => void,
): Promise<void> {
  const unfinished = `${folder}.new`;
  const specFile = `${folder}.spec.json`;
  const remove = (): void => {
    fs.rmSync(unfinished, { recursive: true, force: true, maxRetries: 3 });
    fs.rmSync(specFile, { force: true });
  };
  remove();
  fs.mkdirSync(path.dirname(folder), { recursive: true });
  fs.writeFileSync(specFile, JSON.stringify(spec));
  const child = spawn(generator, generatorArguments(parameters, specFile, unfinished), {
    stdio: ["ignore", "ignore", "pipe"],
  });
  killAtExit(child);
  // After the line above, which registers what ends the child.
  process.once("exit", remove);
  try {
    await ended(child, log);
    fs.renameSync(unfinished, folder);
  } finally {
    process.off("exit", remove);
    remove();
  }
}

function generatorArguments(parameters: HistoryParameters, specFile: string, output: string): string[] {
  const { developers, sessionsPerDay, days, end, seed } = parameters;
  const values = { developers, "sessions-per-day": sessionsPerDay, days, end, seed, spec: specFile, output };
  return Object.entries(values).flatMap(([name, value]) => [`--${name}`, String(value)]);
}

async function ended(child: ChildProcess, log: (line: string) => void): Promise<void> {
  const lines: string[] = [];
  if (child.stderr !== null) {
    readline.createInterface({ input: child.stderr }).on("line", (line) => {
      lines.push(line);
      log(`history: ${line}`);
    });
  }
  await new Promise<void>((resolve, reject) => {
    child.once("error", reject);
    child.once("close", (code) => {
      if (code === 0) {
        resolve();
      } else {
        reject(new Error(`the generator ended with status ${String(code)}:\n${lines.slice(-5).join("\n")}`));
      }
    });
  });
}
