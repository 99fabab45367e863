import * as kubernetes from "@pulumi/kubernetes";
import type * as pulumi from "@pulumi/pulumi";

import type { ComponentIdentity } from "../kubernetes/labels";
import type { Cpu } from "../../units";

/** Collectors are added above this share of their CPU limit: what comes next must fit beside what is there. */
const targetShare = 0.7;

/** Arguments of the autoscaler. */
export interface CollectorAutoscalerArgs {
  readonly minReplicas: number;
  readonly maxReplicas: number;
  /** Of one collector. */
  readonly cpuLimit: Cpu;
}

/**
 * Adds collectors by load; needs metrics-server in the cluster. It takes none away: a collector that stops keeps what it
 * has not sent in its queue's volume, and nobody would send it.
 */
export function collectorAutoscaler(
  name: string,
  identity: ComponentIdentity,
  { minReplicas, maxReplicas, cpuLimit }: CollectorAutoscalerArgs,
  parent: pulumi.Resource,
): void {
  const averageValue = `${Math.round(cpuLimit.cores * targetShare * 1000)}m`;
  new kubernetes.autoscaling.v2.HorizontalPodAutoscaler(
    `${name}-autoscaler`,
    {
      metadata: { name: identity.name, namespace: identity.namespace, labels: identity.labels },
      spec: {
        scaleTargetRef: { apiVersion: "apps/v1", kind: "StatefulSet", name: identity.name },
        minReplicas,
        maxReplicas,
        metrics: [{ type: "Resource", resource: { name: "cpu", target: { type: "AverageValue", averageValue } } }],
        behavior: {
          scaleUp: { stabilizationWindowSeconds: 60, policies: [{ type: "Pods", value: 1, periodSeconds: 60 }] },
          scaleDown: { selectPolicy: "Disabled" },
        },
      },
    },
    { parent },
  );
}
