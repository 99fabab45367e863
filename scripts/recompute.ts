import { setTimeout as sleep } from "node:timers/promises";
import { parseArgs } from "node:util";

import { z } from "zod";

import { serviceNames } from "../components/names";
import { rollupNames } from "../dashboards/rollups/levels";
import { openMetricsLines, type Recomputation, recomputations } from "../dashboards/rollups/recompute";
import { askPrometheus, prometheusProxy, type StackLocation, stackLocation } from "./health";
import { progress, runCommand } from "./progress";
import { pieces, readSpan, type Span, withoutDueWindows } from "./recompute-span";
import { stackConfig } from "./stack-file";
import { kubectl, savedTarget } from "./target";

const help = `Usage: npm run recompute -- --from TIME --to TIME [--stack NAME]

Fills the roll-ups of a span from raw samples, where evaluations were missed for longer than their passes wait.
Only what is missing is added, so that running it again changes nothing. Ends when Prometheus has read what was added,
which takes a minute or two.

  --from TIME   begin, e.g. 2026-03-01T00:00:00Z
  --to TIME     end, at least an hour ago
  --stack NAME  dev (default) or prod
  --help        show this`;

/** Instants asked for at once: an answer for a large team then stays below some ten megabytes. */
const instantsAtOnce = 300;

const matrix = z.object({
  status: z.literal("success"),
  data: z.object({
    result: z.array(
      z.object({ metric: z.record(z.string(), z.string()), values: z.array(z.tuple([z.number(), z.string()])) }),
    ),
  }),
});

runCommand(async (args) => {
  const { values } = parseArgs({
    args,
    options: {
      from: { type: "string" },
      to: { type: "string" },
      stack: { type: "string", default: "dev" },
      help: { type: "boolean", default: false },
    },
  });
  if (values.help) {
    console.log(help);
    return 0;
  }
  const now = Math.floor(Date.now() / 1000);
  const { parts, skipped } = withoutDueWindows(readSpan(values.from, values.to, now), now);
  for (const { from, to } of skipped) {
    console.log(`left out: ${iso(from)} to ${iso(to)}, a pass of its own is due; run again in an hour if need be`);
  }
  const target = savedTarget(values.stack);
  const config = stackConfig(values.stack, target.overrides);
  const location = stackLocation(target, config);
  const release = await lock(location);
  const pass = `recomputed-${now}`;
  const lines = await missingLines(location, parts, pass).catch(async (error: unknown) => {
    await release();
    throw error;
  });
  if (lines.length === 0) {
    await release();
    console.log("nothing is missing");
    return 0;
  }
  await importBlocks(location, lines.join(""));
  await untilRead(location, parts, pass);
  await release();
  console.log(`added ${lines.reduce((sum, text) => sum + text.split("\n").length - 1, 0)} samples`);
  return 0;
});

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

/** Waits until the samples of a pass can be queried. */
async function untilRead(location: StackLocation, parts: readonly Span[], pass: string): Promise<void> {
  const from = Math.min(...parts.map((part) => part.from));
  const to = Math.max(...parts.map((part) => part.to));
  const query = `count(last_over_time({${rollupNames.pass}="${pass}"}[${to - from + 7200}s]))`;
  for (let tries = 0; tries < 40; tries += 1) {
    if ((await askPrometheus(location, query, { time: String(to) })) !== undefined) {
      return;
    }
    await sleep(5000);
  }
  throw new Error("Prometheus has not read what was added within 200 s; expected a minute or two. Its log says why");
}

async function missingLines(location: StackLocation, parts: readonly Span[], pass: string): Promise<string[]> {
  const lines: string[] = [];
  for (const task of recomputations(pass)) {
    progress(`${task.record}, ${task.stepSeconds} s`);
    for (const span of parts.flatMap((part) => pieces(part, task.stepSeconds, instantsAtOnce))) {
      const text = openMetricsLines(task, await queryRange(location, task, span));
      if (text !== "") {
        lines.push(text);
      }
    }
  }
  return lines;
}

async function queryRange(location: StackLocation, { expr, stepSeconds }: Recomputation, { from, to }: Span) {
  const search = new URLSearchParams({ query: expr, start: String(from), end: String(to), step: String(stepSeconds) });
  const path = `${prometheusProxy(location)}/api/v1/query_range?${search.toString()}`;
  const answer = await kubectl(location.target, ["get", "--raw", path, "--request-timeout=300s"]);
  return matrix.parse(JSON.parse(answer)).data.result;
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
