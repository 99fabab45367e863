import { spawnSync } from "node:child_process";

/** The kind of cluster that a stack is deployed to. */
export type ClusterKind = ClusterChoice["kind"];

/** The cluster that was picked, and why, in one sentence. */
export type ClusterChoice =
  | {
      readonly kind: "context";
      /** Of the user's kubeconfig. */
      readonly context: string;
      readonly reason: string;
    }
  | { readonly kind: "kind" | "node"; readonly reason: string };

/** The properties of a machine that the choice depends on. */
export interface Machine {
  readonly hasKind: boolean;
  readonly dockerAnswers: boolean;
  readonly hasGo: boolean;
  readonly isLinux: boolean;
  readonly isRoot: boolean;
}

/** Looks at this machine. */
export function thisMachine(): Machine {
  const docker = isOnPath("docker") && spawnSync("docker", ["info"], { stdio: "ignore", timeout: 15_000 }).status === 0;
  return {
    hasKind: isOnPath("kind"),
    dockerAnswers: docker,
    hasGo: isOnPath("go"),
    isLinux: process.platform === "linux",
    isRoot: process.getuid?.() === 0,
  };
}

/**
 * Picks the cluster: the context that was named; else kind, where Docker runs. Else, on Linux as root with Go, it is a
 * single-node cluster built from Go modules. The current context alone never counts.
 *
 * @throws Error with what would make each of them possible
 */
export function chooseCluster(context: string | undefined, machine: Machine): ClusterChoice {
  if (context !== undefined) {
    return { kind: "context", context, reason: `--context ${context} was given` };
  }
  if (machine.hasKind && machine.dockerAnswers) {
    return { kind: "kind", reason: "Docker answers and kind is installed" };
  }
  const noKind = machine.dockerAnswers ? "kind is not installed" : "no Docker engine answers";
  if (machine.isLinux && machine.isRoot && machine.hasGo) {
    return { kind: "node", reason: `${noKind}; this is Linux, as root, with Go` };
  }
  const lacking = [!machine.isLinux && "Linux", !machine.isRoot && "root", !machine.hasGo && "Go"].filter(Boolean);
  throw new Error(
    "No cluster to deploy to. Either name one with --context, or install Docker and kind " +
      `(${noKind}), or run on Linux as root with Go (lacking: ${lacking.join(", ")})`,
  );
}

/** Returns true if a program is on the PATH. */
export function isOnPath(program: string): boolean {
  return spawnSync("sh", ["-c", 'command -v "$1"', "sh", program], { stdio: "ignore" }).status === 0;
}
