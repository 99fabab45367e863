import { type AnyContainer, type AnyPodSpec, containersOf } from "./pod-templates";

/**
 * Kubernetes' Pod Security Standards, level `restricted` (which includes `baseline`), written down from
 * https://kubernetes.io/docs/concepts/security/pod-security-standards/ as of Kubernetes 1.34.
 */

type Json = Readonly<Record<string, unknown>>;

const allowedVolumes: ReadonlySet<string> = new Set([
  ...["configMap", "csi", "downwardAPI", "emptyDir", "ephemeral", "persistentVolumeClaim", "projected", "secret"],
]);
const safeSysctls: ReadonlySet<string> = new Set([
  ...["kernel.shm_rmid_forced", "net.ipv4.ip_local_port_range", "net.ipv4.ip_unprivileged_port_start"],
  ...["net.ipv4.tcp_syncookies", "net.ipv4.ping_group_range", "net.ipv4.ip_local_reserved_ports"],
  ...["net.ipv4.tcp_keepalive_time", "net.ipv4.tcp_fin_timeout", "net.ipv4.tcp_keepalive_intvl"],
  ...["net.ipv4.tcp_keepalive_probes", "net.ipv4.tcp_rmem", "net.ipv4.tcp_wmem"],
]);
const seLinuxTypes: readonly unknown[] = [
  ...[undefined, "", "container_t", "container_init_t", "container_kvm_t", "container_engine_t"],
];

/** What the level `restricted` would refuse in a pod; empty if nothing. */
export function restrictedViolations(pod: AnyPodSpec): string[] {
  const inPod = pod.securityContext ?? {};
  return [
    ...(["hostNetwork", "hostPID", "hostIPC"] as const).filter((key) => pod[key] === true),
    ...(pod.volumes ?? []).flatMap((volume) =>
      Object.keys(volume)
        .filter((key) => key !== "name" && !allowedVolumes.has(key))
        .map((kind) => `volume ${volume.name}: ${kind}`),
    ),
    ...(list(inPod["sysctls"]) as { name: string }[])
      .filter(({ name }) => !safeSysctls.has(name))
      .map(({ name }) => `sysctl ${name}`),
    ...contextViolations("pod", inPod),
    ...containersOf(pod).flatMap((container) => containerViolations(container, inPod)),
  ];
}

function containerViolations(container: AnyContainer, inPod: Json): string[] {
  const own = container.securityContext ?? {};
  // A container's own value comes before the pod's.
  const effective = (key: string) => own[key] ?? inPod[key];
  const capabilities = (own["capabilities"] ?? {}) as { add?: string[]; drop?: string[] };
  const seccomp = (effective("seccompProfile") as { type?: string } | undefined)?.type;
  const problems: readonly (readonly [bad: boolean, rule: string])[] = [
    [own["privileged"] === true, "privileged"],
    [own["allowPrivilegeEscalation"] !== false, "allowPrivilegeEscalation is not false"],
    [!(capabilities.drop ?? []).includes("ALL"), "capabilities.drop lacks ALL"],
    [(capabilities.add ?? []).some((name) => name !== "NET_BIND_SERVICE"), "capabilities.add"],
    [effective("runAsNonRoot") !== true, "runAsNonRoot is not true"],
    [effective("runAsUser") === 0, "runAsUser is 0"],
    [seccomp !== "RuntimeDefault" && seccomp !== "Localhost", "seccompProfile"],
    [![undefined, "Default"].includes(own["procMount"] as string | undefined), "procMount"],
    [(container.ports ?? []).some(({ hostPort = 0 }) => hostPort !== 0), "hostPort"],
    [JSON.stringify(handlers(container)).includes('"host":'), "host of a probe or hook"],
  ];
  return [
    ...problems.filter(([bad]) => bad).map(([, rule]) => `${container.name}: ${rule}`),
    ...contextViolations(container.name, own),
  ];
}

function handlers({ readinessProbe, livenessProbe, startupProbe, lifecycle }: AnyContainer): unknown[] {
  return [readinessProbe, livenessProbe, startupProbe, lifecycle];
}

/** Rules that hold for a pod's security context and a container's alike. */
function contextViolations(where: string, context: Json): string[] {
  const seLinux = (context["seLinuxOptions"] ?? {}) as Json;
  const appArmor = ((context["appArmorProfile"] ?? {}) as Json)["type"];
  const windows = (context["windowsOptions"] ?? {}) as Json;
  const seccomp = ((context["seccompProfile"] ?? {}) as Json)["type"];
  const problems: readonly (readonly [bad: boolean, rule: string])[] = [
    [!seLinuxTypes.includes(seLinux["type"]), "seLinuxOptions.type"],
    [Boolean(seLinux["user"]) || Boolean(seLinux["role"]), "seLinuxOptions.user or role"],
    [appArmor === "Unconfined", "appArmorProfile"],
    [seccomp === "Unconfined", "seccompProfile is Unconfined"],
    [windows["hostProcess"] === true, "windowsOptions.hostProcess"],
    [context["runAsUser"] === 0, "runAsUser is 0"],
  ];
  return problems.filter(([bad]) => bad).map(([, rule]) => `${where}: ${rule}`);
}

function list(value: unknown): unknown[] {
  return Array.isArray(value) ? (value as unknown[]) : [];
}
