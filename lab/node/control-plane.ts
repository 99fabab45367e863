import * as fs from "node:fs";
import * as https from "node:https";
import * as path from "node:path";

import { parse, stringify } from "yaml";
import { z } from "zod";

import { toolVersion } from "../toolchain/tools";
import { containerdSocket } from "./containerd";
import { systemImages } from "./parts";
import { apiServerPort, clusterDomain, serviceSubnet } from "./settings";
import type { StartingNode } from "./starting-node";
import { writePrivately } from "./state";

const etcdClient = "http://127.0.0.1:2379";
const etcdPeer = "http://127.0.0.1:2380";

/** Files that last as long as the node's data: the authorities and the key that signs service account tokens. */
const lasting = /^pki\/(ca|front-proxy-ca|sa)\./;

/**
 * Makes kubeadm write certificates, kubeconfigs and the control plane's flags. All but the {@link lasting} is new at each
 * start, because it holds the node's address.
 */
export async function prepareControlPlane(node: StartingNode): Promise<void> {
  const { kubernetes, config, kubeconfig } = node.plan.paths;
  for (const entry of fs.readdirSync(kubernetes, { recursive: true, encoding: "utf8" })) {
    if (path.extname(entry) !== "" && !lasting.test(entry)) {
      fs.rmSync(path.join(kubernetes, entry));
    }
  }
  writePrivately(
    kubeadmConfigFile(node),
    kubeadmConfig(node)
      .map((document) => stringify(document))
      .join("---\n"),
  );
  await kubeadm(node, "init", "phase", "certs", "all");
  await kubeadm(node, "init", "phase", "kubeconfig", "all");
  await kubeadm(node, "init", "phase", "control-plane", "all");
  // Of the two administrators, the one whose rights do not wait for a role binding.
  fs.copyFileSync(path.join(kubernetes, "super-admin.conf"), kubeconfig);
  await node.kubectl(["config", "rename-context", `kubernetes-super-admin@${node.plan.name}`, node.plan.name]);
  const proxy = await kubeadm(node, "kubeconfig", "user", "--client-name=system:kube-proxy");
  writePrivately(path.join(config, "kube-proxy.kubeconfig"), proxy);
}

/** Runs kubeadm on the node's configuration. @returns its standard output */
export function kubeadm(node: StartingNode, ...words: readonly string[]): Promise<string> {
  return node.run(node.plan.parts.binaries.kubeadm, ...words, `--config=${kubeadmConfigFile(node)}`);
}

function kubeadmConfigFile(node: StartingNode): string {
  return path.join(node.plan.paths.config, "kubeadm.yaml");
}

function kubeadmConfig({ plan, network }: StartingNode): object[] {
  const apiVersion = "kubeadm.k8s.io/v1beta4";
  const [, imageRepository, imageTag] = /^(.*)\/coredns:(.*)$/.exec(systemImages.coredns) ?? [];
  // The only ones, so nobody has to be elected.
  const onlyOne = { extraArgs: [{ name: "leader-elect", value: "false" }] };
  return [
    {
      apiVersion,
      kind: "InitConfiguration",
      localAPIEndpoint: { advertiseAddress: network.nodeAddress, bindPort: apiServerPort },
      nodeRegistration: { name: plan.name, criSocket: `unix://${containerdSocket}` },
    },
    {
      apiVersion,
      kind: "ClusterConfiguration",
      kubernetesVersion: `v${toolVersion("kube-apiserver")}`,
      clusterName: plan.name,
      encryptionAlgorithm: "ECDSA-P256",
      etcd: { external: { endpoints: [etcdClient] } },
      networking: { serviceSubnet, dnsDomain: clusterDomain },
      dns: { imageRepository, imageTag },
      controllerManager: onlyOne,
      scheduler: onlyOne,
    },
  ];
}

/** Starts etcd. It listens on the node's own loopback only, which neither pods nor the host reach. */
export async function startEtcd(node: StartingNode): Promise<void> {
  await node.start("etcd", [
    "etcd",
    `--data-dir=${node.plan.paths.etcd}`,
    `--listen-client-urls=${etcdClient}`,
    `--advertise-client-urls=${etcdClient}`,
    `--listen-peer-urls=${etcdPeer}`,
    `--initial-advertise-peer-urls=${etcdPeer}`,
    `--initial-cluster=default=${etcdPeer}`,
    "--logger=zap",
    "--log-level=warn",
  ]);
}

const manifestSchema = z.object({
  spec: z.object({ containers: z.tuple([z.object({ command: z.array(z.string()) })]) }),
});

/** Starts a part of the control plane as a daemon, with the flags of the static pod that kubeadm would make of it. */
export async function startControlPlane(
  node: StartingNode,
  name: "kube-apiserver" | "kube-controller-manager" | "kube-scheduler",
): Promise<void> {
  const file = path.join(node.plan.paths.kubernetes, "manifests", `${name}.yaml`);
  const [{ command }] = manifestSchema.parse(parse(fs.readFileSync(file, "utf8"))).spec.containers;
  await node.start(name, [node.plan.parts.binaries[name], ...command.slice(1)]);
}

/** True if the API server says that it is ready. It tells anybody, so the caller needs no certificate. */
export async function apiServerReady(nodeAddress: string): Promise<boolean> {
  return new Promise((resolve) => {
    const url = `https://${nodeAddress}:${apiServerPort}/readyz`;
    const request = https.get(url, { rejectUnauthorized: false, agent: false, timeout: 5000 }, (response) => {
      response.resume();
      resolve(response.statusCode === 200);
    });
    request.on("timeout", () => request.destroy());
    request.on("error", () => {
      resolve(false);
    });
  });
}
