import * as fs from "node:fs";
import * as path from "node:path";

import { parseAllDocuments } from "yaml";

import { kubeadm } from "./control-plane";
import { systemImages } from "./parts";
import { clusterDomain } from "./settings";
import type { StartingNode } from "./starting-node";

/** Creates or updates the administrators' rights, name resolution and the default storage class. */
export async function applyAddons(node: StartingNode): Promise<void> {
  const dns = await kubeadm(node, "init", "phase", "addon", "coredns", "--print-manifest");
  const storage = fs
    .readFileSync(path.join(__dirname, "local-path-storage.yaml"), "utf8")
    .replaceAll("$(PROVISIONER_IMAGE)", systemImages.localPathProvisioner)
    .replaceAll("$(HELPER_IMAGE)", systemImages.busybox)
    .replaceAll("$(VOLUMES)", node.plan.paths.volumes);
  const items = [administrators, ...read(dns).map(forOneNode), ...read(storage)];
  // Release 0.1.0 had a CoreDNS without this label, whose selector cannot be changed in place.
  await node.kubectl(["delete", "deployments", "--namespace=kube-system", "--selector=!k8s-app", "--wait=false"]);
  const apply = ["apply", "--server-side", "--force-conflicts", "--validate=false", "-f", "-"];
  await node.kubectl(apply, JSON.stringify({ apiVersion: "v1", kind: "List", items }));
}

/** The group in which kubeadm puts administrators, among them the API server when it calls the kubelet. */
const administrators = {
  apiVersion: "rbac.authorization.k8s.io/v1",
  kind: "ClusterRoleBinding",
  metadata: { name: "kubeadm:cluster-admins" },
  roleRef: { apiGroup: "rbac.authorization.k8s.io", kind: "ClusterRole", name: "cluster-admin" },
  subjects: [{ apiGroup: "rbac.authorization.k8s.io", kind: "Group", name: "kubeadm:cluster-admins" }],
};

/** The little of a Kubernetes object that is changed here. */
interface Manifest {
  readonly kind: string;
  readonly metadata: object;
  readonly spec?: { readonly template?: { readonly spec: object } };
}

function read(yaml: string): Manifest[] {
  return parseAllDocuments(yaml).map((document) => document.toJS() as Manifest);
}

/** An object of kubeadm's CoreDNS, for a node that is alone and reaches no other name server. */
function forOneNode(manifest: Manifest): object {
  switch (manifest.kind) {
    case "ConfigMap":
      return { ...manifest, data: { Corefile: corefile } };
    case "Deployment": {
      const template = manifest.spec?.template;
      // Scheduled before the node is Ready, so that it starts the moment the node is.
      const pod = { ...template?.spec, tolerations: [{ operator: "Exists" }] };
      return { ...manifest, spec: { ...manifest.spec, replicas: 1, template: { ...template, spec: pod } } };
    }
    default:
      return { ...manifest, metadata: { ...manifest.metadata, resourceVersion: undefined } };
  }
}

/** No zone but these: a name outside is refused at once, not after a wait. */
const corefile = `
${clusterDomain}:53 in-addr.arpa:53 ip6.arpa:53 {
  errors
  health :8080
  ready :8181
  kubernetes ${clusterDomain} in-addr.arpa ip6.arpa {
    pods insecure
    ttl 5
  }
  cache 5
}
`;
