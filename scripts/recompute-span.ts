import { levels } from "../dashboards/rollups/levels";
import { firstInstant } from "../dashboards/rollups/recompute";

/** A span of time, in seconds since 1970, begin and end included. */
export interface Span {
  readonly from: number;
  readonly to: number;
}

const minute = 60;
/** The passes that record at the instant itself are through by then. */
const youngest = 60 * minute;
/** How long around a pass's turn its windows are left to it, in seconds: before blocks are written, and until they are read. */
const turn = { before: 10 * minute, after: 20 * minute };

/**
 * Reads the span that is to be computed again.
 *
 * @param now in seconds since 1970
 * @throws Error naming the option, what was found and what is expected
 */
export function readSpan(from: string | undefined, to: string | undefined, now: number): Span {
  const span = { from: readTime("--from", from), to: readTime("--to", to) };
  if (span.from >= span.to) {
    throw new Error(`--from: found "${from ?? ""}"; expected a time before --to, "${to ?? ""}"`);
  }
  if (span.to > now - youngest) {
    throw new Error(
      `--to: found "${to ?? ""}"; expected at least an hour ago, what is younger is still being rolled up`,
    );
  }
  return span;
}

function readTime(option: string, text: string | undefined): number {
  const time = Date.parse(text ?? "");
  if (Number.isNaN(time)) {
    throw new Error(`${option}: found "${text ?? ""}"; expected a time such as 2026-03-01T00:00:00Z`);
  }
  return Math.floor(time / 1000);
}

/**
 * A span without the windows whose later pass is due about now: were both to record what is missing, it would count
 * twice.
 *
 * @returns the parts that remain, and those that were left out
 */
export function withoutDueWindows(span: Span, now: number): { readonly parts: Span[]; readonly skipped: Span[] } {
  const due = levels["5m"].lags
    .map((lag) => ({ from: now - lag - turn.before, to: now - lag + turn.after }))
    .sort((a, b) => a.from - b.from);
  const parts: Span[] = [];
  const skipped: Span[] = [];
  let begin = span.from;
  for (const { from, to } of due) {
    if (from >= span.to || to < begin) {
      continue;
    }
    if (from > begin) {
      parts.push({ from: begin, to: from });
    }
    skipped.push({ from: Math.max(from, begin), to: Math.min(to, span.to) });
    begin = to;
  }
  return { parts: begin < span.to ? [...parts, { from: begin, to: span.to }] : parts, skipped };
}

/** A span in pieces of so many steps at most, begun on instants of the step. */
export function pieces({ from, to }: Span, stepSeconds: number, most: number): Span[] {
  const result: Span[] = [];
  for (let start = firstInstant(stepSeconds, from); start <= to; start += most * stepSeconds) {
    result.push({ from: start, to: Math.min(to, start + (most - 1) * stepSeconds) });
  }
  return result;
}
