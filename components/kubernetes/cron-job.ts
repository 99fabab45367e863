import * as kubernetes from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";

import { week } from "../../units";
import type { ComponentIdentity } from "./labels";

/** Times and limits of a CronJob. */
export interface CronJobOptions {
  /** In cron's notation. */
  readonly schedule: string;
  /** IANA name. */
  readonly timeZone: string;
  /** A run that was missed, such as while the cluster was down, is made up for within so many seconds. */
  readonly startingDeadlineSeconds: number;
  /** Successful runs whose pods are kept. Failed ones: three. */
  readonly successfulJobsHistoryLimit: number;
  /** Tries of a failed run, besides the first. */
  readonly backoffLimit: number;
  /** A run that hangs is ended, because it keeps the next from starting. */
  readonly activeDeadlineSeconds: number;
}

/** Runs a pod at fixed times, one at a time. Kubernetes deletes the remains of a run after a week. */
export function cronJob(
  resourceName: string,
  { name, namespace, labels }: ComponentIdentity,
  { backoffLimit, activeDeadlineSeconds, ...options }: CronJobOptions,
  pod: kubernetes.types.input.core.v1.PodSpec,
  parent: pulumi.Resource,
): kubernetes.batch.v1.CronJob {
  return new kubernetes.batch.v1.CronJob(
    resourceName,
    {
      metadata: { name, namespace, labels },
      spec: {
        ...options,
        concurrencyPolicy: "Forbid",
        failedJobsHistoryLimit: 3,
        jobTemplate: {
          metadata: { labels },
          spec: {
            backoffLimit,
            activeDeadlineSeconds,
            ttlSecondsAfterFinished: week,
            template: { metadata: { labels }, spec: pod },
          },
        },
      },
    },
    { parent },
  );
}
