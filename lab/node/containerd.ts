import * as fs from "node:fs";
import * as path from "node:path";

import type { ProcessIdentity } from "../process-identity";
import type { ImageArchive } from "../toolchain/images";
import { run, tryRun } from "./commands";
import { enter } from "./namespaces";
import { systemImages } from "./parts";
import { type NodePaths, podSubnet } from "./settings";
import type { StartingNode } from "./starting-node";
import { writePrivately } from "./state";

/** Inside the node, which has its own /run. */
export const containerdSocket = "/run/containerd/containerd.sock";

const cniPlugins = "/usr/lib/cni";
/** `f_type` of overlayfs, on which no overlay can be put. */
const overlayFileSystem = 0x794c7630;

/** Writes containerd's configuration and the pod network's, and starts containerd. */
export async function startContainerd(node: StartingNode): Promise<void> {
  const { paths } = node.plan;
  const configFile = path.join(paths.config, "containerd.toml");
  const cniDirectory = path.join(paths.config, "cni");
  writePrivately(configFile, containerdConfig(paths, cniDirectory));
  writePrivately(path.join(cniDirectory, "10-pods.conflist"), JSON.stringify(podNetwork(), undefined, 2));
  await node.start("containerd", ["containerd", "--config", configFile]);
}

/** Loads a starting node's images, as soon as containerd answers. */
export async function loadImages(node: StartingNode): Promise<void> {
  const { paths, parts, log } = node.plan;
  await node.waitUntil("containerd answers", 30, "containerd", () => tryRun([...ctr(node.init), "version"]));
  const loaded = await importImages(node.init, paths, parts.archives);
  log(`images loaded: ${loaded.length}; there already: ${parts.archives.length - loaded.length}`);
}

/**
 * Loads images into containerd, leaving out those that it has already (same name, same digest).
 * @returns the names of those that were loaded
 */
export async function importImages(
  init: ProcessIdentity,
  paths: NodePaths,
  archives: readonly ImageArchive[],
): Promise<string[]> {
  const images = [...ctr(init), "images"];
  const present = (await run([...images, "list"])).split("\n").map((line) => line.split(/\s+/));
  const isPresent = (archive: ImageArchive) =>
    present.some(([name, , digest]) => name === archive.name && digest === archive.digest);
  const missing = archives.filter((archive) => !isPresent(archive));
  const load = [...images, "import", "--snapshotter", snapshotter(paths)];
  // One after another: containerd locks by the names of the archives' files, which are the same in all.
  for (const archive of missing) {
    await run([...load, archive.file], { timeoutSeconds: 180 });
  }
  return missing.map((archive) => archive.name);
}

function ctr(init: ProcessIdentity): string[] {
  return [...enter(init), "ctr", "--address", containerdSocket, "--namespace", "k8s.io"];
}

function snapshotter(paths: NodePaths): string {
  return fs.statfsSync(paths.containerd).type === overlayFileSystem ? "native" : "overlayfs";
}

function containerdConfig(paths: NodePaths, cniDirectory: string): string {
  const text = JSON.stringify; // A JSON string is a TOML basic string.
  return `version = 2
root = ${text(paths.containerd)}
state = "/run/containerd"
# "opt" would create /opt/containerd on the host; the snapshotters need file systems that are not there.
disabled_plugins = [
  "io.containerd.internal.v1.opt",
  "io.containerd.snapshotter.v1.aufs",
  "io.containerd.snapshotter.v1.btrfs",
  "io.containerd.snapshotter.v1.devmapper",
  "io.containerd.snapshotter.v1.zfs",
]

[grpc]
  address = ${text(containerdSocket)}

[plugins."io.containerd.grpc.v1.cri"]
  sandbox_image = ${text(systemImages.pause)}
  # Without CAP_SYS_RESOURCE runc cannot lower a score, and fails with "can't get final child's PID".
  restrict_oom_score_adj = true

[plugins."io.containerd.grpc.v1.cri".cni]
  bin_dir = ${text(cniPlugins)}
  conf_dir = ${text(cniDirectory)}

[plugins."io.containerd.grpc.v1.cri".containerd]
  snapshotter = ${text(snapshotter(paths))}

[plugins."io.containerd.grpc.v1.cri".containerd.runtimes.runc]
  runtime_type = "io.containerd.runc.v2"

[plugins."io.containerd.grpc.v1.cri".containerd.runtimes.runc.options]
  SystemdCgroup = false
`;
}

function podNetwork(): object {
  const addresses = { type: "host-local", ranges: [[{ subnet: podSubnet }]], routes: [{ dst: "0.0.0.0/0" }] };
  return {
    cniVersion: "0.4.0",
    name: "pods",
    plugins: [
      {
        type: "bridge",
        bridge: "cni0",
        isGateway: true,
        ipMasq: true,
        hairpinMode: true,
        // On a file system that ends with the node: what a killed node had given out is free again.
        ipam: { ...addresses, dataDir: "/run/cni" },
      },
      { type: "portmap", capabilities: { portMappings: true } },
    ],
  };
}
