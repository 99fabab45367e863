import * as fs from "node:fs";
import * as path from "node:path";

import { execa } from "execa";

interface FileAttributes {
  /** Absolute path in the image; missing parent directories are added (0755, root). */
  readonly path: string;
  /** Permission bits; default 0755 for directories and programs read from `source`, 0644 for `content`. */
  readonly mode?: number;
  /** Default 0. */
  readonly uid?: number;
  /** Default: the uid. */
  readonly gid?: number;
}

/** One entry of an image: a file copied from disk, a file with given text, a symbolic link, or a directory. */
export type ImageFile = FileAttributes &
  (
    | { readonly source: string }
    | { readonly content: string }
    | { readonly linkTo: string }
    | { readonly directory: true }
  );

/** Content and settings of an image. The names are those of the OCI image configuration. */
export interface ImageSpec {
  /** Full reference, such as `docker.io/prom/prometheus:v3.16.0`. */
  readonly name: string;
  readonly files: readonly ImageFile[];
  readonly entrypoint: readonly string[];
  readonly cmd?: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
  /** `uid` or `uid:gid`; default root. */
  readonly user?: string;
  readonly workingDir?: string;
  /** Ports such as `9090/tcp`. */
  readonly exposedPorts?: readonly string[];
}

const mediaTypes = {
  layer: "application/vnd.oci.image.layer.v1.tar",
  config: "application/vnd.oci.image.config.v1+json",
  manifest: "application/vnd.oci.image.manifest.v1+json",
  index: "application/vnd.oci.image.index.v1+json",
} as const;

/** Reference from one part of an image to another. */
interface Descriptor {
  readonly mediaType: string;
  readonly digest: string;
  readonly size: number;
}

/**
 * Writes an image as an OCI image layout in one tar file, which `ctr images import`, `podman load` and `docker load`
 * read. The same spec and sources give the same digest. Needs GNU tar, and root where files belong to others.
 * @returns the digest of the image's manifest, `sha256:…`
 */
export async function writeImageArchive(spec: ImageSpec, file: string): Promise<string> {
  const folder = fs.mkdtempSync(`${file}.`);
  const root = path.join(folder, "root");
  const layout = path.join(folder, "layout");
  try {
    withParents(spec.files).forEach((entry) => {
      stage(root, entry);
    });
    const layerFile = path.join(folder, "layer.tar");
    await tar(root, layerFile);
    const layer = await addBlob(layout, mediaTypes.layer, layerFile);
    const config = await addJson(layout, mediaTypes.config, imageConfig(spec, layer.digest));
    const manifest = await addJson(layout, mediaTypes.manifest, {
      schemaVersion: 2,
      mediaType: mediaTypes.manifest,
      config,
      layers: [layer],
    });
    const named = {
      ...manifest,
      platform: { os: "linux", architecture: imageArchitecture() },
      annotations: { "io.containerd.image.name": spec.name },
    };
    const index = { schemaVersion: 2, mediaType: mediaTypes.index, manifests: [named] };
    fs.writeFileSync(path.join(layout, "index.json"), JSON.stringify(index));
    fs.writeFileSync(path.join(layout, "oci-layout"), JSON.stringify({ imageLayoutVersion: "1.0.0" }));
    const whole = path.join(folder, "whole.tar");
    await tar(layout, whole);
    fs.renameSync(whole, file);
    return manifest.digest;
  } finally {
    fs.rmSync(folder, { recursive: true, force: true });
  }
}

/** Adds the directories that the files are in, and sorts so that each directory comes before what it holds. */
function withParents(files: readonly ImageFile[]): ImageFile[] {
  const byPath = new Map<string, ImageFile>([["/", { path: "/", directory: true }]]);
  for (const file of files) {
    for (let parent = path.posix.dirname(file.path); parent !== "/"; parent = path.posix.dirname(parent)) {
      byPath.set(parent, { path: parent, directory: true });
    }
  }
  for (const file of files) {
    byPath.set(file.path, file);
  }
  return [...byPath.values()].sort((left, right) => (left.path < right.path ? -1 : 1));
}

/** Puts a file where the image has it, below a folder. */
function stage(root: string, file: ImageFile): void {
  const target = path.join(root, file.path);
  if ("linkTo" in file) {
    fs.symlinkSync(file.linkTo, target);
    return;
  }
  if ("directory" in file) {
    fs.mkdirSync(target, { recursive: true });
  } else if ("content" in file) {
    fs.writeFileSync(target, file.content);
  } else {
    fs.copyFileSync(file.source, target);
  }
  fs.chownSync(target, file.uid ?? 0, file.gid ?? file.uid ?? 0);
  fs.chmodSync(target, file.mode ?? ("content" in file ? 0o644 : 0o755));
}

/** Writes what is in a folder into a tar file whose bytes tell nothing of when and by whom. */
async function tar(folder: string, file: string): Promise<void> {
  const reproducible = ["--format=ustar", "--sort=name", "--mtime=@0", "--numeric-owner"];
  const entries = fs.readdirSync(folder).sort();
  await execa("tar", ["--create", `--file=${file}`, ...reproducible, `--directory=${folder}`, ...entries]);
}

/** Moves a file into a layout. */
async function addBlob(layout: string, mediaType: string, file: string): Promise<Descriptor> {
  const [hash = ""] = (await execa("sha256sum", [file])).stdout.split(" ");
  const { size } = fs.statSync(file);
  const blobs = path.join(layout, "blobs", "sha256");
  fs.mkdirSync(blobs, { recursive: true });
  fs.renameSync(file, path.join(blobs, hash));
  return { mediaType, digest: `sha256:${hash}`, size };
}

async function addJson(layout: string, mediaType: string, value: object): Promise<Descriptor> {
  const file = `${layout}.json`;
  fs.writeFileSync(file, JSON.stringify(value));
  return addBlob(layout, mediaType, file);
}

function imageConfig(spec: ImageSpec, layerDigest: string): object {
  return {
    architecture: imageArchitecture(),
    os: "linux",
    created: "1970-01-01T00:00:00Z",
    config: {
      Entrypoint: spec.entrypoint,
      Cmd: spec.cmd ?? [],
      Env: Object.entries(spec.env ?? {}).map(([key, value]) => `${key}=${value}`),
      User: spec.user ?? "",
      WorkingDir: spec.workingDir ?? "/",
      ExposedPorts: Object.fromEntries((spec.exposedPorts ?? []).map((port) => [port, {}])),
    },
    rootfs: { type: "layers", diff_ids: [layerDigest] },
    history: [{ created: "1970-01-01T00:00:00Z", created_by: "toolchain" }],
  };
}

/** The name that OCI gives this machine's architecture: an image holds binaries that were built here. */
function imageArchitecture(): string {
  return process.arch === "x64" ? "amd64" : process.arch;
}
