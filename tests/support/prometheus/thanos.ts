import type { PrometheusReader } from "./prometheus-reader";
import { waitUntil } from "../processes";

/** Name of the label by which Thanos tells replicas of Receive apart. */
export const replicaLabel = "receive_replica";

/**
 * Thanos Receive as the stack needs it, without its addresses.
 *
 * @param outOfOrderTimeWindow in Prometheus' notation; at least the stack's own
 */
export function receiveFlags(dataDirectory: string, outOfOrderTimeWindow: string): string[] {
  return [
    `--tsdb.path=${dataDirectory}`,
    `--tsdb.out-of-order.time-window=${outOfOrderTimeWindow}`,
    `--label=${replicaLabel}="0"`,
    "--no-receive.otlp-enable-target-info",
    ...gracePeriods,
  ];
}

/** Thanos Query as the stack needs it, without its addresses. @param endpoint Receive's host and port of gRPC */
export function queryFlags(endpoint: string): string[] {
  return [
    `--endpoint=${endpoint}`,
    // Sums of deltas survive no other way of merging replicas.
    "--deduplication.func=chain",
    `--query.replica-label=${replicaLabel}`,
    "--no-query.partial-response",
    ...gracePeriods,
  ];
}

const gracePeriods = ["--http-grace-period=1s", "--grpc-grace-period=1s"];

/** Waits until Query has found Receive, which it looks for every few seconds. It finds none that received nothing. */
export async function untilQueryable(reader: PrometheusReader): Promise<void> {
  await waitUntil("Thanos Query reaches Receive", async () => (await stores(reader)) > 0, 60_000);
}

async function stores(reader: PrometheusReader): Promise<number> {
  const response = await fetch(`${reader.url}/api/v1/stores`);
  const { data } = (await response.json()) as { data: Record<string, { lastError?: unknown }[] | null> };
  return Object.values(data)
    .flatMap((found) => found ?? [])
    .filter(({ lastError }) => lastError === null || lastError === undefined).length;
}
