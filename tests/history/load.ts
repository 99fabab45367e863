import { execFileSync } from "node:child_process";
import * as fs from "node:fs";
import * as path from "node:path";

import { z } from "zod";

import {
  firstInstant,
  labelText,
  openMetricsLines,
  type RangeSeries,
  type Recomputation,
  recomputations,
} from "../../dashboards/rollups/recompute";
import { lagLabel, levels, rollupNames } from "../../dashboards/rollups/levels";
import { pipelineBinaries } from "../support/pipeline-binaries";
import { removeTemporaryDirectory, temporaryDirectory } from "../support/processes";
import { PrometheusProcess } from "../support/prometheus-process";
import type { Point } from "./point";

/** A Prometheus that holds a history. */
export interface LoadedHistory {
  readonly url: string;
  stop(): Promise<void>;
}

/** Which span of time is rolled up, by step, in milliseconds since 1970. */
export interface RolledSpan {
  readonly fromMs: number;
  readonly untilMs: Readonly<Record<string, number>>;
}

/** Samples that are not a client's: counters of the stack's own parts. */
export interface SelfSample {
  readonly series: string;
  readonly timeMs: number;
  readonly value: number;
}

/**
 * Loads points as blocks into the real Prometheus, and then roll-ups, computed by the rules' own expressions on it.
 * Recording rules do not run, so that what is rolled up stays as stated.
 *
 * @param latePoints come after the roll-ups, which therefore lack them
 */
export async function loadHistory(
  points: readonly Point[],
  span: RolledSpan,
  selfSamples: readonly SelfSample[] = [],
  latePoints: readonly Point[] = [],
): Promise<LoadedHistory> {
  const { prometheus: binary, promtool } = await pipelineBinaries();
  const directory = temporaryDirectory("claude-monitoring-history");
  const dataDirectory = path.join(directory, "data");
  const prometheus = await PrometheusProcess.prepare(binary, directory, {
    outOfOrderTimeWindow: "30h",
    dataDirectory,
    retention: "3650d",
  });
  const importBlocks = (name: string, text: string) => {
    const file = path.join(directory, name);
    fs.writeFileSync(file, `${text}# EOF\n`);
    // The widest blocks: a history of months would be a thousand of the usual two hours.
    const args = ["tsdb", "create-blocks-from", "--max-block-duration=600h", "openmetrics", file, dataDirectory];
    execFileSync(promtool, args, { stdio: "pipe" });
  };
  const stop = async () => {
    await prometheus.stop();
    removeTemporaryDirectory(directory);
  };
  try {
    importBlocks("raw.om", points.map(pointLine).join("") + selfSamples.map(selfLine).join(""));
    await prometheus.start();
    importBlocks("rollups.om", await rollupLines(prometheus.reader.url, span));
    importBlocks("late.om", latePoints.map(pointLine).join(""));
    // Blocks are read at the start.
    await prometheus.stop();
    await prometheus.start();
  } catch (error) {
    await stop();
    throw error;
  }
  return { url: prometheus.reader.url, stop };
}

function pointLine({ metric, labels, timeMs, value }: Point): string {
  return `${metric}{${labelText(labels)}} ${value} ${timeMs / 1000}\n`;
}

function selfLine({ series, timeMs, value }: SelfSample): string {
  return `${series} ${value} ${timeMs / 1000}\n`;
}

async function rollupLines(url: string, span: RolledSpan): Promise<string> {
  const lines: string[] = [];
  for (const recomputation of recomputations("0")) {
    const until = span.untilMs[recomputation.labels["rollup_step"] ?? ""] ?? 0;
    lines.push(...(await recomputed(url, recomputation, span.fromMs / 1000, until / 1000)));
  }
  return lines.join("");
}

/** Asked in parts: Prometheus answers at most 11,000 instants at once. */
async function recomputed(url: string, task: Recomputation, from: number, until: number): Promise<string[]> {
  const lines: string[] = [];
  const part = 10_000 * task.stepSeconds;
  for (let start = firstInstant(task.stepSeconds, from); start <= until; start += part) {
    const end = Math.min(until, start + part - task.stepSeconds);
    const answer = await queryRange(url, task.expr, start, end, task.stepSeconds);
    lines.push(...byLag(task, answer, until));
  }
  return lines;
}

/** Lets windows in turn be recorded by another pass, as after outages: at their instant, or later by a lag. */
function byLag(task: Recomputation, answer: readonly RangeSeries[], until: number): string[] {
  return [0, ...levels["5m"].lags].map((lag, index, lags) => {
    const passOf = (instant: number) => {
      const turn = Math.round(instant / task.stepSeconds) % lags.length;
      return instant + (lags[turn] ?? 0) <= until ? turn : 0;
    };
    const own = answer.map(({ metric, values }) => ({
      metric,
      values: values
        .filter(([instant]) => passOf(instant) === index)
        .map(([instant, value]) => [instant + lag, value] as const),
    }));
    const labels = lag === 0 ? task.labels : { ...task.labels, [rollupNames.lag]: lagLabel(lag) };
    return openMetricsLines({ ...task, labels }, own);
  });
}

const seriesSchema = z.object({
  metric: z.record(z.string(), z.string()),
  values: z.array(z.tuple([z.number(), z.string()])),
});
const matrixSchema = z.object({ data: z.object({ resultType: z.literal("matrix"), result: z.array(seriesSchema) }) });

/** Runs a range query. Times in seconds. Rejects, with the answer, unless Prometheus answers 2xx. */
export async function queryRange(url: string, query: string, start: number, end: number, step: number) {
  const body = new URLSearchParams({ query, start: String(start), end: String(end), step: String(step) });
  const response = await fetch(`${url}/api/v1/query_range`, { method: "POST", body });
  const text = await response.text();
  if (!response.ok) {
    throw new Error(`Prometheus answered ${response.status}: ${text.slice(0, 500)}\n${query}`);
  }
  return matrixSchema.parse(JSON.parse(text)).data.result;
}

const vectorSchema = z.object({
  data: z.object({
    resultType: z.literal("vector"),
    result: z.array(z.object({ metric: z.record(z.string(), z.string()), value: z.tuple([z.number(), z.string()]) })),
  }),
});

/** Runs an instant query. Time in seconds. Rejects, with the answer, unless Prometheus answers 2xx. */
export async function queryInstant(url: string, query: string, time: number) {
  const body = new URLSearchParams({ query, time: String(time) });
  const response = await fetch(`${url}/api/v1/query`, { method: "POST", body });
  const text = await response.text();
  if (!response.ok) {
    throw new Error(`Prometheus answered ${response.status}: ${text.slice(0, 500)}\n${query}`);
  }
  return vectorSchema.parse(JSON.parse(text)).data.result;
}
