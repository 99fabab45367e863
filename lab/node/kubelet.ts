import * as path from "node:path";

import { containerdSocket } from "./containerd";
import { kubeletDirectory, kubernetesDirectory } from "./namespaces";
import { clusterDomain, dnsServiceAddress, podSubnet } from "./settings";
import type { StartingNode } from "./starting-node";
import { writePrivately } from "./state";

/** Starts the kubelet. */
export async function startKubelet(node: StartingNode): Promise<void> {
  const { paths, name, parts } = node.plan;
  const configFile = path.join(paths.config, "kubelet.json");
  writePrivately(configFile, JSON.stringify(kubeletConfig(node), undefined, 2));
  // Name servers for pods that do not use the cluster's: none, for the node reaches nothing outside.
  writePrivately(path.join(paths.config, "resolv.conf"), "");
  await node.start("kubelet", [
    parts.binaries.kubelet,
    `--config=${configFile}`,
    `--kubeconfig=${kubernetesDirectory}/kubelet.conf`,
    `--root-dir=${kubeletDirectory}`,
    `--hostname-override=${name}`,
    `--node-ip=${node.network.nodeAddress}`,
  ]);
}

function kubeletConfig({ plan: { paths, cgroups }, network }: StartingNode): object {
  return {
    apiVersion: "kubelet.config.k8s.io/v1beta1",
    kind: "KubeletConfiguration",
    address: network.nodeAddress,
    healthzBindAddress: "127.0.0.1",
    readOnlyPort: 0,
    authentication: {
      anonymous: { enabled: false },
      webhook: { enabled: true },
      x509: { clientCAFile: `${kubernetesDirectory}/pki/ca.crt` },
    },
    authorization: { mode: "Webhook" },
    containerRuntimeEndpoint: `unix://${containerdSocket}`,
    cgroupDriver: "cgroupfs",
    cgroupRoot: cgroups.root,
    failCgroupV1: false,
    enforceNodeAllocatable: [],
    // The node's own copies of these settings are as the kubelet wants them; the machine's stay untouched.
    protectKernelDefaults: true,
    failSwapOn: false,
    clusterDomain,
    clusterDNS: [dnsServiceAddress],
    resolvConf: path.join(paths.config, "resolv.conf"),
    podLogsDir: paths.podLogs,
    volumePluginDir: path.join(kubeletDirectory, "volume-plugins"),
    // Images come from archives and could not be pulled again: never remove one to gain space.
    imageGCHighThresholdPercent: 100,
    // A nearly full disk on a developer's machine is no reason to evict the monitoring.
    evictionHard: {
      "memory.available": "100Mi",
      "nodefs.available": "1%",
      "nodefs.inodesFree": "1%",
      "imagefs.available": "1%",
      "imagefs.inodesFree": "1%",
    },
  };
}

/** Starts kube-proxy, which makes Services and NodePorts out of iptables rules. */
export async function startKubeProxy(node: StartingNode): Promise<void> {
  const { paths, name, parts } = node.plan;
  const configFile = path.join(paths.config, "kube-proxy.json");
  const config = {
    apiVersion: "kubeproxy.config.k8s.io/v1alpha1",
    kind: "KubeProxyConfiguration",
    mode: "iptables",
    hostnameOverride: name,
    clientConnection: { kubeconfig: path.join(paths.config, "kube-proxy.kubeconfig") },
    clusterCIDR: podSubnet,
    // These limits belong to the machine, and cannot be set from a network namespace.
    conntrack: { maxPerCore: 0, min: 0, tcpEstablishedTimeout: "0s", tcpCloseWaitTimeout: "0s" },
  };
  writePrivately(configFile, JSON.stringify(config, undefined, 2));
  await node.start("kube-proxy", [parts.binaries["kube-proxy"], `--config=${configFile}`]);
}
