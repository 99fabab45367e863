import type { Amounts } from "./compare";

/** The rows of the accuracy table: what is shown, and the amounts that it adds up. */
const rows = [
  { title: "cost, USD", prefix: "cost", digits: 6 },
  { title: "tokens", prefix: "tokens", digits: 0 },
  { title: "sessions", prefix: "sessions", digits: 0 },
  { title: "lines", prefix: "lines", digits: 0 },
  { title: "commits", prefix: "commits", digits: 0 },
] as const;

/** One row of amounts, each by the name of its column. */
export interface AccuracyRow {
  readonly title: string;
  readonly truth: number;
  readonly deltasSummed: number;
  readonly scrapeExporter: number;
}

/** Adds token types and line types up, for a table that a reader takes in at a glance. */
export function accuracyRows(truth: Amounts, deltasSummed: Amounts, scrapeExporter: Amounts): AccuracyRow[] {
  return rows.map(({ title, prefix }) => ({
    title,
    truth: addUp(truth, prefix),
    deltasSummed: addUp(deltasSummed, prefix),
    scrapeExporter: addUp(scrapeExporter, prefix),
  }));
}

/** The rows as a Markdown table. */
export function accuracyTable(accuracy: readonly AccuracyRow[]): string {
  const lines = accuracy.map((row, index) => {
    const cells = [row.truth, row.deltasSummed, row.scrapeExporter].map((value) => {
      const digits = rows[index]?.digits ?? 0;
      return value.toLocaleString("en-US", { minimumFractionDigits: digits, maximumFractionDigits: digits });
    });
    return `| ${row.title} | ${cells.join(" | ")} |`;
  });
  return [
    "| | truth | deltas summed (this stack) | scrape exporter + `increase()` |",
    "|---|---:|---:|---:|",
    ...lines,
  ].join("\n");
}

function addUp(amounts: Amounts, prefix: string): number {
  return Object.entries(amounts)
    .filter(([name]) => name === prefix || name.startsWith(`${prefix}|`))
    .reduce((sum, [, amount]) => sum + amount, 0);
}
