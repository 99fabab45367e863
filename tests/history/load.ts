import { execFileSync } from "node:child_process";
import * as fs from "node:fs";
import * as path from "node:path";

import { lagLabel, rollupNames, timing } from "../../dashboards/rollups/levels";
import { derivedRollups, Passes, primaryRollups, type Rollup } from "../../dashboards/rollups/passes";
import { overHttp, PrometheusApi } from "../../cli/prometheus-api";
import { labelText, openMetricsLines, type RangeSeries } from "../../cli/recompute/recomputations";
import { rollupName } from "../../dashboards/signals";
import { pipelineBinaries } from "../support/collectors/pipeline-binaries";
import { removeTemporaryDirectory, temporaryDirectory } from "../support/processes";
import { PrometheusProcess } from "../support/prometheus/prometheus-process";
import { instants, lagOf, lags } from "./booking";
import type { Point } from "./point";

/** A Prometheus that holds a history. */
export interface LoadedHistory {
  readonly url: string;
  stop(): Promise<void>;
}

/** Samples that are not a client's: counters of the stack's own parts. */
export interface SelfSample {
  readonly series: string;
  readonly timeMs: number;
  readonly value: number;
}

/**
 * Loads points as blocks into the real Prometheus, and then roll-ups of the last days, computed by the rules' own
 * expressions on it. Recording rules do not run, so that what is rolled up stays as stated.
 *
 * @param latePoints come after the roll-ups, which therefore lack them
 */
export async function loadHistory(
  points: readonly Point[],
  days: number,
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
    for (const [name, rollups] of Object.entries({ primary, derived: derivedRollups(timing) })) {
      importBlocks(`${name}.om`, await rollupLines(prometheus.reader.url, rollups, days));
      // Blocks are read at the start.
      await prometheus.stop();
      await prometheus.start();
    }
    importBlocks("late.om", latePoints.map(pointLine).join("") + markerLines(days));
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

const primary = primaryRollups(timing);

/** Asked in parts: Prometheus answers at most 11,000 instants at once. */
async function rollupLines(url: string, rollups: readonly Rollup[], days: number): Promise<string> {
  const passes = new Passes(timing);
  const prometheus = new PrometheusApi(overHttp(url));
  const lines: string[] = [];
  const most = 10_000;
  for (const rollup of rollups) {
    const level = rollup.level.step as "5m" | "1h";
    const at = instants(level, days).map((timeMs) => timeMs / 1000);
    for (let index = 0; index < at.length; index += most) {
      const [from = 0, until = 0] = [at[index], at[Math.min(index + most, at.length) - 1]];
      const range = { start: from, end: until, step: rollup.level.stepSeconds };
      const answer = await prometheus.queryRange(passes.atWindowEnd(passes.first(rollup)), range);
      lines.push(...(primary.includes(rollup) ? byLag(rollup, answer) : [sampleLines(rollup, answer)]));
    }
  }
  return lines.join("");
}

function sampleLines({ signal, scope, level }: Rollup, answer: readonly RangeSeries[], lag = 0): string {
  const labels = { [rollupNames.step]: level.step, ...(lag === 0 ? {} : { [rollupNames.lag]: lagLabel(lag / 1000) }) };
  return openMetricsLines({ record: rollupName(signal, scope), labels }, answer);
}

/** Lets windows in turn be booked by another pass. Late ones book nothing for nothing, but for empty buckets. */
function byLag(rollup: Rollup, answer: readonly RangeSeries[]): string[] {
  const isBucket = rollup.signal.metric.endsWith("_bucket");
  return lags.map((lag) => {
    const own = answer.map(({ metric, values }) => ({
      metric,
      values: values
        .filter(([instant, value]) => lagOf(instant * 1000) === lag && (lag === 0 || isBucket || Number(value) !== 0))
        .map(([instant, value]) => [instant + lag / 1000, value] as const),
    }));
    return sampleLines(rollup, own, lag);
  });
}

/** The marks of evaluations: of the fine level, those of its windows that the first pass has booked. */
function markerLines(days: number): string {
  const line = (level: "5m" | "1h") => (timeMs: number) =>
    `${rollupNames.evaluated}{${rollupNames.step}="${level}"} 1 ${timeMs / 1000}\n`;
  const inTime = instants("5m", days).filter((instant) => lagOf(instant) === 0);
  return [...inTime.map(line("5m")), ...instants("1h", days).map(line("1h"))].join("");
}
