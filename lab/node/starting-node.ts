import * as fs from "node:fs";
import * as path from "node:path";
import type { Log } from "../log";
import { setTimeout as sleep } from "node:timers/promises";

import { isRunning, type ProcessIdentity } from "../process-identity";
import type { NodeCgroups } from "./cgroups";
import { cleanEnvironment, run } from "./commands";
import { enter, startDaemon } from "./namespaces";
import type { NodeParts } from "./parts";
import type { NodeNetwork, NodePaths, PortForward } from "./settings";
import { type NodeState, writeState } from "./state";

/** Everything that is settled before a node's first process starts. */
export interface NodePlan {
  readonly name: string;
  readonly paths: NodePaths;
  readonly cgroups: NodeCgroups;
  readonly forwards: readonly PortForward[];
  /** The network slot that the node had before. */
  readonly slot: number | undefined;
  readonly parts: NodeParts;
  readonly log: Log;
  /** Aborted when the user interrupts the start. */
  readonly interruption: AbortSignal;
}

/**
 * A node while it starts: its plan, its namespaces and network, and its daemons. Notices when a daemon ends or the user
 * interrupts. The state file tells at every moment which processes there are.
 */
export class StartingNode {
  /** Milliseconds since 1970. */
  readonly startTime = Date.now();
  private state: NodeState;

  /** @param init process 1 of the node's PID namespace */
  public constructor(
    readonly plan: NodePlan,
    readonly network: NodeNetwork,
    readonly init: ProcessIdentity,
  ) {
    const { name, forwards, parts } = plan;
    const images = parts.archives.map((archive) => archive.name);
    this.state = { name, slot: network.slot, processes: { init }, forwards, images, ready: false };
    writeState(plan.paths, this.state);
  }

  /** Starts a daemon in the node; its output goes to `logs/<name>.log`. */
  public async start(name: string, command: readonly string[]): Promise<void> {
    this.watch(name, await startDaemon(this.init, this.plan.cgroups, this.logFile(name), command));
  }

  /** Takes note of a process that was started elsewhere. */
  public watch(name: string, identity: ProcessIdentity): void {
    this.record({ processes: { ...this.state.processes, [name]: identity } });
  }

  /** Takes note that everything is ready. @returns the node's state */
  public markReady(): NodeState {
    this.record({ ready: true });
    return this.state;
  }

  /** Runs a command in the node. @returns its standard output */
  public run(...command: readonly string[]): Promise<string> {
    return run([...enter(this.init), ...command]);
  }

  /** Runs kubectl as an administrator. @returns its standard output */
  public kubectl(args: readonly string[], input = ""): Promise<string> {
    const { paths, parts } = this.plan;
    // A cache of its own, so that API descriptions of another cluster neither mislead nor stay.
    const env = { ...cleanEnvironment, KUBECONFIG: paths.kubeconfig, KUBECACHEDIR: `${paths.config}/kubectl-cache` };
    return run([parts.binaries.kubectl, ...args], { input, env });
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
        throw new Error(`${what}: not within ${seconds} s${last}. ${this.endOfLog(suspect)}`);
      }
      await sleep(200);
    }
  }

  /** @throws Error if a daemon has ended or the start was interrupted. */
  private check(): void {
    this.plan.interruption.throwIfAborted();
    for (const [name, identity] of Object.entries(this.state.processes)) {
      if (!isRunning(identity)) {
        throw new Error(`${name} ended unexpectedly. ${this.endOfLog(name)}`);
      }
    }
  }

  private record(change: Partial<NodeState>): void {
    this.state = { ...this.state, ...change };
    writeState(this.plan.paths, this.state);
  }

  private logFile(name: string): string {
    return path.join(this.plan.paths.logs, `${name}.log`);
  }

  private endOfLog(name: string): string {
    const file = this.logFile(name);
    const lines = fs.existsSync(file) ? fs.readFileSync(file, "utf8").trimEnd().split("\n").slice(-12) : ["(no log)"];
    return `The end of ${file}:\n${lines.join("\n")}`;
  }
}
