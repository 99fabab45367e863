import * as kubernetes from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";

/**
 * Look-up of the StorageClass before anything of the stack is created. It fails if the StorageClass is missing: a claim
 * of a missing class would stay pending for ever.
 *
 * A preview takes the class on trust, so that it runs in checks that have no such cluster.
 */
export function requiredStorageClass(resourceName: string, storageClass: string): pulumi.Resource[] {
  return pulumi.runtime.isDryRun() ? [] : [kubernetes.storage.v1.StorageClass.get(resourceName, storageClass)];
}
