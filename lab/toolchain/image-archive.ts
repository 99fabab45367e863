import * as crypto from "node:crypto";
import * as fs from "node:fs";
import * as path from "node:path";

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

/** What goes into an image. The names are those of the OCI image configuration. */
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
  /** Such as `9090/tcp`. */
  readonly exposedPorts?: readonly string[];
}

const blockSize = 512;

/**
 * Writes an image as an OCI image layout in one plain tar file, which `ctr images import`, `podman load` and
 * `docker load` read. The same spec and sources give the same bytes.
 * @returns the digest of the image's manifest, `sha256:…`
 */
export async function writeImageArchive(spec: ImageSpec, file: string): Promise<string> {
  const entries = withParents(spec.files);
  const layer = await describe(() => tarChunks(entries));
  const config = jsonBlob(imageConfig(spec, layer.digest));
  const manifest = jsonBlob({
    schemaVersion: 2,
    mediaType: "application/vnd.oci.image.manifest.v1+json",
    config: { mediaType: "application/vnd.oci.image.config.v1+json", digest: config.digest, size: config.body.length },
    layers: [{ mediaType: "application/vnd.oci.image.layer.v1.tar", digest: layer.digest, size: layer.size }],
  });
  const index = jsonBlob({
    schemaVersion: 2,
    mediaType: "application/vnd.oci.image.index.v1+json",
    manifests: [
      {
        mediaType: "application/vnd.oci.image.manifest.v1+json",
        digest: manifest.digest,
        size: manifest.body.length,
        platform: { os: "linux", architecture: imageArchitecture() },
        annotations: { "io.containerd.image.name": spec.name },
      },
    ],
  });
  const partial = `${file}.${process.pid}.partial`;
  const output = await fs.promises.open(partial, "w");
  try {
    for (const part of [
      textEntry("oci-layout", JSON.stringify({ imageLayoutVersion: "1.0.0" })),
      textEntry("index.json", index.body),
      textEntry(blobPath(config.digest), config.body),
      textEntry(blobPath(manifest.digest), manifest.body),
      header({ name: blobPath(layer.digest), mode: 0o644, uid: 0, gid: 0, size: layer.size, type: "0", link: "" }),
    ]) {
      await output.writeFile(part);
    }
    for await (const chunk of tarChunks(entries)) {
      await output.writeFile(chunk);
    }
    await output.writeFile(padding(layer.size));
    await output.writeFile(Buffer.alloc(2 * blockSize));
  } finally {
    await output.close();
  }
  await fs.promises.rename(partial, file);
  return manifest.digest;
}

function imageConfig(spec: ImageSpec, layerDigest: string): object {
  const ports = (spec.exposedPorts ?? []).map((port) => [port, {}] as const);
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
      ExposedPorts: Object.fromEntries(ports),
    },
    rootfs: { type: "layers", diff_ids: [layerDigest] },
    history: [{ created: "1970-01-01T00:00:00Z", created_by: "toolchain" }],
  };
}

/** The name that OCI gives this machine's architecture: an image holds binaries that were built here. */
function imageArchitecture(): string {
  return process.arch === "x64" ? "amd64" : process.arch;
}

/** Adds the directories that the files are in, and sorts so that each directory comes before what it holds. */
function withParents(files: readonly ImageFile[]): ImageFile[] {
  const byPath = new Map<string, ImageFile>();
  for (const file of files) {
    for (let parent = path.posix.dirname(file.path); parent !== "/"; parent = path.posix.dirname(parent)) {
      if (!byPath.has(parent)) {
        byPath.set(parent, { path: parent, directory: true });
      }
    }
  }
  for (const file of files) {
    byPath.set(file.path, file);
  }
  return [...byPath.values()].sort((left, right) => (left.path < right.path ? -1 : 1));
}

/** A layer's tar stream, in chunks. */
async function* tarChunks(entries: readonly ImageFile[]): AsyncGenerator<Buffer> {
  for (const entry of entries) {
    const common = { uid: entry.uid ?? 0, gid: entry.gid ?? entry.uid ?? 0 };
    const name = entry.path.replace(/^\//, "");
    if ("directory" in entry) {
      yield header({ ...common, name: `${name}/`, mode: entry.mode ?? 0o755, size: 0, type: "5", link: "" });
    } else if ("linkTo" in entry) {
      yield header({ ...common, name, mode: 0o777, size: 0, type: "2", link: entry.linkTo });
    } else if ("content" in entry) {
      const body = Buffer.from(entry.content);
      yield header({ ...common, name, mode: entry.mode ?? 0o644, size: body.length, type: "0", link: "" });
      yield body;
      yield padding(body.length);
    } else {
      const { size } = await fs.promises.stat(entry.source);
      yield header({ ...common, name, mode: entry.mode ?? 0o755, size, type: "0", link: "" });
      for await (const chunk of fs.createReadStream(entry.source, { highWaterMark: 1 << 20 })) {
        yield chunk as Buffer;
      }
      yield padding(size);
    }
  }
  yield Buffer.alloc(2 * blockSize);
}

interface TarHeader {
  readonly name: string;
  readonly mode: number;
  readonly uid: number;
  readonly gid: number;
  readonly size: number;
  /** POSIX type flag: 0 file, 2 symbolic link, 5 directory. */
  readonly type: "0" | "2" | "5";
  readonly link: string;
}

/** A POSIX ustar header. All times are 0, so that equal contents give equal digests. */
function header(entry: TarHeader): Buffer {
  if (Buffer.byteLength(entry.name) > 100 || Buffer.byteLength(entry.link) > 100) {
    throw new Error(`image file "${entry.name}": the path or link is too long; expected at most 100 bytes`);
  }
  const block = Buffer.alloc(blockSize);
  const octal = (value: number, length: number): string => value.toString(8).padStart(length - 1, "0");
  block.write(entry.name, 0);
  block.write(octal(entry.mode, 8), 100);
  block.write(octal(entry.uid, 8), 108);
  block.write(octal(entry.gid, 8), 116);
  block.write(octal(entry.size, 12), 124);
  block.write(octal(0, 12), 136);
  block.write(" ".repeat(8), 148);
  block.write(entry.type, 156);
  block.write(entry.link, 157);
  block.write("ustar\x0000", 257);
  const checksum = block.reduce((sum, byte) => sum + byte, 0);
  block.write(`${octal(checksum, 7)}\0 `, 148);
  return block;
}

function padding(size: number): Buffer {
  return Buffer.alloc((blockSize - (size % blockSize)) % blockSize);
}

function textEntry(name: string, body: string | Buffer): Buffer {
  const bytes = Buffer.from(body);
  const entry = { name, mode: 0o644, uid: 0, gid: 0, size: bytes.length, type: "0", link: "" } as const;
  return Buffer.concat([header(entry), bytes, padding(bytes.length)]);
}

function blobPath(digest: string): string {
  return `blobs/${digest.replace(":", "/")}`;
}

function jsonBlob(value: object): { readonly body: Buffer; readonly digest: string } {
  const body = Buffer.from(JSON.stringify(value));
  return { body, digest: `sha256:${crypto.createHash("sha256").update(body).digest("hex")}` };
}

/** Digest and size of a stream that is too large to hold. */
async function describe(chunks: () => AsyncGenerator<Buffer>): Promise<{ digest: string; size: number }> {
  const hash = crypto.createHash("sha256");
  let size = 0;
  for await (const chunk of chunks()) {
    hash.update(chunk);
    size += chunk.length;
  }
  return { digest: `sha256:${hash.digest("hex")}`, size };
}
