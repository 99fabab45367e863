import * as kubernetes from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";

import { Labels } from "./labels";

/** Inputs of {@link volumeClaim}. */
export interface VolumeClaimArgs {
  readonly name: string;
  readonly namespace: pulumi.Input<string>;
  readonly labels: Labels;
  readonly storageClass: pulumi.Input<string>;
  /** Kubernetes quantity, e.g. `10Gi`. */
  readonly size: pulumi.Input<string>;
  /** Whether `pulumi destroy` refuses to delete it. */
  readonly protect: boolean;
}

/** A PersistentVolumeClaim with a fixed name, so that it outlives every workload that mounts it. */
export function volumeClaim(
  resourceName: string,
  args: VolumeClaimArgs,
  parent: pulumi.Resource,
): kubernetes.core.v1.PersistentVolumeClaim {
  return new kubernetes.core.v1.PersistentVolumeClaim(
    resourceName,
    {
      metadata: {
        name: args.name,
        namespace: args.namespace,
        labels: args.labels,
        // A class that binds with the first consumer never binds before its pod exists, and the pod comes later.
        annotations: { "pulumi.com/skipAwait": "true" },
      },
      spec: volumeClaimSpec(args.storageClass, args.size),
    },
    { parent, protect: args.protect },
  );
}

/** The spec of a claim that one node mounts read-write. */
export function volumeClaimSpec(
  storageClass: pulumi.Input<string>,
  size: pulumi.Input<string>,
): kubernetes.types.input.core.v1.PersistentVolumeClaimSpec {
  return {
    accessModes: ["ReadWriteOnce"],
    storageClassName: storageClass,
    resources: { requests: { storage: size } },
  };
}
