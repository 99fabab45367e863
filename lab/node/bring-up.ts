import type { ImageSpec } from "../toolchain/image-archive";
import { ensureTools } from "../toolchain/build";
import { ensureDebianPackages } from "../toolchain/debian";
import { ensurePause, type ImageArchive } from "../toolchain/images";
import { toolGroups } from "../toolchain/tools";
import { applyAddons } from "./addons";
import { ApiClient } from "./api";
import { ensureCertificates } from "./certificates";
import { createCgroups, type NodeCgroups } from "./cgroups";
import { importImages, startContainerd, waitForContainerd } from "./containerd";
import { startApiServer, startControllers, startEtcd } from "./control-plane";
import { forwarderAnswers, startForwarder } from "./forwards";
import { startKubelet, startKubeProxy } from "./kubelet";
import { withMachineLock } from "./machine-lock";
import { createNamespaces, prepareFileSystems } from "./namespaces";
import { chooseNetwork, connect } from "./network";
import { debianPackages } from "./preconditions";
import type { ProcessIdentity } from "./process-identity";
import { NodeProcesses } from "./processes";
import { waitForAddons, waitForFreshPods, waitForNodeReady } from "./readiness";
import type { Log, NodeNetwork, NodePaths, PortForward } from "./settings";
import { type NodeState, writeState } from "./state";
import { ensureImages } from "./system-images";

const nodeTools = [...toolGroups.kubernetes, "coredns", "local-path-provisioner"] as const;

/** What a node is made of: programs on disk and image archives. */
export interface NodeParts {
  readonly binaries: Readonly<Record<(typeof nodeTools)[number] | "pause", string>>;
  readonly archives: readonly ImageArchive[];
}

/** Everything that is settled before a node's first process starts. */
export interface BringUpPlan {
  readonly name: string;
  readonly paths: NodePaths;
  readonly cgroups: NodeCgroups;
  readonly forwards: readonly PortForward[];
  /** The slot that the node had before. */
  readonly slot: number | undefined;
  readonly parts: NodeParts;
  readonly log: Log;
}

/** Builds and installs what is missing of a node's parts. */
export async function ensureParts(images: readonly ImageSpec[], log: Log): Promise<NodeParts> {
  await ensureDebianPackages(debianPackages, { log });
  const binaries = { ...(await ensureTools(nodeTools, { log })), pause: await ensurePause() };
  return { binaries, archives: await ensureImages(binaries, images) };
}

/**
 * Starts a node from nothing that runs, and waits until it is ready. The state file tells at every moment what runs.
 * @param onProcesses receives the processes as soon as there are any, so that the caller can interrupt the start
 */
export async function bringUp(plan: BringUpPlan, onProcesses: (processes: NodeProcesses) => void): Promise<NodeState> {
  const { name, paths, cgroups, parts, log } = plan;
  const start = Date.now();
  createCgroups(cgroups);
  const init = await createNamespaces(paths, cgroups, parts.binaries.pause);
  const processes = new NodeProcesses(paths, cgroups, init);
  processes.add("init", init);
  onProcesses(processes);
  const network = await settle(init, plan);
  const record = (ready: boolean): NodeState => {
    const images = parts.archives.map((archive) => archive.name);
    const state = { name, slot: network.slot, processes: processes.identities, forwards: plan.forwards, images, ready };
    writeState(paths, state);
    return state;
  };
  record(false);
  const certificates = await ensureCertificates(paths, name, network);
  log(`network ${network.nodeAddress}, namespaces and certificates are there`);
  await startContainerd(processes, paths);
  await startEtcd(processes, paths);
  await startApiServer(processes, parts.binaries, certificates, network);
  if (plan.forwards.length > 0) {
    processes.add("forwarder", startForwarder(paths, cgroups, network.nodeAddress, plan.forwards));
  }
  record(false);
  const api = new ApiClient(paths.kubeconfig);
  const startKubernetes = async (): Promise<void> => {
    await processes.waitUntil("the API server is ready", 90, "kube-apiserver", () => api.isReady());
    log("API server is ready");
    await startControllers(processes, parts.binaries, certificates);
    const settings = { name, paths, network, cgroups, certificates, binaries: parts.binaries };
    await startKubelet(processes, settings);
    await startKubeProxy(processes, settings);
    record(false);
    await applyAddons(parts.binaries.kubectl, paths);
    await waitForNodeReady(processes, api, name, start);
    log(`node ${name} is Ready`);
  };
  await Promise.all([loadImages(processes, init, plan), startKubernetes()]);
  await waitForAddons(processes, api, start);
  log("CoreDNS and the volume provisioner are Ready");
  await waitForFreshPods(processes, api, start);
  await processes.waitUntil("the port forwarder answers", 20, "forwarder", () => forwarderAnswers(plan.forwards));
  return record(true);
}

/** Gives a new node its file systems and its network. */
async function settle(init: ProcessIdentity, plan: BringUpPlan): Promise<NodeNetwork> {
  return withMachineLock(async () => {
    const network = await chooseNetwork(plan.slot);
    await Promise.all([prepareFileSystems(init, plan.paths), connect(network, plan.cgroups.root, init)]);
    return network;
  });
}

async function loadImages(processes: NodeProcesses, init: ProcessIdentity, plan: BringUpPlan): Promise<void> {
  await waitForContainerd(processes, init);
  const loaded = await importImages(init, plan.paths, plan.parts.archives);
  plan.log(`images loaded: ${loaded.length}; there already: ${plan.parts.archives.length - loaded.length}`);
}
