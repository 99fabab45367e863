import * as crypto from "node:crypto";
import * as fs from "node:fs";
import * as path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";

import { signalPid } from "../process-identity";
import { ifThere } from "../waiting";

/** The control groups of one node: one for its daemons, and below `pods` the kubelet's for pods. */
export interface NodeCgroups {
  /** 1: one hierarchy for each controller; 2: one for all. */
  readonly version: 1 | 2;
  /** The kubelet's `cgroupRoot`, relative to each hierarchy. */
  readonly root: string;
  /** The node's directory in each mounted hierarchy. */
  readonly directories: readonly string[];
  /** The directories that the node's daemons are put into. */
  readonly daemonDirectories: readonly string[];
}

const requiredControllers = ["cpu", "memory", "pids"];

/**
 * Returns a node's control groups on this machine, without creating them. Their name tells nodes of one name in
 * different state directories apart, so that whatever is found in them belongs to this node.
 * @throws Error if no hierarchy with the controllers that Kubernetes needs is mounted.
 */
export function nodeCgroups(name: string, stateDirectory: string): NodeCgroups {
  const hash = crypto.createHash("sha256").update(stateDirectory).digest("hex").slice(0, 8);
  const group = `${name}-${hash}`;
  const mounts = cgroupMounts();
  const separate = mounts.filter(({ type }) => type === "cgroup");
  const version = separate.length > 0 ? 1 : 2;
  // With version 1, runc also makes (empty) groups in a cgroup2 file system mounted beside.
  const points = (version === 1 ? mounts : mounts.slice(0, 1)).map(({ point }) => point);
  if (points[0] === undefined) {
    throw new Error("no control groups are mounted: expected cgroup file systems below /sys/fs/cgroup");
  }
  const controllers =
    version === 1
      ? separate.flatMap(({ options }) => options.split(","))
      : fs.readFileSync(path.join(points[0], "cgroup.controllers"), "utf8").trim().split(" ");
  const missing = requiredControllers.filter((controller) => !controllers.includes(controller));
  if (missing.length > 0) {
    const expected = requiredControllers.join(", ");
    throw new Error(`control groups (version ${version}) lack ${missing.join(", ")}: expected ${expected}`);
  }
  const directories = points.map((point) => path.join(point, group));
  const daemonDirectories = directories.map((directory) => path.join(directory, "daemons"));
  return { version, root: `/${group}`, directories, daemonDirectories };
}

interface CgroupMount {
  readonly type: string;
  /** With version 1, its controllers among others. */
  readonly options: string;
  readonly point: string;
}

/** One mount of each hierarchy: one may be mounted twice (`cpu,cpuacct` also as a bind mount). */
function cgroupMounts(): CgroupMount[] {
  const lines = fs.readFileSync("/proc/self/mountinfo", "utf8").split("\n");
  const mounts = lines.flatMap((line) => {
    const [before = "", after = ""] = line.split(" - ");
    const [type = "", , options = ""] = after.split(" ");
    return type === "cgroup" || type === "cgroup2" ? [{ type, options, point: before.split(" ")[4] ?? "" }] : [];
  });
  return [...new Map(mounts.map((mount) => [`${mount.type} ${mount.options}`, mount])).values()];
}

/** Creates the node's control groups. */
export function createCgroups(cgroups: NodeCgroups): void {
  for (const directory of [...cgroups.directories, ...cgroups.daemonDirectories]) {
    if (cgroups.version === 2) {
      enableControllers(path.dirname(directory));
    }
    fs.mkdirSync(directory, { recursive: true });
    if (cgroups.version === 1) {
      copyCpuset(directory);
    }
  }
  if (cgroups.version === 2) {
    cgroups.directories.forEach(enableControllers);
  }
}

/** Lets the children of a version 2 group use every controller that the group itself has. */
function enableControllers(directory: string): void {
  const available = fs.readFileSync(path.join(directory, "cgroup.controllers"), "utf8").trim();
  const enabled = fs.readFileSync(path.join(directory, "cgroup.subtree_control"), "utf8").trim();
  const missing = available
    .split(" ")
    .filter((controller) => controller !== "" && !enabled.split(" ").includes(controller));
  if (missing.length === 0) {
    return;
  }
  try {
    const wanted = missing.map((controller) => `+${controller}`).join(" ");
    fs.writeFileSync(path.join(directory, "cgroup.subtree_control"), wanted);
  } catch (error) {
    throw new Error(
      `cannot hand the controllers ${missing.join(", ")} of ${directory} on to the node's control groups ` +
        `(${(error as Error).message}): expected a group that holds no processes itself`,
      { cause: error },
    );
  }
}

/** A new version 1 cpuset has no processors, and no process can enter it, until it is given some. */
function copyCpuset(directory: string): void {
  for (const file of ["cpuset.cpus", "cpuset.mems"]) {
    const own = path.join(directory, file);
    if (fs.existsSync(own) && fs.readFileSync(own, "utf8").trim() === "") {
      fs.writeFileSync(own, fs.readFileSync(path.join(path.dirname(directory), file)));
    }
  }
}

/** Ids of all processes in the node's control groups: daemons, container shims and containers. */
export function cgroupProcesses(cgroups: NodeCgroups): number[] {
  const pids = cgroups.directories.flatMap(tree).flatMap((directory) => {
    const lines = ifThere(() => fs.readFileSync(path.join(directory, "cgroup.procs"), "utf8")) ?? "";
    return lines.split("\n").filter(Boolean).map(Number);
  });
  return [...new Set(pids)];
}

/** Kills every process in the node's control groups, and removes the groups. */
export async function removeCgroups(cgroups: NodeCgroups): Promise<void> {
  const start = Date.now();
  while (!tryRemove(cgroups)) {
    if (Date.now() > start + 20_000) {
      const left = cgroupProcesses(cgroups);
      throw new Error(`control group ${cgroups.root} cannot be removed; processes still in it: ${left.join(", ")}`);
    }
    // Most are ending already, and the parent of process 1 has to live to see it off.
    for (const pid of Date.now() > start + 1000 ? cgroupProcesses(cgroups) : []) {
      signalPid(pid, "SIGKILL");
    }
    await sleep(50);
  }
}

function tryRemove(cgroups: NodeCgroups): boolean {
  let all = true;
  for (const directory of cgroups.directories.flatMap(tree).reverse()) {
    try {
      fs.rmdirSync(directory);
    } catch (error) {
      all = all && (error as NodeJS.ErrnoException).code === "ENOENT";
    }
  }
  return all;
}

/** A directory and all below it, parents first. */
function tree(directory: string): string[] {
  const entries = ifThere(() => fs.readdirSync(directory, { withFileTypes: true }));
  const children = (entries ?? []).filter((entry) => entry.isDirectory());
  const below = children.flatMap((child) => tree(path.join(directory, child.name)));
  return entries === undefined ? [] : [directory, ...below];
}
