import * as kubernetes from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";

import type { ComponentIdentity } from "../kubernetes/labels";
import { authorization, remoteAuthorizationVariable, remoteSecretFile, type RemoteStore } from "./remote-store";

/** A distributed store, with what gets one in. */
export interface RemoteStoreArgs {
  readonly store: RemoteStore;
  /** Password or token. Undefined: the store asks for none. */
  readonly secret?: pulumi.Input<string>;
}

/**
 * The Secret with the password or token, as Prometheus reads it (a file) or as the collector does (a header's value).
 * Its name changes with its content, so that pods notice. Undefined where the store asks for none.
 */
export function remoteStoreSecret(
  name: string,
  { namespace, labels }: ComponentIdentity,
  args: RemoteStoreArgs | undefined,
  parent: pulumi.Resource,
  as: "file" | "header",
): kubernetes.core.v1.Secret | undefined {
  if (args?.secret === undefined) {
    return undefined;
  }
  const { auth } = args.store;
  const secret = pulumi.secret(args.secret);
  const stringData: Record<string, pulumi.Input<string>> = as === "file"
    ? { [remoteSecretFile]: secret }
    : { [remoteAuthorizationVariable]: secret.apply((value) => authorization(auth, value)) };
  return new kubernetes.core.v1.Secret(
    `${name}-remote-store`,
    { metadata: { namespace, labels }, stringData, immutable: true },
    { parent },
  );
}
