import { durationSeconds } from "../../units";
import { demoSelector } from "../../synthetic/marker";
import type { PrometheusApi } from "../prometheus-api";

/** The result of a removal. */
export interface Removal {
  /** Number of series that were marked as the demo's before. */
  readonly before: number;
  /** Number of those that are left. */
  readonly after: number;
  /** Time from which the rest can be deleted, in seconds since 1970; undefined if there is none, or if it is unknown. */
  readonly restFrom: number | undefined;
}

/** Prometheus writes what it holds in memory into a block once that spans this many blocks' lengths. */
const blocksInMemory = 1.5;

/**
 * Deletes everything that is marked as the demo's, and what recording rules made of it.
 *
 * Prometheus keeps late samples in memory apart from the others. It cannot delete them before it has written them into
 * a block (seen in the source of 3.16). Most of a demo is late, so some of it is left until then.
 *
 * @param lookback how far back series are counted, in Prometheus' notation: its retention
 * @throws Error naming the configuration key, if Prometheus' admin API is off
 */
export async function removeDemo(prometheus: PrometheusApi, lookback: string): Promise<Removal> {
  const flags = await prometheus.flags();
  if (flags["web.enable-admin-api"] !== "true") {
    throw new Error(
      'Prometheus\' admin API is off, and nothing else deletes series; expected the configuration key "prometheus.adminApi" ' +
        "to be true. Set it and run npm run up",
    );
  }
  const before = await countSeries(prometheus, lookback);
  await prometheus.deleteSeries(demoSelector);
  const after = await countSeries(prometheus, lookback);
  const restFrom = after === 0 ? undefined : await nextBlockAt(prometheus, flags["storage.tsdb.min-block-duration"]);
  return { before, after, restFrom };
}

async function countSeries(prometheus: PrometheusApi, lookback: string): Promise<number> {
  // A delta is one sample: only a window sees it. The list of series would show deleted ones for hours.
  return (await prometheus.number(`count(last_over_time(${demoSelector}[${lookback}]))`)) ?? 0;
}

async function nextBlockAt(prometheus: PrometheusApi, blockLength: string | undefined): Promise<number | undefined> {
  // Before its first sample Prometheus gives the end of time.
  const oldest = await prometheus.number("max(prometheus_tsdb_head_min_time_seconds < 1e12)");
  const length = durationSeconds(blockLength ?? "");
  return oldest === undefined || length === undefined ? undefined : oldest + blocksInMemory * length;
}
