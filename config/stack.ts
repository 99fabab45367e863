import * as pulumi from "@pulumi/pulumi";

import { parseConfig, type StackConfig } from "./schema";

/** Pulumi exports it and leaves it out of its types. */
const { isConfigSecret } = pulumi.runtime as unknown as { readonly isConfigSecret: (key: string) => boolean };

/** Reads and validates the current stack's configuration. The only place that asks Pulumi for it. */
export function readConfig(): StackConfig {
  const prefix = `${pulumi.getProject()}:`;
  const all = pulumi.runtime.allConfig();
  const own = Object.entries(all)
    .filter(([key]) => key.startsWith(prefix))
    .map(([key, value]) => ({ key: key.slice(prefix.length), value, secret: isConfigSecret(key) }));
  return parseConfig(Object.fromEntries(own.map(({ key, value }) => [key, value])), {
    encrypted: new Set(own.filter(({ secret }) => secret).map(({ key }) => key)),
    namesCluster: "kubernetes:context" in all || "kubernetes:kubeconfig" in all,
  });
}
