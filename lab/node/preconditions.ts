import * as fs from "node:fs";
import * as os from "node:os";

/** Debian packages that the node's programs come from. */
export const debianPackages = [
  "busybox-static",
  "ca-certificates",
  "conntrack",
  "containerd",
  "containernetworking-plugins",
  "etcd-server",
  "iproute2",
  "iptables",
  "openssl",
  "runc",
] as const;

/**
 * Checks that this machine can run a node at all.
 * @throws Error with one sentence: what was found, what is expected.
 */
export function requireNodeMachine(): void {
  if (process.platform !== "linux") {
    throw new Error(`a node needs Linux; this is ${os.type()}. Use a cluster of your own (--context) or kind.`);
  }
  const user = process.getuid?.();
  if (user !== 0) {
    throw new Error(
      `a node needs root, for namespaces and mounts; this is user ${user ?? "unknown"}. Run it with sudo.`,
    );
  }
  const fileSystems = fs.readFileSync("/proc/filesystems", "utf8");
  if (!fs.existsSync("/proc/self/ns/net") || !fs.existsSync("/proc/self/ns/pid")) {
    throw new Error(
      "a node needs network and PID namespaces; this kernel has none (expected /proc/self/ns/net and pid)",
    );
  }
  if (!/\tcgroup2?$/m.test(fileSystems)) {
    throw new Error(
      "a node needs control groups; this kernel has none (expected cgroup or cgroup2 in /proc/filesystems)",
    );
  }
}
