import { spawn } from "node:child_process";
import * as fs from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";

import { childrenOf, identify, type ProcessIdentity, processIds } from "../process-identity";
import { ifThere } from "../waiting";
import type { NodeCgroups } from "./cgroups";
import { cleanEnvironment, run } from "./commands";
import type { NodePaths } from "./settings";

/** The kubelet's directory as seen inside the node: a short path, for the sockets in it may have 107 bytes at most. */
export const kubeletDirectory = "/run/kubelet";

/** Folder that kubeadm has by default for certificates, kubeconfigs and manifests. Every node sees its own there. */
export const kubernetesDirectory = "/etc/kubernetes";

/** Folder that every kubelet has for device plugins, whatever its settings. Every node gets an empty file system there. */
const compiledInDirectory = "/var/lib/kubelet";

/** These have to exist for all to see; they are removed again with the last node. */
const mountPoints = [kubernetesDirectory, compiledInDirectory];

/** Settings that the kubelet would make for the whole machine (see k8s.io/kubernetes/pkg/kubelet/cm, setupKernelTunables). */
const kernelTunables: Readonly<Record<string, string>> = {
  "vm/overcommit_memory": "1",
  "vm/panic_on_oom": "0",
  "kernel/panic": "10",
  "kernel/panic_on_oops": "1",
  "kernel/keys/root_maxkeys": "1000000",
  "kernel/keys/root_maxbytes": "25000000",
};

/**
 * Starts process 1 of a node in PID, network and mount namespaces of its own. With that process end all others of the
 * node, their mounts, network devices and rules: nothing is left behind however the node ends.
 * @param init the pause binary
 */
export async function createNamespaces(paths: NodePaths, cgroups: NodeCgroups, init: string): Promise<ProcessIdentity> {
  fs.mkdirSync(paths.logs, { recursive: true, mode: 0o700 });
  const logFile = `${paths.logs}/namespaces.log`;
  const log = fs.openSync(logFile, "w");
  const unshare = ["unshare", "--mount", "--propagation", "slave", "--net", "--pid", "--fork", "--mount-proc", init];
  const [shell = "", ...args] = inCgroups(cgroups, unshare);
  const child = spawn(shell, args, { detached: true, stdio: ["ignore", log, log], env: cleanEnvironment, cwd: "/" });
  child.unref();
  fs.closeSync(log);
  const deadline = Date.now() + 10_000;
  while (Date.now() < deadline && child.pid !== undefined && child.exitCode === null) {
    const found = childrenOf(child.pid).find((pid) => executable(pid) === fs.realpathSync(init));
    const identity = found === undefined ? undefined : identify(found);
    if (identity !== undefined) {
      return identity;
    }
    await sleep(20);
  }
  const said = fs.readFileSync(logFile, "utf8").trim();
  throw new Error(`cannot create the node's namespaces: ${said === "" ? "no process 1 within 10 s" : said}`);
}

/** Gives a new node its private file systems. */
export async function prepareFileSystems(init: ProcessIdentity, paths: NodePaths): Promise<void> {
  mountPoints.forEach((directory) => fs.mkdirSync(directory, { recursive: true }));
  const { kubernetes, kubelet, podLogs, volumes, containerd, etcd } = paths;
  for (const directory of [kubernetes, kubelet, podLogs, volumes, containerd, etcd]) {
    fs.mkdirSync(directory, { recursive: true, mode: 0o700 });
  }
  const tunables = Object.entries(kernelTunables).flatMap(([file, value]) => [
    `mkdir -p "$(dirname /run/tunables/${file})"`,
    `echo ${value} > /run/tunables/${file}`,
    `if [ -e /proc/sys/${file} ]; then mount --bind /run/tunables/${file} /proc/sys/${file}; fi`,
  ]);
  const script = [
    "set -e",
    // Pods may ask for mount propagation, which needs a shared mount; nothing propagates back to the host.
    "mount --make-rshared /",
    "mount -t tmpfs -o mode=755 node-run /run",
    `mkdir -p /run/lock /run/netns ${kubeletDirectory}`,
    `mount --bind "$1" ${kubernetesDirectory}`,
    `mount --bind "$2" ${kubeletDirectory}`,
    "mount -t tmpfs -o mode=755 node-log /var/log",
    `mount -t tmpfs -o mode=755 node-kubelet ${compiledInDirectory}`,
    // The kubelet sees its kernel settings as made, and the machine keeps its own.
    ...tunables,
  ];
  await run([...enter(init), "sh", "-c", script.join("\n"), "sh", kubernetes, kubelet]);
}

/**
 * Removes what {@link prepareFileSystems} had to create outside the namespaces, unless another node uses it. The kernel
 * would take away the file system mounted there without asking.
 */
export function removeMountPoints(): void {
  const pids = processIds();
  for (const directory of mountPoints) {
    if (!pids.some((pid) => mounts(pid).includes(` ${directory} `))) {
      // One that is not empty belongs to a kubelet of the machine itself, and stays.
      ifThere(() => {
        fs.rmdirSync(directory);
      });
    }
  }
}

function mounts(pid: number): string {
  return ifThere(() => fs.readFileSync(`/proc/${pid}/mountinfo`, "utf8")) ?? "";
}

/** The command prefix that runs a program inside the node. */
export function enter(init: ProcessIdentity, ...options: readonly string[]): string[] {
  return ["nsenter", "--target", String(init.pid), "--mount", "--net", "--pid", ...options, "--"];
}

/**
 * Starts a daemon inside the node, as a child of process 1, its output going to a file.
 * @returns its identity, with the process id that the host knows it by
 */
export async function startDaemon(
  init: ProcessIdentity,
  cgroups: NodeCgroups,
  logFile: string,
  command: readonly string[],
): Promise<ProcessIdentity> {
  // nsenter does not fork, so the shell still has the host's view: $! is the daemon's id there. Its children are born
  // in the node, and belong to process 1 there as soon as the shell ends.
  const script = 'log=$1; shift; ulimit -n "$(ulimit -Hn)"; setsid "$@" >"$log" 2>&1 </dev/null & echo $!';
  const shell = [...enter(init, "--no-fork"), "sh", "-c", script, "sh", logFile];
  const output = await run(inCgroups(cgroups, [...shell, ...command]));
  const identity = identify(Number(output.trim()));
  if (identity === undefined) {
    throw new Error(`${command[0] ?? ""} ended at once: ${fs.readFileSync(logFile, "utf8").trim().slice(-2000)}`);
  }
  return identity;
}

/** A command that first moves itself into the node's control groups. */
export function inCgroups(cgroups: NodeCgroups, command: readonly string[]): string[] {
  const moves = cgroups.daemonDirectories.map((directory) => `echo $$ > '${directory}/cgroup.procs'`);
  return ["sh", "-c", ["set -e", ...moves, 'exec "$@"'].join("; "), "sh", ...command];
}

function executable(pid: number): string | undefined {
  return ifThere(() => fs.readlinkSync(`/proc/${pid}/exe`));
}
