import type { Log } from "../log";
import { ensureTools } from "../toolchain/build";
import { ensureDebianPackages } from "../toolchain/debian";
import {
  busyboxImage,
  corednsImage,
  ensureImageArchive,
  ensurePause,
  type ImageArchive,
  localPathProvisionerImage,
  pauseImage,
} from "../toolchain/images";
import { toolGroups, toolVersion } from "../toolchain/tools";
import type { NodeOptions } from "./settings";

const debianPackages = [
  "busybox-static",
  "ca-certificates",
  "conntrack",
  "containerd",
  "containernetworking-plugins",
  "etcd-server",
  "iproute2",
  "iptables",
  "runc",
];

const nodeTools = [...toolGroups.kubernetes, "coredns", "local-path-provisioner"] as const;

/** The images that the node itself needs, by the names under which its containerd holds them. */
export const systemImages = {
  /** Holds each pod's namespaces. */
  pause: "localhost/claude-monitoring/pause:1",
  /** A shell; makes and removes the directories of volumes. */
  busybox: "localhost/claude-monitoring/busybox:1",
  coredns: `docker.io/coredns/coredns:${toolVersion("coredns")}`,
  localPathProvisioner: `docker.io/rancher/local-path-provisioner:v${toolVersion("local-path-provisioner")}`,
} as const;

/** Parts of a node: programs on disk and image archives. */
export interface NodeParts {
  readonly binaries: Readonly<Record<(typeof nodeTools)[number] | "pause", string>>;
  readonly archives: readonly ImageArchive[];
}

/** Settings of {@link ensureParts}, as for starting a node. */
export type PartsOptions = Pick<NodeOptions, "images" | "install"> & { readonly log: Log };

/** Builds what is missing of a node's parts, and installs what is missing if it may. */
export async function ensureParts({ images = [], install = false, log }: PartsOptions): Promise<NodeParts> {
  await ensureDebianPackages(debianPackages, { install, log });
  const binaries = { ...(await ensureTools(nodeTools, { log })), pause: await ensurePause() };
  const specs = [
    pauseImage(systemImages.pause, binaries.pause),
    busyboxImage(systemImages.busybox),
    corednsImage(systemImages.coredns, binaries.coredns),
    localPathProvisionerImage(systemImages.localPathProvisioner, binaries["local-path-provisioner"]),
    ...images,
  ];
  return { binaries, archives: await Promise.all(specs.map(ensureImageArchive)) };
}
