import { cleanEnvironment, run } from "./commands";
import { clusterDomain, dnsServiceAddress, type NodePaths } from "./settings";
import { systemImages } from "./system-images";

/** A pod that must be Ready before the node counts as ready. */
export interface AddonPod {
  readonly namespace: string;
  /** Value of its label `app`. */
  readonly app: string;
}

const dns = { namespace: "kube-system", app: "coredns" };
const storage = { namespace: "local-path-storage", app: "local-path-provisioner" };

/** The pods of the addons. */
export const addonPods: readonly AddonPod[] = [dns, storage];

/** The usual port also inside the pod: NetworkPolicies see that one. */
const dnsPort = 53;
const rbac = "rbac.authorization.k8s.io";

/** Creates or updates name resolution and the default storage class. */
export async function applyAddons(kubectl: string, paths: NodePaths): Promise<void> {
  const list = { apiVersion: "v1", kind: "List", items: [...dnsObjects(), ...storageObjects(paths)] };
  const apply = [kubectl, "apply", "--server-side", "--force-conflicts", "--validate=false", "-f", "-"];
  // A home of its own, so that kubectl's cache of API descriptions neither misleads nor stays.
  const env = { ...cleanEnvironment, KUBECONFIG: paths.kubeconfig, KUBECACHEDIR: `${paths.config}/kubectl-cache` };
  await run(apply, { input: JSON.stringify(list), env });
}

function dnsObjects(): object[] {
  const { namespace, app } = dns;
  // No zone but these: the node reaches no other name server, and a name outside is refused at once, not after a wait.
  const corefile = [
    `${clusterDomain}:${dnsPort} in-addr.arpa:${dnsPort} ip6.arpa:${dnsPort} {`,
    "  errors",
    "  health :8080",
    "  ready :8181",
    `  kubernetes ${clusterDomain} in-addr.arpa ip6.arpa {`,
    "    pods insecure",
    "    ttl 5",
    "  }",
    "  cache 5",
    "}",
    "",
  ];
  const rules = [
    { apiGroups: [""], resources: ["services", "pods", "namespaces"], verbs: ["list", "watch"] },
    { apiGroups: ["discovery.k8s.io"], resources: ["endpointslices"], verbs: ["list", "watch"] },
  ];
  const ports = ["UDP", "TCP"].map((protocol) => ({ name: `dns-${protocol.toLowerCase()}`, protocol, port: 53 }));
  return [
    ...serviceAccountWithRole(namespace, app, rules),
    configMap(namespace, app, { Corefile: corefile.join("\n") }),
    deployment(namespace, app, dnsContainer(), { labels: dnsLabels, securityContext: { sysctls: [lowPorts] } }),
    {
      apiVersion: "v1",
      kind: "Service",
      metadata: { name: "kube-dns", namespace, labels: dnsLabels },
      spec: {
        clusterIP: dnsServiceAddress,
        selector: { app },
        ports: ports.map((port) => ({ ...port, targetPort: dnsPort })),
      },
    },
  ];
}

/** What other clusters' name servers are known by, to NetworkPolicies for one. */
const dnsLabels = { "k8s-app": "kube-dns" };
/** Lets a user other than root listen on ports below 1024. */
const lowPorts = { name: "net.ipv4.ip_unprivileged_port_start", value: "0" };

function dnsContainer(): object {
  return {
    image: systemImages.coredns,
    args: ["-conf", "/etc/coredns/Corefile"],
    ports: ["UDP", "TCP"].map((protocol) => ({ containerPort: dnsPort, protocol, name: protocol.toLowerCase() })),
    readinessProbe: { httpGet: { path: "/ready", port: 8181 }, periodSeconds: 2 },
    livenessProbe: { httpGet: { path: "/health", port: 8080 }, periodSeconds: 10, failureThreshold: 5 },
    volumeMounts: [{ name: "config", mountPath: "/etc/coredns", readOnly: true }],
  };
}

function storageObjects(paths: NodePaths): object[] {
  const { namespace, app } = storage;
  const pathMap = { node: "DEFAULT_PATH_FOR_NON_LISTED_NODES", paths: [paths.volumes] };
  const helperPod = {
    apiVersion: "v1",
    kind: "Pod",
    metadata: { name: "helper-pod" },
    spec: { containers: [{ name: "helper-pod", image: systemImages.busybox, imagePullPolicy: "IfNotPresent" }] },
  };
  const rules = [
    {
      apiGroups: [""],
      resources: ["nodes", "persistentvolumeclaims", "configmaps", "pods", "pods/log"],
      verbs: ["get", "list", "watch"],
    },
    { apiGroups: [""], resources: ["persistentvolumes"], verbs: ["*"] },
    { apiGroups: [""], resources: ["pods"], verbs: ["*"] },
    { apiGroups: [""], resources: ["events"], verbs: ["create", "patch"] },
    { apiGroups: ["storage.k8s.io"], resources: ["storageclasses"], verbs: ["get", "list", "watch"] },
  ];
  return [
    { apiVersion: "v1", kind: "Namespace", metadata: { name: namespace } },
    ...serviceAccountWithRole(namespace, app, rules),
    configMap(namespace, "local-path-config", {
      "config.json": JSON.stringify({ nodePathMap: [pathMap] }),
      // Anybody may write at first, as on other clusters with this provisioner: pods run as any user.
      setup: '#!/bin/sh\nset -eu\nmkdir -m 0777 -p "$VOL_DIR"\n',
      teardown: '#!/bin/sh\nset -eu\nrm -rf "$VOL_DIR"\n',
      "helperPod.yaml": JSON.stringify(helperPod),
    }),
    deployment(
      namespace,
      app,
      {
        image: systemImages.localPathProvisioner,
        args: [
          ...["start", "--config", "/etc/config/config.json", "--service-account-name", app],
          ...["--helper-image", systemImages.busybox],
        ],
        env: [
          { name: "POD_NAMESPACE", value: namespace },
          { name: "CONFIG_MOUNT_PATH", value: "/etc/config/" },
        ],
        volumeMounts: [{ name: "config", mountPath: "/etc/config", readOnly: true }],
      },
      { config: "local-path-config" },
    ),
    {
      apiVersion: "storage.k8s.io/v1",
      kind: "StorageClass",
      metadata: {
        name: "local-path",
        annotations: { "storageclass.kubernetes.io/is-default-class": "true" },
      },
      provisioner: "rancher.io/local-path",
      volumeBindingMode: "WaitForFirstConsumer",
      reclaimPolicy: "Delete",
    },
  ];
}

function serviceAccountWithRole(namespace: string, name: string, rules: readonly object[]): object[] {
  const subject = { kind: "ServiceAccount", name, namespace };
  return [
    { apiVersion: "v1", kind: "ServiceAccount", metadata: { name, namespace } },
    { apiVersion: `${rbac}/v1`, kind: "ClusterRole", metadata: { name }, rules },
    {
      apiVersion: `${rbac}/v1`,
      kind: "ClusterRoleBinding",
      metadata: { name },
      roleRef: { apiGroup: rbac, kind: "ClusterRole", name },
      subjects: [subject],
    },
  ];
}

function configMap(namespace: string, name: string, data: Readonly<Record<string, string>>): object {
  return { apiVersion: "v1", kind: "ConfigMap", metadata: { name, namespace }, data };
}

/** What pods of addons differ in. */
interface PodSettings {
  /** ConfigMap that is mounted. Default: the one of the addon's name. */
  readonly config?: string;
  /** Labels besides `app`. */
  readonly labels?: Readonly<Record<string, string>>;
  readonly securityContext?: object;
}

function deployment(namespace: string, app: string, container: object, settings: PodSettings = {}): object {
  const { config = app, labels = {}, securityContext = {} } = settings;
  return {
    apiVersion: "apps/v1",
    kind: "Deployment",
    metadata: { name: app, namespace },
    spec: {
      replicas: 1,
      selector: { matchLabels: { app } },
      template: {
        metadata: { labels: { app, ...labels } },
        spec: {
          serviceAccountName: app,
          securityContext,
          // Scheduled before the node is Ready, so that it starts the moment the node is.
          tolerations: [{ operator: "Exists" }],
          containers: [{ name: app, imagePullPolicy: "IfNotPresent", ...container }],
          volumes: [{ name: "config", configMap: { name: config } }],
        },
      },
    },
  };
}
