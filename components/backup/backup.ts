import * as fs from "node:fs";
import * as path from "node:path";

import * as kubernetes from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";

import { backupMetrics } from "../../telemetry/backup-metrics";
import { cronJob } from "../kubernetes/cron-job";
import { componentIdentity } from "../kubernetes/labels";
import { backupName, serviceNames, storeUrls } from "../kubernetes/names";
import { hardenedContainer, hardenedPod, resourceRequirements, type Resources } from "../kubernetes/pod";
import { day, hour } from "../../units";
import { type StoreArgs, volumeClaim } from "../kubernetes/volume";

/** Stores that are backed up, with the user that owns their files. */
export const backedUpStores = { prometheus: 65534, loki: 10001, grafana: 472 } as const;

/** A store that is backed up. Traces are not: they are kept for days only. */
export type BackedUpStore = keyof typeof backedUpStores;

/**
 * Inputs of {@link Backup}. The image is Prometheus', whose shell makes the copies. Copies share what does not change:
 * the volume has room for the store's data, and for what changes while `keep` are kept.
 */
export interface BackupArgs extends StoreArgs {
  readonly store: BackedUpStore;
  /** Schedule in cron's notation, e.g. `17 3 * * *`. */
  readonly schedule: string;
  /** In which time zone, e.g. `UTC`. */
  readonly timeZone: string;
  /** Number of copies to keep. */
  readonly keep: number;
}

const dataDirectory = "/data";
const backupsDirectory = "/backups";
/** A copy of hundreds of gigabytes takes hours; one that hangs must not keep the next from starting. */
const longestSeconds = 6 * hour;
/** For copying files; the kernel's cache of them goes when memory is short. */
export const backupResources: Resources = {
  cpuRequest: { text: "100m", cores: 0.1 },
  cpuLimit: { text: "1", cores: 1 },
  memory: { text: "256Mi", bytes: 256 * 2 ** 20 },
};

/**
 * Copies of one store's data at fixed times, on a volume of their own, made while the store runs. Each is reported to
 * Prometheus.
 */
export class Backup extends pulumi.ComponentResource {
  constructor(name: string, args: BackupArgs, opts?: pulumi.ComponentResourceOptions) {
    super("claude-monitoring:backup:Backup", name, {}, opts);
    const identity = componentIdentity(args, `${args.store}-backup`, backupName(args.namePrefix, args.store));
    const volume = volumeClaim(`${name}-volume`, identity, args, this);
    const options = {
      schedule: args.schedule,
      timeZone: args.timeZone,
      startingDeadlineSeconds: day,
      successfulJobsHistoryLimit: 3,
      backoffLimit: 2,
      activeDeadlineSeconds: longestSeconds,
    };
    cronJob(`${name}-schedule`, identity, options, pod(args, volume.metadata.name), this);
    this.registerOutputs({ backupName: identity.name });
  }
}

function pod(args: BackupArgs, backups: pulumi.Input<string>): kubernetes.types.input.core.v1.PodSpec {
  const { store, namePrefix, keep } = args;
  const { name, namespace, selector } = componentIdentity(args, store, serviceNames(namePrefix)[store]);
  return hardenedPod(backedUpStores[store], {
    restartPolicy: "Never",
    // A volume that one node mounts is mounted where the store runs.
    affinity: {
      podAffinity: {
        requiredDuringSchedulingIgnoredDuringExecution: [
          { labelSelector: { matchLabels: selector }, topologyKey: "kubernetes.io/hostname", namespaces: [namespace] },
        ],
      },
    },
    containers: [
      hardenedContainer({
        name: "backup",
        image: args.image,
        command: ["sh", "-c", backupScript(), "backup.sh"],
        args: [store, "backup"],
        env: Object.entries({
          DATA: dataDirectory,
          BACKUPS: backupsDirectory,
          KEEP: String(keep),
          REPORT_URL: pulumi.interpolate`${storeUrls(args).otlp.prometheus}/v1/metrics`,
          REPORT_AS: backupMetrics.completed.name,
        }).map(([key, value]) => ({ name: key, value })),
        resources: resourceRequirements(backupResources),
        volumeMounts: [
          { name: "data", mountPath: dataDirectory, readOnly: true },
          { name: "backups", mountPath: backupsDirectory },
          { name: "tmp", mountPath: "/tmp" },
        ],
      }),
    ],
    volumes: [
      { name: "data", persistentVolumeClaim: { claimName: name } },
      { name: "backups", persistentVolumeClaim: { claimName: backups } },
      { name: "tmp", emptyDir: {} },
    ],
  });
}

/** Script of the pods; `npm run restore` runs it with other arguments. */
function backupScript(): string {
  return fs.readFileSync(path.join(__dirname, "backup.sh"), "utf8");
}
