import { setTimeout as sleep } from "node:timers/promises";

import { z } from "zod";

import { progress } from "./progress";
import { kubectl, type StackLocation } from "./target";

/** Restarts within one command that are no accident of the start any more: the fourth comes after two minutes. */
const crashLoop = 4;
const logLines = 5;

const containerStatus = z.object({
  name: z.string(),
  ready: z.boolean(),
  restartCount: z.number(),
  state: z.object({
    waiting: z.object({ reason: z.string().optional(), message: z.string().optional() }).optional(),
  }),
});
const podList = z.object({
  items: z.array(
    z.object({
      metadata: z.object({
        name: z.string(),
        uid: z.string(),
        ownerReferences: z.array(z.object({ kind: z.string() })).default([]),
      }),
      status: z.object({
        conditions: z
          .array(z.object({ type: z.string(), status: z.string(), message: z.string().optional() }))
          .default([]),
        containerStatuses: z.array(containerStatus).default([]),
        initContainerStatuses: z.array(containerStatus).default([]),
      }),
    }),
  ),
});

type Pod = z.infer<typeof podList>["items"][number];
type ContainerStatus = z.infer<typeof containerStatus>;

/** A container, or a pod without any yet, that is waited for. */
interface Trouble {
  readonly pod: Pod["metadata"];
  readonly reason: string;
  readonly container?: ContainerStatus;
}

/**
 * Runs what brings a stack's pods up, and tells meanwhile what it waits for and why: Pulumi says nothing for ten
 * minutes.
 *
 * @param work gets a signal that ends it
 * @param everyMs how often it is told
 * @throws Error with a pod's last log lines, if that crashes again and again
 */
export async function withPodReports<Result>(
  location: StackLocation,
  work: (signal: AbortSignal) => Promise<Result>,
  everyMs = 30_000,
): Promise<Result> {
  const done = new AbortController();
  const crash = new AbortController();
  void reportUntil(location, done.signal, everyMs).catch((error: unknown) => {
    crash.abort(error);
  });
  try {
    return await work(crash.signal);
  } catch (error) {
    throw crash.signal.aborted ? crash.signal.reason : error;
  } finally {
    done.abort();
  }
}

async function reportUntil(location: StackLocation, done: AbortSignal, everyMs: number): Promise<void> {
  const restartsBefore = new Map<string, number>();
  for (;;) {
    await sleep(everyMs, undefined, { signal: done }).catch(() => undefined);
    // Not everybody who may deploy may list pods, and at first there is no namespace.
    const waiting = await troubles(location).catch(() => []);
    if (done.aborted) {
      return;
    }
    for (const trouble of waiting) {
      const text = await described(location, trouble);
      const { restartCount = 0, name = "" } = trouble.container ?? {};
      const key = `${trouble.pod.uid}/${name}`;
      restartsBefore.set(key, restartsBefore.get(key) ?? restartCount);
      if (restartCount - (restartsBefore.get(key) ?? 0) >= crashLoop) {
        throw new Error(`${text}\nIt crashes again and again; expected it to run. Correct its configuration`);
      }
      progress(`waiting for ${text}`);
    }
  }
}

async function troubles({ target, namespace, namePrefix }: StackLocation): Promise<Trouble[]> {
  const labels = `app.kubernetes.io/instance=${namePrefix}`;
  const json = await kubectl(target, ["get", "pods", "-l", labels, "--namespace", namespace, "--output=json"]);
  const pods = podList.parse(JSON.parse(json)).items;
  return pods
    .filter(({ metadata }) => metadata.ownerReferences.every(({ kind }) => kind !== "Job"))
    .flatMap(troublesOf);
}

function troublesOf({ metadata: pod, status }: Pod): Trouble[] {
  const unscheduled = status.conditions.find(({ type, status: is }) => type === "PodScheduled" && is === "False");
  if (unscheduled !== undefined) {
    return [{ pod, reason: unscheduled.message ?? "no node takes it" }];
  }
  const initial = status.initContainerStatuses.filter(({ ready }) => !ready);
  const containers = initial.length > 0 ? initial : status.containerStatuses.filter(({ ready }) => !ready);
  return containers.map((container) => {
    const { reason = "it runs, but is not ready", message } = container.state.waiting ?? {};
    return { pod, container, reason: message === undefined ? reason : `${reason}: ${message}` };
  });
}

async function described({ target, namespace }: StackLocation, { pod, reason, container }: Trouble): Promise<string> {
  const restarts = container?.restartCount ?? 0;
  const text = `${pod.name}: ${reason}${restarts === 0 ? "" : `; restarted ${restarts} times`}`;
  const began = restarts > 0 || container?.state.waiting === undefined;
  if (container === undefined || !began) {
    return text;
  }
  // While it waits for its next start, the log is that of the last one.
  const previous = container.state.waiting === undefined ? [] : ["--previous"];
  const logs = ["logs", pod.name, "--namespace", namespace, "--container", container.name, `--tail=${logLines}`];
  const lines = await kubectl(target, [...logs, ...previous]).catch(() => "");
  return lines.trim() === "" ? text : `${text}; its last lines:\n${lines.trim().replaceAll(/^/gm, "        ")}`;
}
