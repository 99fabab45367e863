import * as kubernetes from "@pulumi/kubernetes";

import type { Cpu, Quantity } from "../../units";

type PodSpec = kubernetes.types.input.core.v1.PodSpec;
type Container = kubernetes.types.input.core.v1.Container;

/** The rest is for what Go does not count. */
const goMemoryShare = 0.8;

/** CPU and memory of one container. */
export interface Resources {
  readonly cpuRequest: Cpu;
  readonly cpuLimit: Cpu;
  /** Request and limit alike: memory that is not reserved is memory that is lost when it is needed. */
  readonly memory: Quantity;
}

/** Requests and limits of a container. */
export function resourceRequirements(resources: Resources): kubernetes.types.input.core.v1.ResourceRequirements {
  return {
    requests: { cpu: resources.cpuRequest.text, memory: resources.memory.text },
    limits: { cpu: resources.cpuLimit.text, memory: resources.memory.text },
  };
}

/** Makes Go collect garbage before the kernel ends the process. @param share of the container's memory */
export function goMemoryLimit(resources: Resources, share = goMemoryShare): kubernetes.types.input.core.v1.EnvVar {
  return { name: "GOMEMLIMIT", value: `${Math.floor(resources.memory.bytes * share)}B` };
}

/** A variable of the same name as a Secret's key. */
export function variableFromSecret(
  secret: kubernetes.core.v1.Secret,
  key: string,
): kubernetes.types.input.core.v1.EnvVar {
  return { name: key, valueFrom: { secretKeyRef: { name: secret.metadata.name, key } } };
}

/** The user of Node.js' image. */
export const nodeUser = 1000;

/** Security settings of every pod of the stack: no root, no capabilities, no token, a read-only image. */
export function hardenedPod(userId: number, spec: Omit<PodSpec, "securityContext">): PodSpec {
  return {
    automountServiceAccountToken: false,
    enableServiceLinks: false,
    ...spec,
    securityContext: {
      runAsNonRoot: true,
      runAsUser: userId,
      runAsGroup: userId,
      fsGroup: userId,
      fsGroupChangePolicy: "OnRootMismatch",
      seccompProfile: { type: "RuntimeDefault" },
    },
  };
}

/** A container that satisfies the `restricted` Pod Security level. */
export function hardenedContainer(container: Omit<Container, "securityContext">): Container {
  return {
    ...container,
    securityContext: {
      allowPrivilegeEscalation: false,
      readOnlyRootFilesystem: true,
      capabilities: { drop: ["ALL"] },
    },
  };
}

/** A probe by a shell script in the container. Defaults as for {@link httpProbe}. */
export function scriptProbe(
  script: string,
  overrides: Omit<kubernetes.types.input.core.v1.Probe, "exec"> = {},
): kubernetes.types.input.core.v1.Probe {
  const exec = { command: ["/bin/sh", "-c", script] };
  return { exec, periodSeconds: 10, timeoutSeconds: 5, failureThreshold: 3, ...overrides };
}

/** A probe by HTTP GET. Defaults: every 10 s, three failures in a row count. */
export function httpProbe(
  path: string,
  port: string,
  { scheme, ...overrides }: Omit<kubernetes.types.input.core.v1.Probe, "httpGet"> & { scheme?: "HTTPS" } = {},
): kubernetes.types.input.core.v1.Probe {
  return { httpGet: { path, port, scheme }, periodSeconds: 10, timeoutSeconds: 5, failureThreshold: 3, ...overrides };
}
