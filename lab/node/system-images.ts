import type { ImageSpec } from "../toolchain/image-archive";
import {
  busyboxImage,
  corednsImage,
  ensureImageArchive,
  type ImageArchive,
  localPathProvisionerImage,
  pauseImage,
} from "../toolchain/images";
import { toolVersion } from "../toolchain/tools";

/** The images that the node itself needs, by the names under which its containerd holds them. */
export const systemImages = {
  /** Holds each pod's namespaces. */
  pause: "localhost/claude-monitoring/pause:1",
  /** A shell; makes and removes the directories of volumes. */
  busybox: "localhost/claude-monitoring/busybox:1",
  coredns: `docker.io/coredns/coredns:${toolVersion("coredns")}`,
  localPathProvisioner: `docker.io/rancher/local-path-provisioner:v${toolVersion("local-path-provisioner")}`,
} as const;

/** The binaries that the node's own images are made of. */
export interface SystemImageBinaries {
  readonly pause: string;
  readonly coredns: string;
  readonly "local-path-provisioner": string;
}

/** The archives of the node's own images and of `images`. */
export async function ensureImages(
  binaries: SystemImageBinaries,
  images: readonly ImageSpec[],
): Promise<ImageArchive[]> {
  const specs = [
    pauseImage(systemImages.pause, binaries.pause),
    busyboxImage(systemImages.busybox),
    corednsImage(systemImages.coredns, binaries.coredns),
    localPathProvisionerImage(systemImages.localPathProvisioner, binaries["local-path-provisioner"]),
    ...images,
  ];
  return Promise.all(specs.map(ensureImageArchive));
}
