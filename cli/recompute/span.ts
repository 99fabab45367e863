import { type Level, timing, usualLateness } from "../../dashboards/rollups/levels";
import { firstWindowEnd, youngestWindow } from "./recomputations";
import { hour, minute } from "../../units";

/** A span of time, in seconds since 1970, begin and end included. */
export interface Span {
  readonly from: number;
  readonly to: number;
}

/** The first pass over what is older is through. */
const youngest = 10 * minute;
/** Seconds around a pass's turn in which its windows are left to it: before blocks are written, and until they are read. */
const turn = { before: youngestWindow, after: 20 * minute };

/**
 * The advice about an outage of Prometheus that was longer than roll-ups of roll-ups are repaired after.
 *
 * @param unevaluatedSeconds how long rules were not evaluated within eight days
 * @returns undefined if late passes repair everything
 */
export function recomputeHint(stack: string, unevaluatedSeconds: number, now: number): string | undefined {
  if (unevaluatedSeconds < timing.repairLag) {
    return undefined;
  }
  const iso = (seconds: number) => new Date(seconds * 1000).toISOString().replace(/\.\d+Z/, "Z");
  const hours = Math.round(unevaluatedSeconds / hour);
  return (
    `rules were not evaluated for ${hours} hours of the last eight days; long ranges may lack an hour of it until you type: ` +
    `npm run recompute -- --stack ${stack} --from ${iso(now - usualLateness)} --to ${iso(now - youngest)}`
  );
}

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
      `--to: found "${to ?? ""}"; expected at least ten minutes ago, what is younger is still being rolled up`,
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
  const due = [...timing.lateLags, timing.repairLag]
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

/** A span in pieces of so many of a level's windows at most, by the ends of the windows. */
export function pieces({ from, to }: Span, level: Level, most: number): Span[] {
  const { stepSeconds } = level;
  const result: Span[] = [];
  for (let start = firstWindowEnd(level, from); start <= to; start += most * stepSeconds) {
    result.push({ from: start, to: Math.min(to, start + (most - 1) * stepSeconds) });
  }
  return result;
}
