import type { Certificates, KeyPair } from "./certificates";
import type { NodeProcesses } from "./processes";
import { apiServerPort, type NodeNetwork, type NodePaths, serviceSubnet } from "./settings";

const etcdClient = "http://127.0.0.1:2379";
const etcdPeer = "http://127.0.0.1:2380";

/** The control plane's Kubernetes binaries. */
export interface ControlPlaneBinaries {
  readonly "kube-apiserver": string;
  readonly "kube-controller-manager": string;
  readonly "kube-scheduler": string;
}

/** Starts etcd. It listens on the node's own loopback only, which neither pods nor the host reach. */
export async function startEtcd(processes: NodeProcesses, paths: NodePaths): Promise<void> {
  await processes.start("etcd", [
    "etcd",
    `--data-dir=${paths.etcd}`,
    `--listen-client-urls=${etcdClient}`,
    `--advertise-client-urls=${etcdClient}`,
    `--listen-peer-urls=${etcdPeer}`,
    `--initial-advertise-peer-urls=${etcdPeer}`,
    `--initial-cluster=default=${etcdPeer}`,
    "--logger=zap",
    "--log-level=warn",
  ]);
}

/** Starts the API server. It waits for etcd by itself. */
export async function startApiServer(
  processes: NodeProcesses,
  binaries: ControlPlaneBinaries,
  certificates: Certificates,
  network: NodeNetwork,
): Promise<void> {
  await processes.start("kube-apiserver", [
    binaries["kube-apiserver"],
    `--etcd-servers=${etcdClient}`,
    `--advertise-address=${network.nodeAddress}`,
    `--secure-port=${apiServerPort}`,
    `--service-cluster-ip-range=${serviceSubnet}`,
    "--authorization-mode=Node,RBAC",
    "--allow-privileged=true",
    "--profiling=false",
    `--client-ca-file=${certificates.authority.certificate}`,
    ...pairFlags("tls-cert-file", "tls-private-key-file", certificates.apiServer),
    `--kubelet-certificate-authority=${certificates.authority.certificate}`,
    ...pairFlags("kubelet-client-certificate", "kubelet-client-key", certificates.kubeletClient),
    "--kubelet-preferred-address-types=InternalIP",
    "--service-account-issuer=https://kubernetes.default.svc",
    `--service-account-key-file=${certificates.serviceAccountKey}`,
    `--service-account-signing-key-file=${certificates.serviceAccountKey}`,
    `--requestheader-client-ca-file=${certificates.frontProxyAuthority.certificate}`,
    "--requestheader-allowed-names=front-proxy-client",
    "--requestheader-username-headers=X-Remote-User",
    "--requestheader-group-headers=X-Remote-Group",
    "--requestheader-extra-headers-prefix=X-Remote-Extra-",
    ...pairFlags("proxy-client-cert-file", "proxy-client-key-file", certificates.frontProxyClient),
  ]);
}

/** Starts the controller manager and the scheduler: the only ones, so nobody has to be elected. */
export async function startControllers(
  processes: NodeProcesses,
  binaries: ControlPlaneBinaries,
  certificates: Certificates,
): Promise<void> {
  const common = ["--bind-address=127.0.0.1", "--leader-elect=false", "--profiling=false"];
  await processes.start("kube-controller-manager", [
    binaries["kube-controller-manager"],
    ...common,
    ...kubeconfigFlags(certificates.kubeconfigs["controller-manager"]),
    "--use-service-account-credentials=true",
    `--service-account-private-key-file=${certificates.serviceAccountKey}`,
    `--root-ca-file=${certificates.authority.certificate}`,
    ...pairFlags("cluster-signing-cert-file", "cluster-signing-key-file", certificates.authority),
  ]);
  await processes.start("kube-scheduler", [
    binaries["kube-scheduler"],
    ...common,
    ...kubeconfigFlags(certificates.kubeconfigs.scheduler),
  ]);
}

function pairFlags(certificateFlag: string, keyFlag: string, pair: KeyPair): string[] {
  return [`--${certificateFlag}=${pair.certificate}`, `--${keyFlag}=${pair.key}`];
}

function kubeconfigFlags(file: string): string[] {
  return [`--kubeconfig=${file}`, `--authentication-kubeconfig=${file}`, `--authorization-kubeconfig=${file}`];
}
