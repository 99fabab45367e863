import { z } from "zod";

import { type AddonPod, addonPods } from "./addons";
import type { ApiClient } from "./api";
import type { NodeProcesses } from "./processes";

const conditionSchema = z.object({ type: z.string(), status: z.string(), lastHeartbeatTime: z.string().optional() });
const nodeSchema = z.object({ status: z.object({ conditions: z.array(conditionSchema).default([]) }) });
const podSchema = z.object({
  metadata: z.object({ name: z.string(), namespace: z.string(), labels: z.record(z.string(), z.string()).default({}) }),
  status: z.object({
    phase: z.string().default("Pending"),
    conditions: z.array(conditionSchema).default([]),
    containerStatuses: z
      .array(z.object({ state: z.object({ running: z.object({ startedAt: z.string() }).optional() }) }))
      .default([]),
  }),
});
const podListSchema = z.object({ items: z.array(podSchema) });

type Pod = z.infer<typeof podSchema>;

/** Waits until the kubelet has reported the node Ready, since `start` (milliseconds since 1970). */
export async function waitForNodeReady(
  processes: NodeProcesses,
  api: ApiClient,
  name: string,
  start: number,
): Promise<void> {
  await processes.waitUntil(`node ${name} is Ready`, 90, "kubelet", async () => {
    const node = await api.read(`/api/v1/nodes/${name}`, nodeSchema);
    const ready = node.status.conditions.find((condition) => condition.type === "Ready");
    return ready?.status === "True" && isSince(ready.lastHeartbeatTime, start);
  });
}

/** Waits until the addons' pods are Ready, in containers that were started since `start`. */
export async function waitForAddons(processes: NodeProcesses, api: ApiClient, start: number): Promise<void> {
  for (const addon of addonPods) {
    await processes.waitUntil(`pod ${addon.app} is Ready`, 120, "kubelet", async () =>
      (await addonPodsOf(api, addon)).some((pod) => isReady(pod) && !isStale(pod, start)),
    );
  }
}

/**
 * After a start with kept data, pods still carry the status that they had before: waits until the kubelet has replaced
 * it everywhere, so that nobody takes a pod for ready that is not.
 */
export async function waitForFreshPods(processes: NodeProcesses, api: ApiClient, start: number): Promise<void> {
  await processes.waitUntil("the status of all pods is fresh", 120, "kubelet", async () => {
    const pods = await api.read("/api/v1/pods", podListSchema);
    return !pods.items.some((pod) => isStale(pod, start));
  });
}

async function addonPodsOf(api: ApiClient, addon: AddonPod): Promise<Pod[]> {
  const query = `labelSelector=${encodeURIComponent(`app=${addon.app}`)}`;
  return (await api.read(`/api/v1/namespaces/${addon.namespace}/pods?${query}`, podListSchema)).items;
}

function isReady(pod: Pod): boolean {
  return pod.status.conditions.some((condition) => condition.type === "Ready" && condition.status === "True");
}

/** Whether the pod claims a running container that can no longer be there. */
function isStale(pod: Pod, start: number): boolean {
  return pod.status.containerStatuses.some(({ state }) => state.running && !isSince(state.running.startedAt, start));
}

/** Times in the API have whole seconds. */
function isSince(time: string | undefined, start: number): boolean {
  return time !== undefined && Date.parse(time) >= Math.floor(start / 1000) * 1000;
}
