import { Deployment, Registered } from "./deployment";

type Json = Readonly<Record<string, unknown>>;

/** A container as Kubernetes describes it, as far as the invariants look. */
export interface AnyContainer {
  readonly name: string;
  readonly image: string;
  readonly securityContext?: Json;
  readonly resources?: { readonly requests?: Json; readonly limits?: Json };
  readonly ports?: readonly { readonly hostPort?: number }[];
  readonly readinessProbe?: Json;
  readonly livenessProbe?: Json;
  readonly startupProbe?: Json;
  readonly lifecycle?: Json;
}

/** A pod's spec, as far as the invariants look. */
export interface AnyPodSpec {
  readonly containers: readonly AnyContainer[];
  readonly initContainers?: readonly AnyContainer[];
  readonly ephemeralContainers?: readonly AnyContainer[];
  readonly volumes?: readonly (Json & { readonly name: string })[];
  readonly securityContext?: Json;
  readonly automountServiceAccountToken?: boolean;
  readonly terminationGracePeriodSeconds?: number;
  readonly serviceAccountName?: string;
  readonly hostNetwork?: boolean;
  readonly hostPID?: boolean;
  readonly hostIPC?: boolean;
}

/** A pod that some resource makes. */
export interface PodOf {
  readonly resource: Registered;
  readonly labels: Readonly<Record<string, string>>;
  readonly spec: AnyPodSpec;
  /** Whether it is meant to run for ever: not of a Job. */
  readonly lasting: boolean;
  readonly replicas: number;
}

/** Every pod of a deployment, whatever kind of resource makes it. */
export function podsOf(deployment: Deployment): readonly PodOf[] {
  return deployment.resources
    .filter(({ type }) => type.startsWith("kubernetes:"))
    .flatMap((resource) =>
      templates(resource.inputs).map((template) => ({
        resource,
        labels: (template["metadata"] as { labels?: Record<string, string> } | undefined)?.labels ?? {},
        spec: template["spec"] as AnyPodSpec,
        lasting: !/:(Job|CronJob)$/.test(resource.type),
        replicas: (resource.inputs["spec"] as { replicas?: number }).replicas ?? 1,
      })),
    );
}

/** What has a `spec` with `containers`, at any depth: a Pod itself, or a template. */
function templates(value: unknown): Json[] {
  if (typeof value !== "object" || value === null) {
    return [];
  }
  const spec = (value as Json)["spec"] as Json | undefined;
  const own = Array.isArray(spec?.["containers"]) ? [value as Json] : [];
  return [...own, ...Object.values(value).flatMap(templates)];
}

/** All containers of a pod, those that run first or for a while included. */
export function containersOf({ containers, initContainers = [], ephemeralContainers = [] }: AnyPodSpec) {
  return [...containers, ...initContainers, ...ephemeralContainers];
}
