import { historyEnd } from "./world";

/**
 * When roll-ups of the known history count a point, by plain arithmetic. Windows are evaluated at some phase of their
 * step, as Prometheus does. In turn they are booked by another pass, as after outages: the first, or a late one.
 */

const second = 1000;
const minute = 60 * second;
const hour = 60 * minute;
const day = 24 * hour;

/** Lags of the passes that read raw samples, as docs/operations.md states them. */
export const lags: readonly number[] = [0, 2 * hour, 6 * hour, 30 * hour, 8 * day];

/** No point is booked later after its time than this. */
export const latestBooking = 8 * day + 2 * hour;

const step = 5 * minute;
/** Delay of the evaluation after full five minutes, where windows end. */
const phase = 137 * second;

/** The last evaluation of the fine and of the coarse level: every five minutes, and the last one of an hour. */
export const lastEvaluation = {
  "5m": Date.parse("2026-03-18T14:02:17Z"),
  "1h": Date.parse("2026-03-18T13:57:17Z"),
} as const;

/** The first instant, of those that lie a step apart and include `known`, that is not before a time. */
function instantFrom(timeMs: number, stepMs: number, known: number): number {
  return known + Math.ceil((timeMs - known) / stepMs) * stepMs;
}

/** The lag of the pass that books the window of an instant: each in turn, as far as its time has come. */
export function lagOf(instantMs: number): number {
  const turn = Math.round((instantMs - phase) / step) % lags.length;
  const lag = lags[turn] ?? 0;
  return instantMs + lag <= lastEvaluation["5m"] ? lag : 0;
}

/** When a roll-up counts a point of a time; never, if that is after the last evaluation. */
export function bookedAt(timeMs: number, level: "5m" | "1h"): number {
  const instant = Math.ceil(timeMs / step) * step + phase;
  const fine = instant + lagOf(instant);
  const booked = level === "5m" ? fine : instantFrom(fine, hour, lastEvaluation["1h"]);
  return booked <= lastEvaluation[level] ? booked : Number.POSITIVE_INFINITY;
}

/** The instants of a level in the history's last days, oldest first. */
export function instants(level: "5m" | "1h", days: number): number[] {
  const stepMs = level === "5m" ? step : hour;
  const first = instantFrom(historyEnd - days * day, stepMs, lastEvaluation[level]);
  const count = Math.floor((lastEvaluation[level] - first) / stepMs) + 1;
  return Array.from({ length: count }, (_, index) => first + index * stepMs);
}
