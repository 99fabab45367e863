import * as fs from "node:fs";
import * as path from "node:path";

import { stringify } from "yaml";

import {
  cacheFolder,
  collectorImage,
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
import { ClusterChoice, ClusterKind } from "./cluster-choice";
import { progress } from "./progress";
import { isMilestone, Overrides, PulumiStack } from "./pulumi-stack";
import { isOnPath, run, runChecked } from "./shell";

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
  readonly overrides: Overrides;
}

/** Folder with a stack's effective configuration, state and target. */
export function workspaceFolder(stack: string): string {
  return path.join(cacheFolder(), "stacks", stack);
}

/** Makes the chosen cluster exist. */
export async function prepareTarget(choice: ClusterChoice): Promise<Target> {
  switch (choice.kind) {
    case "context":
      return { kind: "context", context: choice.context, overrides: { "kubernetes:context": choice.context } };
    case "kind":
      return prepareKind();
    case "node":
      return prepareNode();
  }
}

async function prepareKind(): Promise<Target> {
  const context = `kind-${kindClusterName}`;
  const clusters = (await runChecked("kind", ["get", "clusters"])).split("\n");
  if (!clusters.includes(kindClusterName)) {
    const file = path.join(cacheFolder(), "kind.yaml");
    fs.mkdirSync(cacheFolder(), { recursive: true });
    fs.writeFileSync(file, stringify(kindConfig()));
    await runChecked("kind", ["create", "cluster", "--name", kindClusterName, "--config", file], { onLine: progress });
  }
  return { kind: "kind", context, overrides: { "kubernetes:context": context, storageClass: kindStorageClass } };
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

async function prepareNode(): Promise<Target> {
  const node = await startNode({ images: await builtStackImages(progress), log: progress });
  return {
    kind: "node",
    kubeconfig: node.kubeconfig,
    images: node.images,
    overrides: { "kubernetes:context": node.name },
  };
}

/** The stack's images that can be built from Go modules, for a cluster that cannot pull. */
export async function builtStackImages(log: (line: string) => void): Promise<ImageSpec[]> {
  const { collector, prometheus, promtool } = await ensureTools(toolGroups.pipeline, { log });
  return [collectorImage(images.collector, collector), prometheusImage(images.prometheus, { prometheus, promtool })];
}

/** Remembers where a stack is deployed. */
export function saveTarget(stack: string, target: Target): void {
  fs.mkdirSync(workspaceFolder(stack), { recursive: true });
  fs.writeFileSync(targetFile(stack), JSON.stringify(target, undefined, 2));
}

/**
 * Where a stack was deployed by `npm run up`.
 *
 * @throws Error if it was not
 */
export function savedTarget(stack: string): Target {
  if (!fs.existsSync(targetFile(stack))) {
    throw new Error(
      `stack ${stack} has not been deployed from here; expected ${targetFile(stack)}. Run npm run up first`,
    );
  }
  return JSON.parse(fs.readFileSync(targetFile(stack), "utf8")) as Target;
}

/** A stack on a target, run by Pulumi in that target's environment; shows the engine's milestones as progress. */
export function pulumiStackOn(stack: string, target: Target, environment: NodeJS.ProcessEnv): PulumiStack {
  return new PulumiStack({
    stack,
    workspace: workspaceFolder(stack),
    overrides: target.overrides,
    environment,
    onLine: (line) => {
      if (isMilestone(line)) {
        progress(line.trim());
      }
    },
  });
}

/** Forgets a stack that is gone. */
export function forgetTarget(stack: string): void {
  fs.rmSync(targetFile(stack), { force: true });
}

function targetFile(stack: string): string {
  return path.join(workspaceFolder(stack), "target.json");
}

/** Deletes a cluster that `npm run up` made; leaves others alone. */
export async function removeCluster(target: Target): Promise<void> {
  if (target.kind === "kind") {
    await runChecked("kind", ["delete", "cluster", "--name", kindClusterName], { onLine: progress });
  } else if (target.kind === "node") {
    await stopNode(undefined, { log: progress });
  }
}

/**
 * The environment in which Pulumi and kubectl work on a target: the user's own Pulumi, or one built from Go modules
 * where there is none or nothing can be downloaded.
 */
export async function targetEnvironment(target: Target): Promise<NodeJS.ProcessEnv> {
  const kubeconfig = target.kubeconfig === undefined ? {} : { KUBECONFIG: target.kubeconfig };
  if (target.kind !== "node" && isOnPath("pulumi")) {
    return { ...kubeconfig };
  }
  if (!isOnPath("go")) {
    throw new Error(
      "neither Pulumi nor Go found on the PATH; expected one of them. See https://www.pulumi.com/docs/install",
    );
  }
  const { variables } = await pulumiEnvironment({ log: progress });
  return { ...kubeconfig, ...variables };
}

/** Runs kubectl on a target: the one on the PATH, else one built from Go modules. @returns standard output */
export async function kubectl(target: Target, args: readonly string[], input?: string): Promise<string> {
  const program =
    target.kind !== "node" && isOnPath("kubectl")
      ? "kubectl"
      : (await ensureTools(["kubectl"], { log: () => undefined })).kubectl;
  const where =
    target.kubeconfig === undefined ? ["--context", target.context ?? ""] : ["--kubeconfig", target.kubeconfig];
  const options = input === undefined ? {} : { input };
  return runChecked(program, [...where, "--request-timeout=20s", ...args], options);
}

/** What is left out where its image is out of reach: the stack works without. */
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
  pluginVersion: string,
  environment: NodeJS.ProcessEnv,
): Promise<string | undefined> {
  if (grafana === "in-cluster" && target.images?.includes(images.grafana) === false) {
    return `the cluster cannot pull ${images.grafana}`;
  }
  if (isOnPath("pulumi-resource-grafana")) {
    return undefined;
  }
  const env = { ...process.env, ...environment };
  const listed = await run("pulumi", ["plugin", "ls", "--json"], { env });
  const plugins = listed.status === 0 ? (JSON.parse(listed.stdout) as { name: string; version: string }[]) : [];
  if (plugins.some(({ name, version }) => name === "grafana" && version === pluginVersion)) {
    return undefined;
  }
  const source = ["--server", "github://api.github.com/pulumiverse"];
  const installed = await run("pulumi", ["plugin", "install", "resource", "grafana", pluginVersion, ...source], {
    env,
    timeout: 180_000,
  });
  return installed.status === 0 ? undefined : `its Pulumi plugin ${pluginVersion} can be neither found nor downloaded`;
}
