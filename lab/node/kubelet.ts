import * as path from "node:path";

import type { Certificates } from "./certificates";
import type { NodeCgroups } from "./cgroups";
import { containerdSocket } from "./containerd";
import { kubeletDirectory } from "./namespaces";
import type { NodeProcesses } from "./processes";
import { clusterDomain, dnsServiceAddress, type NodeNetwork, type NodePaths, podSubnet } from "./settings";
import { writePrivately } from "./state";

/** What a kubelet needs to know of its node. */
export interface KubeletSettings {
  readonly name: string;
  readonly paths: NodePaths;
  readonly network: NodeNetwork;
  readonly cgroups: NodeCgroups;
  readonly certificates: Certificates;
  readonly binaries: { readonly kubelet: string; readonly "kube-proxy": string };
}

/** Starts the kubelet. */
export async function startKubelet(processes: NodeProcesses, settings: KubeletSettings): Promise<void> {
  const { paths, name, network } = settings;
  const configFile = path.join(paths.config, "kubelet.json");
  writePrivately(configFile, JSON.stringify(kubeletConfig(settings), undefined, 2));
  // Name servers for pods that do not use the cluster's: none, for the node reaches nothing outside.
  writePrivately(path.join(paths.config, "resolv.conf"), "");
  await processes.start("kubelet", [
    settings.binaries.kubelet,
    `--config=${configFile}`,
    `--kubeconfig=${settings.certificates.kubeconfigs.kubelet}`,
    `--root-dir=${kubeletDirectory}`,
    `--hostname-override=${name}`,
    `--node-ip=${network.nodeAddress}`,
  ]);
}

function kubeletConfig({ paths, network, cgroups, certificates }: KubeletSettings): object {
  return {
    apiVersion: "kubelet.config.k8s.io/v1beta1",
    kind: "KubeletConfiguration",
    address: network.nodeAddress,
    healthzBindAddress: "127.0.0.1",
    readOnlyPort: 0,
    authentication: {
      anonymous: { enabled: false },
      webhook: { enabled: true },
      x509: { clientCAFile: certificates.authority.certificate },
    },
    authorization: { mode: "Webhook" },
    tlsCertFile: certificates.kubeletServer.certificate,
    tlsPrivateKeyFile: certificates.kubeletServer.key,
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
export async function startKubeProxy(processes: NodeProcesses, settings: KubeletSettings): Promise<void> {
  const configFile = path.join(settings.paths.config, "kube-proxy.json");
  const config = {
    apiVersion: "kubeproxy.config.k8s.io/v1alpha1",
    kind: "KubeProxyConfiguration",
    mode: "iptables",
    hostnameOverride: settings.name,
    clientConnection: { kubeconfig: settings.certificates.kubeconfigs.proxy },
    clusterCIDR: podSubnet,
    // These limits belong to the machine, and cannot be set from a network namespace.
    conntrack: { maxPerCore: 0, min: 0, tcpEstablishedTimeout: "0s", tcpCloseWaitTimeout: "0s" },
  };
  writePrivately(configFile, JSON.stringify(config, undefined, 2));
  await processes.start("kube-proxy", [settings.binaries["kube-proxy"], `--config=${configFile}`]);
}
