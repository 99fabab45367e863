import type { Measurement, Run, Variant } from "./measure";

const headings: Readonly<Record<Variant, string>> = {
  stack: "this stack",
  raw: "raw series",
  seed: "`increase()`",
};

/**
 * One row for each dashboard and range, the variants side by side: seconds until the last panel had its answer, after a
 * restart and then again (the median), the core's seconds of the latter, and the most memory of Prometheus' own.
 */
export function measurementTable(measurements: readonly Measurement[]): string {
  const variants = (Object.keys(headings) as Variant[]).filter((variant) =>
    measurements.some((measurement) => measurement.variants[variant] !== undefined),
  );
  const columns = variants.flatMap((variant) => [`${headings[variant]}, cold`, "warm", "CPU", "memory"]);
  const rows = measurements.map((measurement) => [
    measurement.dashboard,
    measurement.range.name,
    String(panelCount(measurement)),
    ...variants.flatMap((variant) => variantCells(measurement, variant)),
  ]);
  return markdown(["Dashboard", "Range", "Queries", ...columns], rows);
}

/** Each query of one measurement, slowest first, in its median warm run, with why it failed if it did. */
export function queryTable(measurement: Measurement, variant: Variant): string {
  const runs = measurement.variants[variant];
  const run = runs === undefined ? undefined : (median(runs.warm, wallSeconds) ?? runs.cold);
  const rows = [...(run?.queries ?? [])]
    .sort((a, b) => b.seconds - a.seconds)
    .map(({ panel, seconds, series, bytes, error }) => [
      panel,
      inSeconds(seconds),
      String(series),
      `${Math.ceil(bytes / 1024)} KiB`,
      error ?? "",
    ]);
  return markdown(["Panel", "Time", "Series", "Answer", "Failed"], rows);
}

/** The one whose value is in the middle; the larger one of two. */
export function median<Item>(items: readonly Item[], valueOf: (item: Item) => number): Item | undefined {
  return [...items].sort((a, b) => valueOf(a) - valueOf(b))[Math.floor(items.length / 2)];
}

const wallSeconds = (run: Run): number => run.wallSeconds;

function panelCount({ variants }: Measurement): number {
  const runs = variants.stack ?? variants.raw ?? variants.seed;
  return (runs?.cold ?? runs?.warm[0])?.queries.length ?? 0;
}

function variantCells({ variants }: Measurement, variant: Variant): string[] {
  const runs = variants[variant];
  if (runs === undefined) {
    return ["–", "–", "–", "–"];
  }
  const warm = median(runs.warm, wallSeconds);
  const all = [...(runs.cold === undefined ? [] : [runs.cold]), ...runs.warm];
  const memory = Math.max(...all.map((run) => run.usage?.memory.own ?? 0));
  return [
    runCell(runs.cold),
    runCell(warm),
    warm?.usage === undefined ? "–" : inSeconds(warm.usage.cpuSeconds),
    memory === 0 ? "–" : `${(memory / 2 ** 30).toFixed(1)} GiB`,
  ];
}

/** A run in which a query failed has no time: its panel stays empty however long one waits. */
function runCell(run: Run | undefined): string {
  if (run === undefined) {
    return "–";
  }
  const failed = run.queries.filter(({ error }) => error !== undefined).length;
  return failed === 0 ? inSeconds(run.wallSeconds) : `${failed} failed after ${inSeconds(run.wallSeconds)}`;
}

function inSeconds(seconds: number): string {
  return `${seconds.toFixed(seconds < 10 ? 2 : 0)} s`;
}

function markdown(headings: readonly string[], rows: readonly (readonly string[])[]): string {
  const lines = [headings, headings.map((_, index) => (index === 0 ? "---" : "---:")), ...rows];
  const escaped = (cell: string): string => cell.replaceAll("|", "\\|").replaceAll(/\s+/g, " ");
  return lines.map((cells) => `| ${cells.map(escaped).join(" | ")} |`).join("\n");
}
