import * as kubernetes from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";

import type { Place } from "../kubernetes/labels";
import type { Resources } from "../kubernetes/pod";
import type { Quantity } from "../../units";

/** Replicas of one component, all alike, and what each is given. */
export interface WorkloadSize {
  readonly replicas: number;
  readonly resources: Resources;
  /** Volume of each replica. Default: none. */
  readonly storage?: Quantity;
}

/**
 * Ratio of the quota to the stack's size. At twice, an update that halves or doubles everything never waits for the
 * quota, whichever of the two changes first. There is also room for volumes of removed replicas, and for a restore's
 * second copy.
 */
const room = 2;
/** Beside the stack's own: what a pod that asks for nothing is given, see {@link containerDefaults}. */
const otherPods = 10;

/** Defaults for a container without requests or limits; without them, the quota would refuse its pod. */
const containerDefaults = {
  defaultRequest: { cpu: "50m", memory: "64Mi" },
  default: { cpu: "500m", memory: "256Mi" },
};

/** Inputs of {@link NamespaceLimits}. */
export interface NamespaceLimitsArgs extends Place {
  /** Everything that is deployed. */
  readonly workloads: readonly WorkloadSize[];
}

/** ResourceQuota and LimitRange of the namespace: whatever runs wild in it takes nothing from its neighbours. */
export class NamespaceLimits extends pulumi.ComponentResource {
  constructor(name: string, args: NamespaceLimitsArgs, opts?: pulumi.ComponentResourceOptions) {
    super("claude-monitoring:namespace-limits:NamespaceLimits", name, {}, opts);
    const { namePrefix, namespace } = args;
    const quotaName = `${namePrefix}-quota`;
    new kubernetes.core.v1.ResourceQuota(
      `${name}-quota`,
      { metadata: { name: quotaName, namespace }, spec: { hard: quota(args.workloads) } },
      { parent: this },
    );
    new kubernetes.core.v1.LimitRange(
      `${name}-defaults`,
      {
        metadata: { name: `${namePrefix}-defaults`, namespace },
        spec: { limits: [{ type: "Container", ...containerDefaults }] },
      },
      { parent: this },
    );
    this.registerOutputs({ quotaName });
  }
}

/** The quota's `hard` values: {@link room} times what the workloads ask for. */
export function quota(workloads: readonly WorkloadSize[]): Record<string, string> {
  const total = (amount: (workload: WorkloadSize) => number) =>
    room * workloads.reduce((sum, workload) => sum + workload.replicas * amount(workload), 0);
  const cores = (amount: number) => `${Math.ceil(amount * 1000)}m`;
  const mebibytes = (bytes: number) => `${Math.ceil(bytes / 2 ** 20)}Mi`;
  // Requests and limits of memory are equal.
  const memory = mebibytes(total(({ resources }) => resources.memory.bytes));
  return {
    pods: String(total(() => 1) + otherPods),
    "requests.cpu": cores(total(({ resources }) => resources.cpuRequest.cores)),
    "limits.cpu": cores(total(({ resources }) => resources.cpuLimit.cores)),
    "requests.memory": memory,
    "limits.memory": memory,
    persistentvolumeclaims: String(total(() => 1)),
    "requests.storage": mebibytes(total(({ storage }) => storage?.bytes ?? 0)),
  };
}
