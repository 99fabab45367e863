import * as crypto from "node:crypto";
import * as fs from "node:fs";
import * as path from "node:path";

import { execa } from "execa";

import { cacheFolder } from "./cache";
import { ensureGoProgram } from "./go-program";
import { type ImageFile, type ImageSpec, writeImageArchive } from "./image-archive";
import { withLock } from "./lock";

/** An image archive in the cache. */
export interface ImageArchive {
  readonly name: string;
  readonly file: string;
  /** Of the image's manifest, `sha256:…`: equal digests are equal images. */
  readonly digest: string;
}

const certificates = "/etc/ssl/certs/ca-certificates.crt";
const busyboxSource = "/bin/busybox";
const busyboxCommands =
  "awk cat chmod chown cmp cp date df dirname du env false find free grep head id ln ls md5sum mkdir mv nc nslookup "
    .concat("ping ps rm rmdir sed sh sleep sort stat sync tail tar tee test timeout top touch tr true vi wc wget which")
    .split(" ");

/**
 * The archive of an image, written to the cache unless an earlier call with the same spec and unchanged source files
 * did so. Sources are told apart by path, size and time of change.
 * @throws Error that names the image and the source file where one cannot be read.
 */
export async function ensureImageArchive(spec: ImageSpec): Promise<ImageArchive> {
  const folder = path.join(cacheFolder(), "images");
  const key = crypto
    .createHash("sha256")
    .update(JSON.stringify([spec, sourceStamps(spec)]))
    .digest("hex")
    .slice(0, 16);
  const file = path.join(folder, `${path.posix.basename(spec.name).replace(/[^\w.-]/g, "_")}-${key}.tar`);
  const digestFile = `${file}.digest`;
  const work = async (): Promise<void> => {
    if (!fs.existsSync(file) || !fs.existsSync(digestFile)) {
      fs.writeFileSync(digestFile, await writeImageArchive(spec, file));
    }
  };
  await withLock(`${file}.lock`, work);
  return { name: spec.name, file, digest: fs.readFileSync(digestFile, "utf8") };
}

function sourceStamps(spec: ImageSpec): unknown[] {
  return spec.files.flatMap((file) => {
    if (!("source" in file)) {
      return [];
    }
    const stat = fs.statSync(file.source, { throwIfNoEntry: false });
    if (stat === undefined) {
      throw new Error(`image ${spec.name}: no file "${file.source}"; expected the source of ${file.path}`);
    }
    return [[stat.size, stat.mtimeMs]];
  });
}

/** The OpenTelemetry Collector, laid out as the contrib distribution's image is. */
export function collectorImage(name: string, binary: string): ImageSpec {
  return {
    name,
    files: [{ path: "/otelcol-contrib", source: binary }, ...baseFiles()],
    entrypoint: ["/otelcol-contrib"],
    cmd: ["--config", "/etc/otelcol-contrib/config.yaml"],
    user: "10001:10001",
    exposedPorts: ["4317/tcp", "4318/tcp"],
  };
}

/** Prometheus, laid out as its own image is, with a shell as there. */
export function prometheusImage(name: string, binaries: { prometheus: string; promtool: string }): ImageSpec {
  return {
    name,
    files: [
      { path: "/bin/prometheus", source: binaries.prometheus },
      { path: "/bin/promtool", source: binaries.promtool },
      { path: "/prometheus", directory: true, uid: 65534 },
      { path: "/etc/prometheus", directory: true, uid: 65534 },
      ...baseFiles(),
      ...busyboxFiles(),
    ],
    entrypoint: ["/bin/prometheus"],
    cmd: ["--config.file=/etc/prometheus/prometheus.yml", "--storage.tsdb.path=/prometheus"],
    user: "nobody",
    workingDir: "/prometheus",
    exposedPorts: ["9090/tcp"],
  };
}

/**
 * Node.js, laid out as its own image is, from the program that runs this one. It is of another version, and brings the
 * libraries that it is linked with.
 */
export async function nodeImage(name: string, binary = process.execPath): Promise<ImageSpec> {
  const { stdout } = await execa("ldd", [binary]);
  const libraries = [...stdout.matchAll(/(?:=> |^\s*)(\/\S+) \(/gm)].map(([, library = ""]) => library);
  return {
    name,
    files: [
      { path: "/usr/local/bin/node", source: fs.realpathSync(binary) },
      ...libraries.map((library) => ({ path: library, source: fs.realpathSync(library) })),
      ...baseFiles(),
    ],
    entrypoint: [],
    cmd: ["node"],
    env: searchPath(),
  };
}

/** Thanos, laid out as its own image is. Needs a component's name as its first argument. */
export function thanosImage(name: string, binary: string): ImageSpec {
  return {
    name,
    files: [{ path: "/bin/thanos", source: binary }, ...baseFiles()],
    entrypoint: ["/bin/thanos"],
    user: "1001",
    exposedPorts: ["10901/tcp", "10902/tcp"],
  };
}

/** CoreDNS. Needs a Corefile by argument `-conf`, and as root no more than the right to listen on port 53. */
export function corednsImage(name: string, binary: string): ImageSpec {
  const files: ImageFile[] = [{ path: "/coredns", source: binary }, ...baseFiles()];
  return { name, files, entrypoint: ["/coredns"], exposedPorts: ["53/tcp", "53/udp"] };
}

/** The provisioner of `local-path` volumes. */
export function localPathProvisionerImage(name: string, binary: string): ImageSpec {
  const files: ImageFile[] = [{ path: "/usr/bin/local-path-provisioner", source: binary }, ...baseFiles()];
  return { name, files, entrypoint: ["local-path-provisioner"], env: searchPath() };
}

/** A shell with the usual commands. Needs Debian's `busybox-static`. */
export function busyboxImage(name: string): ImageSpec {
  const files = [...baseFiles(), ...busyboxFiles()];
  return { name, files, entrypoint: [], cmd: ["sh"], env: searchPath() };
}

/** Holder of a pod's namespaces. `binary` as from {@link ensurePause}. */
export function pauseImage(name: string, binary: string): ImageSpec {
  return { name, files: [{ path: "/pause", source: binary }], entrypoint: ["/pause"], user: "65535:65535" };
}

/** Builds `lab/toolchain/pause` unless the cache has it. Needs Go. @returns the absolute path of the static binary */
export function ensurePause(): Promise<string> {
  return ensureGoProgram(path.join(__dirname, "pause"), "pause");
}

/** Files that a static program expects of any system: users, a place for temporary files, certificate authorities. */
function baseFiles(): ImageFile[] {
  const users = ["root:x:0:0:root:/root:/bin/sh", "nobody:x:65534:65534:nobody:/:/bin/false"];
  return [
    { path: "/etc/passwd", content: `${users.join("\n")}\n` },
    { path: "/etc/group", content: "root:x:0:\nnobody:x:65534:\n" },
    { path: "/tmp", directory: true, mode: 0o1777 },
    ...(fs.existsSync(certificates) ? [{ path: certificates, source: certificates, mode: 0o644 }] : []),
  ];
}

function busyboxFiles(): ImageFile[] {
  const links = busyboxCommands.map((command) => ({ path: `/bin/${command}`, linkTo: "busybox" }));
  return [{ path: "/bin/busybox", source: busyboxSource }, ...links];
}

function searchPath(): Record<string, string> {
  return { PATH: "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin" };
}
