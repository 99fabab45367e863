import * as fs from "node:fs";
import * as path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";

import type { NodeCgroups } from "./cgroups";
import { startDaemon } from "./namespaces";
import { isRunning, type ProcessIdentity } from "./process-identity";
import type { NodePaths } from "./settings";

/** The last lines of a log file, to be put into an error. */
export function logTail(file: string, lines = 12): string {
  try {
    return fs.readFileSync(file, "utf8").trimEnd().split("\n").slice(-lines).join("\n");
  } catch {
    return "(no log)";
  }
}

/** The daemons of a node while it starts: notices when one of them ends, or when the user interrupts. */
export class NodeProcesses {
  private readonly started = new Map<string, ProcessIdentity>();
  private interruption: string | undefined;

  public constructor(
    private readonly paths: NodePaths,
    private readonly cgroups: NodeCgroups,
    private readonly init: ProcessIdentity,
  ) {}

  /** All that were started or added, by name. */
  public get identities(): Readonly<Record<string, ProcessIdentity>> {
    return Object.fromEntries(this.started);
  }

  /** Starts a daemon in the node; its output goes to `logs/<name>.log`. */
  public async start(name: string, command: readonly string[]): Promise<void> {
    this.started.set(name, await startDaemon(this.init, this.cgroups, this.logFile(name), command));
  }

  /** Watches a process that was started elsewhere. */
  public add(name: string, identity: ProcessIdentity): void {
    this.started.set(name, identity);
  }

  /** Makes the next {@link check} fail. */
  public interrupt(reason: string): void {
    this.interruption = reason;
  }

  /** @throws Error if a daemon has ended or the start was interrupted. */
  public check(): void {
    if (this.interruption !== undefined) {
      throw new Error(`interrupted by ${this.interruption}`);
    }
    for (const [name, identity] of this.started) {
      if (!isRunning(identity)) {
        const file = this.logFile(name);
        throw new Error(`${name} ended unexpectedly. The end of ${file}:\n${logTail(file)}`);
      }
    }
  }

  /**
   * Waits until `probe` gives true. A probe that fails counts as "not yet".
   * @param suspect the daemon whose log is shown if the time runs out
   */
  public async waitUntil(what: string, seconds: number, suspect: string, probe: () => Promise<boolean>): Promise<void> {
    const deadline = Date.now() + seconds * 1000;
    let last = "";
    for (;;) {
      this.check();
      try {
        if (await probe()) {
          return;
        }
      } catch (error) {
        last = ` (${(error as Error).message})`;
      }
      if (Date.now() > deadline) {
        this.check();
        const file = this.logFile(suspect);
        throw new Error(`${what}: not within ${seconds} s${last}. The end of ${file}:\n${logTail(file)}`);
      }
      await sleep(200);
    }
  }

  private logFile(name: string): string {
    return path.join(this.paths.logs, `${name}.log`);
  }
}
