import * as kubernetes from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";

import type { ComponentIdentity } from "./labels";

/** A ConfigMap that never changes: changed content is a new name, which rolls the pods that mount it. */
export function immutableConfigMap(
  resourceName: string,
  { namespace, labels }: ComponentIdentity,
  data: Readonly<Record<string, pulumi.Input<string>>>,
  parent: pulumi.Resource,
): kubernetes.core.v1.ConfigMap {
  return new kubernetes.core.v1.ConfigMap(
    resourceName,
    { metadata: { namespace, labels }, data, immutable: true },
    { parent },
  );
}

/** A Secret with one key that never changes, likewise; none without a value. */
export function immutableSecret(
  resourceName: string,
  { namespace, labels }: ComponentIdentity,
  { key, value }: { readonly key: string; readonly value: pulumi.Input<string> | undefined },
  parent: pulumi.Resource,
): kubernetes.core.v1.Secret | undefined {
  if (value === undefined) {
    return undefined;
  }
  return new kubernetes.core.v1.Secret(
    resourceName,
    { metadata: { namespace, labels }, stringData: { [key]: pulumi.secret(value) }, immutable: true },
    { parent },
  );
}

/** Longer than a store may replay its log, and pull its image before. Without one, a rollout has failed after 600 s. */
const rolloutDeadlineSeconds = 1200;

/** The engine waits for a workload this long, in place of its ten minutes. */
export function rolloutTimeouts(minutes: number): pulumi.CustomTimeouts {
  return { create: `${minutes}m`, update: `${minutes}m` };
}

/** A Deployment of one pod that ends before its successor starts: two processes must never open the same database. */
export function singletonDeployment(
  resourceName: string,
  { selector, ...metadata }: ComponentIdentity,
  pod: kubernetes.types.input.core.v1.PodSpec,
  parent: pulumi.Resource,
): kubernetes.apps.v1.Deployment {
  return new kubernetes.apps.v1.Deployment(
    resourceName,
    {
      metadata,
      spec: {
        replicas: 1,
        strategy: { type: "Recreate" },
        progressDeadlineSeconds: rolloutDeadlineSeconds,
        selector: { matchLabels: selector },
        template: { metadata: { labels: metadata.labels }, spec: pod },
      },
    },
    // Before the deadline begins, the old pod has to end.
    { parent, customTimeouts: rolloutTimeouts(rolloutDeadlineSeconds / 60 + 5) },
  );
}
