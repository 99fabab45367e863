import { z } from "zod";

import type { StartingNode } from "./starting-node";

const objectSchema = z.object({
  kind: z.string(),
  metadata: z.object({ name: z.string(), labels: z.record(z.string(), z.string()).default({}) }),
  status: z.object({
    conditions: z
      .array(z.object({ type: z.string(), status: z.string(), lastHeartbeatTime: z.string().optional() }))
      .default([]),
    containerStatuses: z
      .array(z.object({ state: z.object({ running: z.object({ startedAt: z.string() }).optional() }) }))
      .default([]),
  }),
});

type NodeOrPod = z.infer<typeof objectSchema>;

/** The addons' pods are labelled so, with `k8s-app` or `app`. */
const addons = ["kube-dns", "local-path-provisioner"];

/**
 * Waits until the node and its addons are Ready. After a start with kept data, nodes and pods still carry the status that
 * they had before. A status counts once the kubelet has replaced it everywhere.
 */
export async function waitUntilReady(node: StartingNode): Promise<void> {
  await node.waitUntil("node and addons are Ready", 200, "kubelet", async () => {
    const json = await node.kubectl(["get", "nodes,pods", "--all-namespaces", "--output=json"]);
    const { items } = z.object({ items: z.array(objectSchema) }).parse(JSON.parse(json));
    const stale = items.filter((item) => isStale(item, node.startTime)).map(({ metadata }) => metadata.name);
    const ready = items.filter(isReady);
    const missing = [
      ...(ready.some(({ kind }) => kind === "Node") ? [] : [node.plan.name]),
      ...addons.filter((name) => !ready.some(({ metadata }) => Object.values(metadata.labels).includes(name))),
    ];
    if (stale.length > 0 || missing.length > 0) {
      throw new Error(`waiting for ${[...stale, ...missing].join(", ")}`);
    }
    return true;
  });
}

function isReady({ status }: NodeOrPod): boolean {
  return status.conditions.some((condition) => condition.type === "Ready" && condition.status === "True");
}

/** True if a status is from before the start: a node's heartbeat, or a pod's container that can no longer be there. */
function isStale({ status }: NodeOrPod, start: number): boolean {
  const times = [
    ...status.conditions.map(({ lastHeartbeatTime }) => lastHeartbeatTime),
    ...status.containerStatuses.map(({ state }) => state.running?.startedAt),
  ];
  // Times in the API have whole seconds. Conditions of pods have no heartbeat.
  return times.some((time) => typeof time === "string" && Date.parse(time) < Math.floor(start / 1000) * 1000);
}
