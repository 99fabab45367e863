import * as fs from "node:fs";
import * as path from "node:path";

/** Recipe of one binary, from a Go module of this folder. */
export interface Tool {
  /** Folder below `toolchain/` that holds its go.mod and go.sum. Several binaries may share one. */
  readonly folder: string;
  /** Package that is built: an import path, or "." for the folder's own `main`. */
  readonly package: string;
  /** Name of the finished file: the one its users look for. */
  readonly binary: string;
  /** Pin that tells the version: a module that go.mod requires, or an npm package that package.json pins. */
  readonly versionFrom: { readonly goModule: string } | { readonly npmPackage: string };
  /**
   * Files of a required module that the folder's `main` embeds, by name in the folder. Published modules cannot be
   * embedded from, and copies of megabytes don't belong here. Default none.
   */
  readonly embeds?: { readonly goModule: string; readonly files: Readonly<Record<string, string>> };
  /** Compiler settings for some packages, as `go build -gcflags` takes them. Default none. */
  readonly compilerFlags?: string;
  /** Build tags. Default none. */
  readonly tags?: readonly string[];
  /** Linker settings that stamp the version, for a version without leading "v". Default none. */
  readonly stamps?: (version: string) => readonly string[];
}

const kubernetes = (command: string): Tool => ({
  folder: "kubernetes",
  package: `k8s.io/kubernetes/cmd/${command}`,
  binary: command,
  versionFrom: { goModule: "k8s.io/kubernetes" },
  stamps: (version) =>
    ["k8s.io/component-base/version", "k8s.io/client-go/pkg/version"].flatMap((target) => [
      `-X=${target}.gitVersion=v${version}`,
      `-X=${target}.gitMajor=${version.split(".")[0] ?? ""}`,
      `-X=${target}.gitMinor=${version.split(".")[1] ?? ""}`,
      `-X=${target}.gitTreeState=clean`,
    ]),
});

const prometheus = (command: string): Tool => ({
  folder: "prometheus",
  package: `github.com/prometheus/prometheus/cmd/${command}`,
  binary: command,
  versionFrom: { goModule: "github.com/prometheus/prometheus" },
  // The other service discoveries would bring in every cloud's SDK.
  tags: ["remove_all_sd", "enable_dns_sd", "enable_kubernetes_sd"],
  stamps: (version) => [`-X=github.com/prometheus/common/version.Version=${version}`],
});

/**
 * Every binary that the stack and its tests run on. Each is built with CGO_ENABLED=0, so it is static and runs in an
 * image that holds nothing else.
 */
export const tools = {
  collector: {
    folder: "collector",
    package: ".",
    binary: "otelcol-contrib",
    versionFrom: { goModule: "go.opentelemetry.io/collector/otelcol" },
    stamps: (version) => [`-X=main.version=${version}`],
  },
  prometheus: prometheus("prometheus"),
  promtool: prometheus("promtool"),
  "kube-apiserver": kubernetes("kube-apiserver"),
  "kube-controller-manager": kubernetes("kube-controller-manager"),
  "kube-scheduler": kubernetes("kube-scheduler"),
  kubelet: kubernetes("kubelet"),
  "kube-proxy": kubernetes("kube-proxy"),
  kubectl: kubernetes("kubectl"),
  kubeadm: kubernetes("kubeadm"),
  coredns: {
    folder: "coredns",
    package: ".",
    binary: "coredns",
    versionFrom: { goModule: "github.com/coredns/coredns" },
  },
  "local-path-provisioner": {
    folder: "local-path-provisioner",
    package: "github.com/rancher/local-path-provisioner",
    binary: "local-path-provisioner",
    versionFrom: { goModule: "github.com/rancher/local-path-provisioner" },
    stamps: (version) => [`-X=main.VERSION=v${version}`],
  },
  "kube-network-policies": {
    folder: "kube-network-policies",
    package: ".",
    binary: "kube-network-policies",
    versionFrom: { goModule: "sigs.k8s.io/kube-network-policies" },
  },
  pulumi: {
    folder: "pulumi",
    package: "github.com/pulumi/pulumi/pkg/v3/cmd/pulumi",
    binary: "pulumi",
    versionFrom: { goModule: "github.com/pulumi/pulumi/pkg/v3" },
    stamps: (version) => [`-X=github.com/pulumi/pulumi/sdk/v3/go/common/version.Version=v${version}`],
  },
  "pulumi-language-nodejs": {
    folder: "pulumi-language-nodejs",
    package: "github.com/pulumi/pulumi/sdk/v3/nodejs/cmd/pulumi-language-nodejs",
    binary: "pulumi-language-nodejs",
    versionFrom: { goModule: "github.com/pulumi/pulumi/sdk/v3" },
    stamps: (version) => [`-X=github.com/pulumi/pulumi/sdk/v3/go/common/version.Version=v${version}`],
  },
  "pulumi-resource-random": {
    folder: "pulumi-resource-random",
    package: ".",
    binary: "pulumi-resource-random",
    versionFrom: { npmPackage: "@pulumi/random" },
    stamps: (version) => [`-X=main.version=${version}`],
  },
  "pulumi-resource-kubernetes": {
    folder: "pulumi-resource-kubernetes",
    package: ".",
    binary: "pulumi-resource-kubernetes",
    versionFrom: { npmPackage: "@pulumi/kubernetes" },
    // The SDK's half a million generated lines are compiled for a few types: not optimizing them saves a third of the build.
    compilerFlags: "github.com/pulumi/pulumi-kubernetes/sdk/v4/...=-N -l -dwarf=false",
    embeds: {
      goModule: "github.com/pulumi/pulumi-kubernetes/provider/v4",
      files: {
        "schema.json": "cmd/pulumi-resource-kubernetes/schema.json",
        "terraform-mapping.json": "cmd/pulumi-resource-kubernetes/terraform-mapping.json",
      },
    },
    stamps: (version) => [`-X=github.com/pulumi/pulumi-kubernetes/provider/v4/pkg/version.Version=${version}`],
  },
  thanos: {
    folder: "thanos",
    package: "github.com/thanos-io/thanos/cmd/thanos",
    binary: "thanos",
    versionFrom: { goModule: "github.com/thanos-io/thanos" },
    // It casts labels to a slice; without the tag it compiles, and crashes.
    tags: ["slicelabels"],
    stamps: (version) => [`-X=github.com/prometheus/common/version.Version=${version}`],
  },
} as const satisfies Record<string, Tool>;

/** Name of a tool in {@link tools}. */
export type ToolName = keyof typeof tools;

/** Tools that are needed together. */
export const toolGroups = {
  /** The collector and Prometheus as processes. */
  pipeline: ["collector", "prometheus", "promtool"],
  /** The single-node cluster, its command-line client, and what writes its certificates, kubeconfigs and flags. */
  kubernetes: [
    "kube-apiserver",
    "kube-controller-manager",
    "kube-scheduler",
    "kubelet",
    "kube-proxy",
    "kubectl",
    "kubeadm",
  ],
  /** Programs that run in pods, from container images. */
  images: ["collector", "prometheus", "coredns", "local-path-provisioner"],
  /** Engine that makes NetworkPolicies count on the tests' node. */
  policies: ["kube-network-policies"],
  /** The Pulumi engine with the language host and the providers that can be built here. */
  pulumi: ["pulumi", "pulumi-language-nodejs", "pulumi-resource-random", "pulumi-resource-kubernetes"],
  /** A distributed store beside the stack; only `npm run test:scale` builds it. */
  scale: ["thanos"],
} as const satisfies Record<string, readonly ToolName[]>;

/** Name of a group in {@link toolGroups}. */
export type ToolGroup = keyof typeof toolGroups;

/** All names in {@link tools}, in the order in which they are built. */
export const toolNames = Object.keys(tools) as readonly ToolName[];

/** Tools of the cluster's tests: all but those that only the scale tests run. */
export const clusterToolNames = toolNames.filter((name) => name !== "thanos");

/** Absolute path of the folder with a tool's go.mod. */
export function toolFolder(name: ToolName): string {
  return path.join(__dirname, tools[name].folder);
}

/**
 * A tool's own version without leading "v", for example "3.16.0" for Prometheus, read from where it is pinned (go.mod
 * or package.json).
 *
 * @throws Error if the pin is not found there.
 */
export function toolVersion(name: ToolName): string {
  const source: Tool["versionFrom"] = tools[name].versionFrom;
  if ("npmPackage" in source) {
    return npmPin(source.npmPackage);
  }
  const version = goPin(path.join(toolFolder(name), "go.mod"), source.goModule);
  return source.goModule === "github.com/prometheus/prometheus" ? prometheusRelease(version) : version;
}

function goPin(file: string, goModule: string): string {
  for (const line of fs.readFileSync(file, "utf8").split("\n")) {
    const [first, second] = line
      .trim()
      .replace(/^require /, "")
      .split(/\s+/);
    if (first === goModule && second !== undefined && /^v\d/.test(second)) {
      return second.slice(1);
    }
  }
  throw new Error(`${file}: no required version of ${goModule}; expected a line "${goModule} vX.Y.Z"`);
}

function npmPin(npmPackage: string): string {
  const file = path.join(__dirname, "../..", "package.json");
  const manifest = JSON.parse(fs.readFileSync(file, "utf8")) as { dependencies?: Record<string, string> };
  const version = manifest.dependencies?.[npmPackage];
  if (version === undefined || !/^\d+\.\d+\.\d+$/.test(version)) {
    throw new Error(`${file}: dependencies["${npmPackage}"] is ${version ?? "missing"}; expected one exact version`);
  }
  return version;
}

/** Prometheus publishes release 3.16.0 as Go module version 0.316.0. */
function prometheusRelease(goVersion: string): string {
  const [, minor = "", patch = ""] = goVersion.split(".");
  const packed = Number(minor);
  return `${Math.floor(packed / 100)}.${packed % 100}.${patch}`;
}
