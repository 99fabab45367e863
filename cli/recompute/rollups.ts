import { setTimeout as sleep } from "node:timers/promises";

import { serviceNames } from "../../components/kubernetes/names";
import { levels } from "../../dashboards/rollups/levels";
import { labelText, openMetricsLines, type Recomputation, recomputations, youngestWindow } from "./recomputations";
import type { StackLocation } from "../target";
import { progress } from "../progress";
import { PrometheusApi } from "../prometheus-api";
import { inCluster } from "../prometheus-in-cluster";
import { pieces, type Span, withoutDueWindows } from "./span";
import { kubectl } from "../target";

/** Instants asked for at once: an answer for a large team then stays below some ten megabytes. */
const instantsAtOnce = 300;

/** Within the time in which a window is the newest, as the passes book: in its middle. */
const bookedAfter = youngestWindow - levels["5m"].stepSeconds / 2;

/**
 * Fills a span's roll-ups from raw samples, and waits until Prometheus has read what was added. Reports what it does.
 *
 * @param span may end in the future: what is too young by then is left to the passes
 * @throws Error if another run is under way, or if Prometheus does not read what was added
 */
export async function recompute(location: StackLocation, span: Span): Promise<void> {
  const release = await lock(location);
  const pass = `recomputed-${Math.floor(Date.now() / 1000)}`;
  let added = 0;
  for (const round of recomputations(pass)) {
    const missing = await missingSamples(location, round, span).catch(async (error: unknown) => {
      await release();
      throw error;
    });
    if (missing.length > 0) {
      // From here on, an error leaves the lock: another run would find missing what Prometheus is about to read.
      await importBlocks(location, missing.flatMap(({ lines }) => lines).join(""));
      for (const one of missing) {
        await untilRead(location, span, one);
        added += one.lines.length;
      }
    }
  }
  await release();
  console.log(added === 0 ? "nothing is missing" : `added ${added} samples`);
}

/** The samples that a roll-up lacks, a line for each. */
interface Missing {
  readonly task: Recomputation;
  readonly lines: readonly string[];
}

async function missingSamples(
  location: StackLocation,
  round: readonly Recomputation[],
  span: Span,
): Promise<readonly Missing[]> {
  const now = Math.floor(Date.now() / 1000);
  const { parts, skipped } = withoutDueWindows({ from: span.from, to: Math.min(span.to, now - youngestWindow) }, now);
  for (const { from, to } of skipped) {
    progress(`left out: ${iso(from)} to ${iso(to)}, a pass of its own is due; run again in an hour if need be`);
  }
  const missing: Missing[] = [];
  for (const task of round) {
    progress(`${task.record}, ${task.level.step}`);
    const lines: string[] = [];
    for (const piece of parts.flatMap((part) => pieces(part, task.level, instantsAtOnce))) {
      const range = { start: piece.from, end: piece.to, step: task.level.stepSeconds };
      const answer = await prometheusOf(location).queryRange(task.expr, range);
      const text = openMetricsLines(task, answer, bookedAfter);
      lines.push(...text.split(/(?<=\n)/).filter((line) => line !== ""));
    }
    if (lines.length > 0) {
      missing.push({ task, lines });
    }
  }
  return missing;
}

/**
 * Keeps other runs away until Prometheus has read what this one adds: they would find it missing, and it would count
 * twice. A run that is interrupted leaves the lock for an hour, by when everything is read.
 */
async function lock(location: StackLocation): Promise<() => Promise<void>> {
  const folder = "/prometheus/recompute.lock";
  const script = `find ${folder} -maxdepth 0 -mmin +60 -exec rmdir {} \\; 2>/dev/null; mkdir ${folder}`;
  try {
    await inPrometheus(location, script);
  } catch (error) {
    throw new Error(
      `another run is under way, or one was interrupted less than an hour ago: found ${folder} in Prometheus' pod; ` +
        `expected none. ${error instanceof Error ? error.message : String(error)}`,
      { cause: error },
    );
  }
  return async () => {
    await inPrometheus(location, `rmdir ${folder}`);
  };
}

/** Waits until all samples that a roll-up lacked can be queried. */
async function untilRead(
  location: StackLocation,
  { from, to }: Span,
  { task: { record, labels }, lines }: Missing,
): Promise<void> {
  const end = Math.min(to, Math.floor(Date.now() / 1000)) + youngestWindow;
  const query = `sum(count_over_time(${record}{${labelText(labels)}}[${end - from}s]))`;
  for (let tries = 0; tries < 40; tries += 1) {
    if ((await prometheusOf(location).number(query, { at: end })) === lines.length) {
      return;
    }
    await sleep(5000);
  }
  throw new Error("Prometheus has not read what was added within 200 s; expected a minute or two. Its log says why");
}

/** Asks with patience: an answer for a large team takes a while. */
function prometheusOf(location: StackLocation): PrometheusApi {
  return new PrometheusApi(inCluster(location, 300));
}

/** Writes blocks beside Prometheus' own, by the promtool of its image. */
async function importBlocks(location: StackLocation, lines: string): Promise<void> {
  const script = [
    "set -e",
    "file=/prometheus/recompute.om",
    "trap 'rm -f \"$file\"' EXIT",
    'cat >"$file"',
    'blocks=/prometheus/recompute.blocks; rm -rf "$blocks"; mkdir "$blocks"',
    // Nothing else is writable in the pod.
    'TMPDIR=/prometheus promtool tsdb create-blocks-from openmetrics "$file" "$blocks"',
    // Marked as late data: behind other blocks, Prometheus would drop what its log holds at its next start.
    'for block in "$blocks"/*; do',
    `  sed -i 's/"compaction": *{/"compaction": {"hints": ["from-out-of-order"],/' "$block/meta.json"`,
    '  mv "$block" /prometheus/',
    "done",
    'rmdir "$blocks"',
  ];
  await inPrometheus(location, script.join("\n"), `${lines}# EOF\n`);
}

/** Runs a shell script in Prometheus' pod. */
async function inPrometheus(location: StackLocation, script: string, input = ""): Promise<string> {
  const workload = `deployment/${serviceNames(location.namePrefix).prometheus}`;
  const exec = ["exec", "--stdin", "--namespace", location.namespace, workload, "--request-timeout=0"];
  return kubectl(location.target, [...exec, "--", "sh", "-c", script], input);
}

function iso(seconds: number): string {
  return new Date(seconds * 1000).toISOString();
}
