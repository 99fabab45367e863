import { setTimeout as sleep } from "node:timers/promises";

import { z } from "zod";

import { backedUpStores, type BackedUpStore } from "../components/backup/backup";
import { backupName } from "../components/kubernetes/names";
import type { StackLocation } from "./target";
import { kubectl } from "./target";
import { hour } from "../units";

const mount = z.looseObject({ name: z.string() });
const container = z.looseObject({ volumeMounts: z.array(mount), resources: z.looseObject({}) });
const podSpec = z.looseObject({ containers: z.array(container) });
const cronJob = z.object({
  metadata: z.object({ name: z.string(), uid: z.string() }),
  spec: z.object({
    jobTemplate: z.object({
      metadata: z.looseObject({}).optional(),
      spec: z.looseObject({ template: z.looseObject({ spec: podSpec }) }),
    }),
  }),
});
const jobStatus = z.object({
  status: z.object({
    conditions: z
      .array(z.looseObject({ type: z.string(), status: z.string(), message: z.string().optional() }))
      .optional(),
  }),
});

/** The CronJob of a store's backups, as the cluster has it. */
export type BackupTemplate = z.infer<typeof cronJob>;

/** The differences of a Job from the scheduled ones. */
export interface BackupJob {
  /** Arguments of `components/backup.sh` after the store, e.g. `["restore", NAME]`. */
  readonly args: readonly string[];
  /** Set if it writes into the store's volume. Default false. */
  readonly writes?: boolean;
  /** Set if the store is stopped, so the Job need not run where its pod does. Default false. */
  readonly alone?: boolean;
  /** CPU and memory. Default: as scheduled. */
  readonly resources?: Readonly<Record<string, unknown>>;
}

/**
 * The stores of a stack that are backed up.
 *
 * @throws Error if there are none
 */
export async function backupTemplates(location: StackLocation): Promise<Map<BackedUpStore, BackupTemplate>> {
  const { target, namespace, namePrefix } = location;
  const listed = await kubectl(target, ["get", "cronjobs", "--namespace", namespace, "--output=json"]);
  const { items } = z
    .object({ items: z.array(z.looseObject({ metadata: z.looseObject({ name: z.string() }) })) })
    .parse(JSON.parse(listed));
  const byName = new Map(items.map((item) => [item.metadata.name, item]));
  const templates = (Object.keys(backedUpStores) as BackedUpStore[]).flatMap((store) => {
    const item = byName.get(backupName(namePrefix, store));
    return item === undefined ? [] : [[store, cronJob.parse(item)] as const];
  });
  if (templates.length === 0) {
    throw new Error(
      `found no CronJob ${backupName(namePrefix, "prometheus")} in namespace ${namespace}; expected backups. ` +
        "Set backup.enabled to true and run pulumi up",
    );
  }
  return new Map(templates);
}

/**
 * Runs the pod of a store's backups with other arguments, and waits for its end.
 *
 * @returns what it printed
 * @throws Error with what it printed, if it fails or takes longer than `timeoutSeconds`
 */
export async function runBackupJob(
  location: StackLocation,
  store: BackedUpStore,
  template: BackupTemplate,
  job: BackupJob,
  timeoutSeconds = 6 * hour,
): Promise<string> {
  const { target, namespace, namePrefix } = location;
  const name = `${backupName(namePrefix, store)}-${job.args[0] ?? ""}-${Date.now().toString(36)}`;
  const inNamespace = ["--namespace", namespace];
  await kubectl(target, ["create", ...inNamespace, "-f", "-"], JSON.stringify(jobObject(name, store, template, job)));
  const deadline = Date.now() + timeoutSeconds * 1000;
  let outcome: string | undefined;
  while (outcome === undefined) {
    if (Date.now() > deadline) {
      throw new Error(`job ${name} has not ended after ${timeoutSeconds} s; kubectl describe tells why`);
    }
    await sleep(1000);
    const { status } = jobStatus.parse(
      JSON.parse(await kubectl(target, ["get", "job", name, ...inNamespace, "--output=json"])),
    );
    outcome = status.conditions?.find(
      ({ type, status: now }) => now === "True" && (type === "Complete" || type === "Failed"),
    )?.type;
  }
  const printed = await kubectl(target, ["logs", `job/${name}`, ...inNamespace, "--tail=-1"]);
  // Its pod would hold the volumes: they could not be deleted.
  await kubectl(target, ["delete", "job", name, ...inNamespace, "--wait=false"]);
  if (outcome === "Failed") {
    throw new Error(`job ${name} failed: ${printed.trim()}`);
  }
  return printed.trim();
}

function jobObject(name: string, store: BackedUpStore, template: BackupTemplate, job: BackupJob): object {
  const { spec, metadata } = structuredClone(template.spec.jobTemplate);
  const pod = spec.template.spec;
  const [backup] = pod.containers;
  if (backup === undefined) {
    throw new Error(`the CronJob of ${store}'s backups has no container; expected the one that pulumi up made`);
  }
  const volumeMounts = backup.volumeMounts.map((each) =>
    each.name === "data" && job.writes === true ? { ...each, readOnly: false } : each,
  );
  const containers = [
    { ...backup, args: [store, ...job.args], volumeMounts, resources: job.resources ?? backup.resources },
  ];
  return {
    apiVersion: "batch/v1",
    kind: "Job",
    metadata: {
      ...metadata,
      name,
      ownerReferences: [{ apiVersion: "batch/v1", kind: "CronJob", ...template.metadata }],
    },
    // Once: a second try would hide what the first one said.
    spec: {
      ...spec,
      backoffLimit: 0,
      template: {
        ...spec.template,
        spec: { ...pod, containers, ...(job.alone === true ? { affinity: undefined } : {}) },
      },
    },
  };
}
