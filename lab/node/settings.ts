import * as path from "node:path";

import type { Log } from "../log";
import { cacheFolder } from "../toolchain/cache";
import type { ImageSpec } from "../toolchain/image-archive";

/** A TCP port of this machine's loopback that leads to a port of the node. */
export interface PortForward {
  readonly hostPort: number;
  readonly nodePort: number;
}

/** Settings of {@link startNode}. */
export interface NodeOptions {
  /** Lower-case letters, digits and dashes, at most 40. Default `claude-monitoring`. */
  readonly name?: string;
  /** Images that pods may use besides the node's own; nothing can be pulled. Default: none. */
  readonly images?: readonly ImageSpec[];
  /** True lets Debian packages that lack be installed. Default false: an error names them. */
  readonly install?: boolean;
  /** Default: Grafana 30000 and OTLP 30317, 30318, each to the same port of the node. */
  readonly forwards?: readonly PortForward[];
  /** Default: silent. */
  readonly log?: Log;
}

const defaultNodeName = "claude-monitoring";

const defaultPorts = [30000, 30317, 30318];
export const defaultForwards: readonly PortForward[] = defaultPorts.map((port) => ({ hostPort: port, nodePort: port }));

export const podSubnet = "10.244.0.0/24";
export const serviceSubnet = "10.96.0.0/16";
/** The tenth of the Service range: where kubeadm puts CoreDNS. */
export const dnsServiceAddress = "10.96.0.10";
export const clusterDomain = "cluster.local";
export const apiServerPort = 6443;

/** The node's name, checked. */
export function nodeName(name: string = defaultNodeName): string {
  if (!/^[a-z0-9]([-a-z0-9]{0,38}[a-z0-9])?$/.test(name)) {
    const expected = "lower-case letters, digits and dashes, at most 40, starting and ending with a letter or digit";
    throw new Error(`node name "${name}": expected ${expected}`);
  }
  return name;
}

/** Paths of a node's files. */
export type NodePaths = Readonly<ReturnType<typeof nodePaths>>;

/** Returns the paths of a node's files. */
export function nodePaths(name: string) {
  const root = path.join(cacheFolder(), "nodes", name);
  // The node has its own, empty file systems there.
  if (/^\/(run|var\/run|var\/log|proc|sys)(\/|$)/.test(root)) {
    throw new Error(`cache folder of "${root}": expected one outside /run, /var/run, /var/log, /proc and /sys`);
  }
  const below = (entry: string): string => path.join(root, entry);
  return {
    root,
    stateFile: below("node.json"),
    lockFile: `${root}.lock`,
    kubeconfig: below("kubeconfig"),
    /** Certificates, kubeconfigs and manifests that kubeadm writes. */
    kubernetes: below("kubernetes"),
    config: below("config"),
    logs: below("logs"),
    podLogs: below("pod-logs"),
    etcd: below("etcd"),
    containerd: below("containerd"),
    kubelet: below("kubelet"),
    volumes: below("volumes"),
  };
}

/** Addresses and names of a node. Pod and Service networks exist only inside the node, so all nodes may share them. */
export type NodeNetwork = Readonly<ReturnType<typeof nodeNetwork>>;

/** The network of a slot, 0 to 63, which tells nodes on one machine apart. */
export function nodeNetwork(slot: number) {
  return {
    slot,
    /** The host's end of the veth pair. */
    hostLink: `ccm${slot}`,
    hostAddress: `10.213.${slot}.1`,
    nodeAddress: `10.213.${slot}.2`,
  };
}

/** A log whose lines begin with the time since now. */
export function withElapsedTime(log: Log | undefined): Log {
  const start = Date.now();
  return (line) => log?.(`[${((Date.now() - start) / 1000).toFixed(1).padStart(5)} s] ${line}`);
}
