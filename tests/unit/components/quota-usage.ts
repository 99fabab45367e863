import { parseCpu, parseQuantity } from "../../../units";
import type { Deployment } from "./deployment";
import { type AnyContainer, podsOf } from "./pod-templates";

/** What a namespace's quota counts, with one more of each pod. */
export function usage(deployment: Deployment): Record<string, number> {
  const pods = podsOf(deployment);
  const sum = (part: "requests" | "limits", kind: "cpu" | "memory") =>
    pods.reduce((total, { spec, replicas }) => {
      const amount = ({ resources }: AnyContainer) => amountOf(kind, String(resources?.[part]?.[kind]));
      // As Kubernetes counts: init containers end one by one, before the others begin.
      const most = Math.max(
        spec.containers.map(amount).reduce((a, b) => a + b, 0),
        ...(spec.initContainers ?? []).map(amount),
      );
      return total + (replicas + 1) * most;
    }, 0);
  const claims = deployment.resources.flatMap(({ type, inputs }) => {
    const { volumeClaimTemplates = [], replicas = 1 } = (inputs["spec"] ?? {}) as StatefulSpec;
    return type.endsWith(":PersistentVolumeClaim")
      ? [inputs["spec"] as ClaimSpec]
      : volumeClaimTemplates.flatMap(({ spec }) => Array.from({ length: replicas }, () => spec));
  });
  return {
    pods: pods.reduce((total, { replicas }) => total + replicas + 1, 0),
    "requests.cpu": sum("requests", "cpu"),
    "limits.cpu": sum("limits", "cpu"),
    "requests.memory": sum("requests", "memory"),
    "limits.memory": sum("limits", "memory"),
    persistentvolumeclaims: claims.length,
    "requests.storage": claims.reduce(
      (total, claim) => total + amountOf("storage", claim.resources.requests.storage),
      0,
    ),
  };
}

interface ClaimSpec {
  readonly resources: { readonly requests: { readonly storage: string } };
}

interface StatefulSpec {
  readonly replicas?: number;
  readonly volumeClaimTemplates?: readonly { readonly spec: ClaimSpec }[];
}

/** Cores, bytes or pieces. */
export function amountOf(name: string, text: string): number {
  return (name.endsWith("cpu") ? parseCpu(text)?.cores : parseQuantity(text)?.bytes) ?? Number.NaN;
}
