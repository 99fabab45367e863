import { setTimeout as sleep } from "node:timers/promises";

import { z } from "zod";

import { amount } from "../dashboards/queries/amount";
import { cost } from "../dashboards/queries/cost";
import type { Matchers } from "../dashboards/queries/selector";
import { missedEvaluations } from "../dashboards/queries/trust";
import { timing } from "../dashboards/rollups/levels";
import { metrics } from "../telemetry/client-metrics";
import { signals } from "../dashboards/signals";
import { PrometheusApi } from "./prometheus-api";
import { inCluster } from "./prometheus-in-cluster";
import { kubectl, type StackLocation } from "./target";

/** One workload's state. */
export interface WorkloadHealth {
  readonly name: string;
  readonly ready: number;
  readonly wanted: number;
}

const workloadList = z.object({
  items: z.array(
    z.object({
      kind: z.string(),
      metadata: z.object({ name: z.string(), generation: z.number() }),
      spec: z.object({ replicas: z.number() }),
      status: z.object({
        observedGeneration: z.number().optional(),
        updatedReplicas: z.number().optional(),
        readyReplicas: z.number().optional(),
      }),
    }),
  ),
});

/** Readiness of every workload of a stack. */
export async function workloadHealth(location: StackLocation): Promise<WorkloadHealth[]> {
  const json = await kubectl(location.target, [
    "get",
    "statefulsets,deployments",
    "--namespace",
    location.namespace,
    "--output=json",
  ]);
  return workloadList.parse(JSON.parse(json)).items.map(({ metadata, spec, status }) => {
    const observed = status.observedGeneration === metadata.generation;
    // A replica of an older generation may be ready, but is not what was deployed.
    const ready = observed ? Math.min(status.readyReplicas ?? 0, status.updatedReplicas ?? 0) : 0;
    return { name: metadata.name, ready, wanted: spec.replicas };
  });
}

/**
 * Waits until every workload is ready. Pulumi waits too, but takes a StatefulSet for ready whose controller has not yet
 * seen the change.
 *
 * @param signal ends it
 * @throws Error naming what is not ready in time
 */
export async function untilReady(
  location: StackLocation,
  timeoutSeconds: number,
  signal?: AbortSignal,
): Promise<WorkloadHealth[]> {
  const deadline = Date.now() + timeoutSeconds * 1000;
  for (;;) {
    signal?.throwIfAborted();
    const workloads = await workloadHealth(location);
    const waiting = workloads.filter(({ ready, wanted }) => ready < wanted).map(({ name }) => name);
    if (waiting.length === 0) {
      return workloads;
    }
    if (Date.now() > deadline) {
      throw new Error(`not ready after ${timeoutSeconds} s: ${waiting.join(", ")}; npm run status shows more`);
    }
    await sleep(1000);
  }
}

/** Time of the newest data of any client, in seconds since 1970; undefined if there is none in 200 hours. */
export async function lastDataAt(location: StackLocation): Promise<number | undefined> {
  const query = `max(timestamp({__name__=~"${metrics.tokens.prometheus}|${metrics.sessions.prometheus}"}))`;
  // A delta is one sample: an instant query sees it only as far back as it may look.
  return new PrometheusApi(inCluster(location)).number(query, { lookback: "200h" });
}

/** Returns the seconds of the last eight days, since the first evaluation, in which no recording rule was evaluated. */
export async function unevaluatedSeconds(location: StackLocation): Promise<number> {
  const { stepSeconds } = timing.fine;
  return ((await new PrometheusApi(inCluster(location)).number(missedEvaluations("8d"))) ?? 0) * stepSeconds;
}

/** USD spent since midnight in this machine's time zone, of all or of what matchers pick. */
export async function costToday(location: StackLocation, matchers: Matchers = []): Promise<number> {
  const midnight = new Date().setHours(0, 0, 0, 0);
  const seconds = Math.max(1, Math.floor((Date.now() - midnight) / 1000));
  return (await new PrometheusApi(inCluster(location)).number(cost(`${seconds}s`, { source: "raw", matchers }))) ?? 0;
}

/** Sessions started in the last 24 hours. */
export async function sessionsLastDay(location: StackLocation): Promise<number> {
  return (await new PrometheusApi(inCluster(location)).number(amount(signals.sessions, "24h", { source: "raw" }))) ?? 0;
}
