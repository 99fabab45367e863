import type { General } from "./general";
import { type Grafana, isInCluster } from "./grafana";
import { formatPath } from "./paths";
import { Secret } from "./values";

/** Facts about values besides the values themselves. */
export interface ConfigOrigin {
  /** Keys whose value, or a part of it, Pulumi keeps encrypted. Default none. */
  readonly encrypted?: ReadonlySet<string>;
  /** Paths whose values only stand for secrets that cannot be read here. Default none. */
  readonly unreadable?: ReadonlySet<string>;
  /** True if the stack names its cluster. Default: the caller takes care of it. */
  readonly namesCluster?: boolean;
}

/** Secrets that lie in plain text in the stack's file. */
export function plainSecrets(config: object, { encrypted = new Set() }: ConfigOrigin): string[] {
  return Object.entries(config)
    .filter(([key]) => !encrypted.has(key))
    .flatMap(([key, value]) => pathsOfSecrets(value, [key]))
    .map(
      (path) => `${path}: found plain text; in production expected a secret, pulumi config set --secret --path ${path}`,
    );
}

/** Paths of the secrets in some values. */
function pathsOfSecrets(value: unknown, path: readonly string[]): string[] {
  if (value instanceof Secret) {
    return [formatPath(path)];
  }
  return typeof value === "object" && value !== null
    ? Object.entries(value).flatMap(([key, inner]) => pathsOfSecrets(inner, [...path, key]))
    : [];
}

/** A stack that would go to whatever cluster the kubeconfig's current context is of. */
export function unnamedCluster(config: General & Grafana, { namesCluster }: ConfigOrigin): string[] {
  return isInCluster(config) && namesCluster === false
    ? [
        "kubernetes:context: found nothing; in production expected the kubeconfig's context of this stack's cluster, or " +
          "kubernetes:kubeconfig",
      ]
    : [];
}
