import { setTimeout as sleep } from "node:timers/promises";

import { z } from "zod";

import type { BackedUpStore } from "../components/backup/backup";
import { serviceNames } from "../components/kubernetes/names";
import { type BackupTemplate, runBackupJob } from "./backup-jobs";
import { untilReady } from "./health";
import type { StackLocation } from "./target";
import { prometheusProxy } from "./prometheus-in-cluster";
import { progress } from "./progress";
import { kubectl } from "./target";

const deployment = z.object({
  spec: z.object({
    template: z.object({ spec: z.object({ containers: z.array(z.object({ resources: z.looseObject({}) })) }) }),
  }),
});
const podList = z.object({ items: z.array(z.object({ metadata: z.object({ name: z.string() }) })) });
/** A store with a long log takes its time to start. */
const readyTimeoutSeconds = 900;

/**
 * Brings a backup back into a store's volume.
 *
 * To Prometheus it is added while it runs: what has come since the backup stays. Loki and Grafana are stopped, and the
 * backup takes the place of what they have.
 *
 * @param replace whether data of Loki or Grafana may be replaced
 * @returns what was restored
 * @throws Error if there is no such backup, if it is not complete, or if the volume holds data that may not be replaced
 */
export async function restoreStore(
  location: StackLocation,
  store: BackedUpStore,
  template: BackupTemplate,
  name: string,
  replace: boolean,
): Promise<string> {
  const args = ["restore", name, ...(replace ? ["replace"] : [])];
  const workload = `deployment/${serviceNames(location.namePrefix)[store]}`;
  if (store === "prometheus") {
    // It reads the log of Prometheus, which takes as much memory as Prometheus had.
    const resources = await resourcesOf(location, workload);
    const printed = await runBackupJob(location, store, template, { args, writes: true, resources });
    progress("prometheus: waiting until it has read the blocks");
    await untilBlocksAreRead(location);
    return printed;
  }
  progress(`${store}: stopping`);
  await scale(location, workload, 0);
  try {
    await untilNoPods(location, store);
    return await runBackupJob(location, store, template, { args, writes: true, alone: true });
  } finally {
    progress(`${store}: starting`);
    await scale(location, workload, 1);
    await untilReady(location, readyTimeoutSeconds);
  }
}

async function resourcesOf({ target, namespace }: StackLocation, workload: string) {
  const json = await kubectl(target, ["get", workload, "--namespace", namespace, "--output=json"]);
  return deployment.parse(JSON.parse(json)).spec.template.spec.containers[0]?.resources ?? {};
}

async function scale({ target, namespace }: StackLocation, workload: string, replicas: number): Promise<void> {
  await kubectl(target, ["scale", workload, `--replicas=${replicas}`, "--namespace", namespace]);
}

async function untilNoPods({ target, namespace, namePrefix }: StackLocation, store: BackedUpStore): Promise<void> {
  const labels = `app.kubernetes.io/name=${store},app.kubernetes.io/instance=${namePrefix}`;
  for (let seconds = 0; seconds < 180; seconds += 1) {
    const json = await kubectl(target, ["get", "pods", "-l", labels, "--namespace", namespace, "--output=json"]);
    if (podList.parse(JSON.parse(json)).items.length === 0) {
      return;
    }
    await sleep(1000);
  }
  throw new Error(`the pod of ${store} has not ended within 180 s; expected no process to use its volume`);
}

/** Prometheus looks for new blocks each minute, and counts when it has. */
async function untilBlocksAreRead(location: StackLocation): Promise<void> {
  const before = await reloads(location);
  for (let seconds = 0; seconds < 300; seconds += 2) {
    if ((await reloads(location)) >= before + 1) {
      return;
    }
    await sleep(2000);
  }
  throw new Error("Prometheus has not looked for blocks within 300 s; expected each minute. Its log says why");
}

async function reloads(location: StackLocation): Promise<number> {
  const text = await kubectl(location.target, ["get", "--raw", `${prometheusProxy(location)}/metrics`]);
  const count = (name: string) => Number(new RegExp(`^${name} (\\S+)$`, "m").exec(text)?.[1]);
  const failed = count("prometheus_tsdb_reloads_failures_total");
  return count("prometheus_tsdb_reloads_total") - failed;
}
