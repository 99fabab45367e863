import { execa } from "execa";
import * as fs from "node:fs";
import * as path from "node:path";

import { stringify } from "yaml";

import {
  cacheFolder,
  collectorImage,
  nodeImage,
  defaultForwards,
  ensureTools,
  ImageSpec,
  prometheusImage,
  pulumiEnvironment,
  startNode,
  stopNode,
  toolGroups,
} from "../lab/lab";
import { images } from "../components/kubernetes/images";
import { type ClusterChoice, type ClusterKind, isOnPath } from "./cluster-choice";
import { progress } from "./progress";
import { type Overrides } from "./overrides";
import { repository } from "./repository";

const kindClusterName = "claude-monitoring";
/** The class that kind's provisioner serves. */
const kindStorageClass = "standard";

/** A cluster that a stack is deployed to, remembered between commands. */
export interface Target {
  readonly kind: ClusterKind;
  readonly context?: string;
  readonly kubeconfig?: string;
  /** Images that its pods may use; unset if it pulls. */
  readonly images?: readonly string[];
  /** All that is laid over the stack's file. */
  readonly overrides: Overrides;
  /** Those that were given with `--config`; the next `npm run up` keeps them. */
  readonly given?: Overrides;
}

/** The place of a stack in its cluster. */
export interface StackLocation {
  readonly target: Target;
  readonly namespace: string;
  readonly namePrefix: string;
}

/** Makes the chosen cluster exist. */
export async function prepareTarget(choice: ClusterChoice, install: boolean): Promise<Target> {
  switch (choice.kind) {
    case "context":
      return { kind: "context", context: choice.context, overrides: { "kubernetes:context": choice.context } };
    case "kind":
      return prepareKind();
    case "node":
      return prepareNode(install);
  }
}

async function prepareKind(): Promise<Target> {
  const context = `kind-${kindClusterName}`;
  const { stdout: clusters } = await execa("kind", ["get", "clusters"]);
  if (!clusters.split("\n").includes(kindClusterName)) {
    const file = path.join(cacheFolder(), "kind.yaml");
    fs.mkdirSync(cacheFolder(), { recursive: true });
    fs.writeFileSync(file, stringify(kindConfig()));
    await kind("create", "cluster", "--name", kindClusterName, "--config", file);
  }
  return { kind: "kind", context, overrides: { "kubernetes:context": context, storageClass: kindStorageClass } };
}

/** Runs kind, whose output is progress. */
async function kind(...args: readonly string[]): Promise<void> {
  await execa("kind", args, { stdin: "ignore", stdout: ["pipe", process.stderr], stderr: ["pipe", process.stderr] });
}

/** A kind cluster whose NodePorts are reachable on this machine's loopback. */
export function kindConfig(): object {
  return {
    kind: "Cluster",
    apiVersion: "kind.x-k8s.io/v1alpha4",
    nodes: [
      {
        role: "control-plane",
        extraPortMappings: defaultForwards.map(({ hostPort, nodePort }) => ({
          hostPort,
          containerPort: nodePort,
          listenAddress: "127.0.0.1",
        })),
      },
    ],
  };
}

async function prepareNode(install: boolean): Promise<Target> {
  const node = await startNode({ images: await builtStackImages(progress), install, log: progress });
  return {
    kind: "node",
    kubeconfig: node.kubeconfig,
    images: node.images,
    overrides: { "kubernetes:context": node.name },
  };
}

/** The stack's images that can be built here, for a cluster that cannot pull: from Go modules, and of this program. */
export async function builtStackImages(log: (line: string) => void): Promise<ImageSpec[]> {
  const { collector, prometheus, promtool } = await ensureTools(toolGroups.pipeline, { log });
  return [
    collectorImage(images.collector, collector),
    prometheusImage(images.prometheus, { prometheus, promtool }),
    await nodeImage(images.node),
  ];
}

/** Deletes a cluster that `npm run up` made; leaves others alone. */
export async function removeCluster(target: Target): Promise<void> {
  if (target.kind === "kind") {
    await kind("delete", "cluster", "--name", kindClusterName);
  } else if (target.kind === "node") {
    await stopNode(undefined, { log: progress });
  }
}

/** The engine for a target. */
export interface TargetEngine {
  /** On top of this process's environment. */
  readonly environment: NodeJS.ProcessEnv;
  /** Folder with `bin/pulumi`; undefined for the one on the PATH. */
  readonly pulumiRoot?: string;
}

/**
 * The engine that works on a target: the user's own Pulumi. Where there is none, or nothing can be downloaded, it is one
 * built from Go modules.
 */
export async function targetEngine(target: Target): Promise<TargetEngine> {
  const kubeconfig = target.kubeconfig === undefined ? {} : { KUBECONFIG: target.kubeconfig };
  if (target.kind !== "node" && isOnPath("pulumi")) {
    return { environment: kubeconfig };
  }
  if (!isOnPath("go")) {
    throw new Error(
      "neither Pulumi nor Go found on the PATH; expected one of them. See https://www.pulumi.com/docs/install",
    );
  }
  const { variables, root } = await pulumiEnvironment({ log: progress });
  return { environment: { ...kubeconfig, ...variables }, pulumiRoot: root };
}

/** Runs kubectl on a target: the one on the PATH, else one built from Go modules. @returns standard output */
export async function kubectl(target: Target, args: readonly string[], input = ""): Promise<string> {
  const program =
    target.kind !== "node" && isOnPath("kubectl")
      ? "kubectl"
      : (await ensureTools(["kubectl"], { log: () => undefined })).kubectl;
  const where =
    target.kubeconfig === undefined ? ["--context", target.context ?? ""] : ["--kubeconfig", target.kubeconfig];
  return (await execa(program, [...where, "--request-timeout=20s", ...args], { input })).stdout;
}

/** The stores that are left out where their images are out of reach: the stack works without. */
const optionalStores = { loki: "Loki", tempo: "Tempo" } as const;

/**
 * The stores that are wanted and cannot be deployed to a target, because their servers come as images only.
 *
 * @returns the configuration that leaves them out, and why in a sentence; undefined if there are none
 */
export function withoutStores(
  target: Target,
  wanted: Readonly<Record<keyof typeof optionalStores, { readonly enabled: boolean }>>,
): { readonly overrides: Overrides; readonly reason: string } | undefined {
  const stores = (["loki", "tempo"] as const).filter(
    (store) => wanted[store].enabled && target.images?.includes(images[store]) === false,
  );
  if (stores.length === 0) {
    return undefined;
  }
  const list = (words: readonly string[]) => words.join(" and ");
  const verb = stores.length === 1 ? "is" : "are";
  return {
    overrides: Object.fromEntries(stores.map((store) => [`${store}.enabled`, false])),
    reason:
      `${list(stores.map((store) => optionalStores[store]))} ${verb} left out: ` +
      `the cluster cannot pull ${list(stores.map((store) => images[store]))}`,
  };
}

/**
 * The reason for which a target cannot have Grafana; undefined if it can. Grafana's server comes as an image and its
 * provider as a plugin, and neither can be built from Go modules. A Grafana that is there already needs the provider only.
 */
export async function whyNoGrafana(
  target: Target,
  grafana: "in-cluster" | "external",
  environment: NodeJS.ProcessEnv,
): Promise<string | undefined> {
  if (grafana === "in-cluster" && target.images?.includes(images.grafana) === false) {
    return `the cluster cannot pull ${images.grafana}`;
  }
  if (isOnPath("pulumi-resource-grafana")) {
    return undefined;
  }
  const version = packageVersion("@pulumiverse/grafana");
  const pulumi = execa({ env: environment, reject: false });
  const listed = await pulumi("pulumi", ["plugin", "ls", "--json"]);
  const plugins = listed.failed ? [] : (JSON.parse(listed.stdout) as { name: string; version: string }[]);
  if (plugins.some((plugin) => plugin.name === "grafana" && plugin.version === version)) {
    return undefined;
  }
  const source = ["--server", "github://api.github.com/pulumiverse"];
  const install = ["plugin", "install", "resource", "grafana", version, ...source];
  const { failed } = await pulumi("pulumi", install, { timeout: 180_000 });
  return failed ? `its Pulumi plugin ${version} can be neither found nor downloaded` : undefined;
}

/** Version of an npm package that this repository depends on. */
function packageVersion(name: string): string {
  const file = path.join(repository, "node_modules", name, "package.json");
  return (JSON.parse(fs.readFileSync(file, "utf8")) as { version: string }).version;
}
