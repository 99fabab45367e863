import * as kubernetes from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";

import type { ComponentArgs, ComponentIdentity } from "./labels";
import type { Quantity } from "../../units";

/** Inputs of a component that keeps its data on a volume. */
export interface StoreArgs extends ComponentArgs {
  readonly storageClass: pulumi.Input<string>;
  /** Size of the volume. */
  readonly storage: Quantity;
  /** Makes `pulumi destroy` refuse to delete the volume. */
  readonly protectVolume: boolean;
}

/** A component's PersistentVolumeClaim, with a fixed name, so that it outlives every workload that mounts it. */
export function volumeClaim(
  resourceName: string,
  identity: ComponentIdentity,
  { storageClass, storage, protectVolume }: StoreArgs,
  parent: pulumi.Resource,
): kubernetes.core.v1.PersistentVolumeClaim {
  return new kubernetes.core.v1.PersistentVolumeClaim(
    resourceName,
    {
      metadata: {
        name: identity.name,
        namespace: identity.namespace,
        labels: identity.selector,
        // A class that binds with the first consumer never binds before its pod exists, and the pod comes later.
        annotations: { "pulumi.com/skipAwait": "true" },
      },
      spec: volumeClaimSpec(storageClass, storage),
    },
    { parent, protect: protectVolume },
  );
}

/** The spec of a claim that one node mounts read-write. */
export function volumeClaimSpec(
  storageClass: pulumi.Input<string>,
  size: Quantity,
): kubernetes.types.input.core.v1.PersistentVolumeClaimSpec {
  return {
    accessModes: ["ReadWriteOnce"],
    storageClassName: storageClass,
    resources: { requests: { storage: size.text } },
  };
}
