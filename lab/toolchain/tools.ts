import * as fs from "node:fs";
import * as path from "node:path";

/** Recipe of one binary, from a Go module of this folder. */
interface Recipe {
  /** Folder below `toolchain/` that holds its go.mod and go.sum. Several binaries may share one. Default: its name. */
  readonly folder?: string;
  /** Import path of the package that is built. Default: the folder's own `main`. */
  readonly package?: string;
  /** Name of the finished file: the one its users look for. Default: the tool's name. */
  readonly binary?: string;
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
  /** Values that the linker stamps into variables, for a version without leading "v". Default none. */
  readonly stamps?: (version: string) => Readonly<Record<string, string>>;
}

/** A recipe with its defaults, and an absolute path of its folder. */
export interface Tool extends Recipe {
  readonly folder: string;
  readonly package: string;
  readonly binary: string;
}

const kubernetes = (command: string) => ({
  folder: "kubernetes",
  package: `k8s.io/kubernetes/cmd/${command}`,
  versionFrom: { goModule: "k8s.io/kubernetes" },
  stamps: (version: string) => {
    const [major = "", minor = ""] = version.split(".");
    const values = { gitVersion: `v${version}`, gitMajor: major, gitMinor: minor, gitTreeState: "clean" };
    const stamped = ["k8s.io/component-base/version", "k8s.io/client-go/pkg/version"].flatMap((target) =>
      Object.entries(values).map(([variable, value]) => [`${target}.${variable}`, value]),
    );
    return Object.fromEntries(stamped) as Record<string, string>;
  },
});

const prometheus = (command: string) => ({
  folder: "prometheus",
  package: `github.com/prometheus/prometheus/cmd/${command}`,
  versionFrom: { goModule: "github.com/prometheus/prometheus" },
  // The other service discoveries would bring in every cloud's SDK.
  tags: ["remove_all_sd", "enable_dns_sd", "enable_kubernetes_sd"],
  stamps: prometheusStamp,
});

/** Prometheus and Thanos show the version that one package holds. */
function prometheusStamp(version: string): Record<string, string> {
  return { "github.com/prometheus/common/version.Version": version };
}

function pulumiStamp(version: string): Record<string, string> {
  return { "github.com/pulumi/pulumi/sdk/v3/go/common/version.Version": `v${version}` };
}

/**
 * Every binary that the stack and its tests run on. Each is built with CGO_ENABLED=0, so it is static and runs in an
 * image that holds nothing else.
 */
export const tools = {
  collector: {
    binary: "otelcol-contrib",
    versionFrom: { goModule: "go.opentelemetry.io/collector/otelcol" },
    stamps: (version) => ({ "main.version": version }),
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
  coredns: { versionFrom: { goModule: "github.com/coredns/coredns" } },
  "local-path-provisioner": {
    package: "github.com/rancher/local-path-provisioner",
    versionFrom: { goModule: "github.com/rancher/local-path-provisioner" },
    stamps: (version) => ({ "main.VERSION": `v${version}` }),
  },
  "kube-network-policies": { versionFrom: { goModule: "sigs.k8s.io/kube-network-policies" } },
  pulumi: {
    package: "github.com/pulumi/pulumi/pkg/v3/cmd/pulumi",
    versionFrom: { goModule: "github.com/pulumi/pulumi/pkg/v3" },
    stamps: pulumiStamp,
  },
  "pulumi-language-nodejs": {
    package: "github.com/pulumi/pulumi/sdk/v3/nodejs/cmd/pulumi-language-nodejs",
    versionFrom: { goModule: "github.com/pulumi/pulumi/sdk/v3" },
    stamps: pulumiStamp,
  },
  "pulumi-resource-random": {
    versionFrom: { npmPackage: "@pulumi/random" },
    stamps: (version) => ({ "main.version": version }),
  },
  "pulumi-resource-kubernetes": {
    versionFrom: { npmPackage: "@pulumi/kubernetes" },
    // The SDK's half a million generated lines are compiled for a few types. Leaving them as they are saves a third.
    compilerFlags: "github.com/pulumi/pulumi-kubernetes/sdk/v4/...=-N -l -dwarf=false",
    embeds: {
      goModule: "github.com/pulumi/pulumi-kubernetes/provider/v4",
      files: {
        "schema.json": "cmd/pulumi-resource-kubernetes/schema.json",
        "terraform-mapping.json": "cmd/pulumi-resource-kubernetes/terraform-mapping.json",
      },
    },
    stamps: (version) => ({ "github.com/pulumi/pulumi-kubernetes/provider/v4/pkg/version.Version": version }),
  },
  thanos: {
    package: "github.com/thanos-io/thanos/cmd/thanos",
    versionFrom: { goModule: "github.com/thanos-io/thanos" },
    // It casts labels to a slice; without the tag it compiles, and crashes.
    tags: ["slicelabels"],
    stamps: prometheusStamp,
  },
} as const satisfies Record<string, Recipe>;

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

/** Returns a tool's recipe. */
export function toolOf(name: ToolName): Tool {
  const recipe: Recipe = tools[name];
  return { package: ".", binary: name, ...recipe, folder: path.join(__dirname, recipe.folder ?? name) };
}

/**
 * A tool's own version without leading "v", for example "3.16.0" for Prometheus, read from where it is pinned (go.mod
 * or package.json).
 *
 * @throws Error if the pin is not found there.
 */
export function toolVersion(name: ToolName): string {
  const { versionFrom: source, folder } = toolOf(name);
  if ("npmPackage" in source) {
    return npmPin(source.npmPackage);
  }
  const version = goPin(path.join(folder, "go.mod"), source.goModule);
  return source.goModule === "github.com/prometheus/prometheus" ? prometheusRelease(version) : version;
}

function goPin(file: string, goModule: string): string {
  const lines = fs.readFileSync(file, "utf8").split("\n");
  const words = lines.map((line) =>
    line
      .trim()
      .replace(/^require /, "")
      .split(/\s+/),
  );
  const [, version] = words.find(([first, second]) => first === goModule && second?.startsWith("v")) ?? [];
  if (version === undefined) {
    throw new Error(`${file}: no required version of ${goModule}; expected a line "${goModule} vX.Y.Z"`);
  }
  return version.slice(1);
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
  const [, packed = 0, patch = 0] = goVersion.split(".").map(Number);
  return `${Math.floor(packed / 100)}.${packed % 100}.${patch}`;
}
