import { historyEnd } from "./world";
import { dayMs, hourMs, minuteMs, secondMs } from "../../units";

/**
 * When roll-ups of the known history count a point, by plain arithmetic. Windows are evaluated at some phase of their
 * step, as Prometheus does. In turn they are booked by another pass, as after outages: the first, or a late one.
 */

/** Lags of the passes that read raw samples, as docs/operations.md states them. */
export const lags: readonly number[] = [0, 2 * hourMs, 6 * hourMs, 30 * hourMs, 8 * dayMs];

/** No point is booked later after its time than this. */
export const latestBooking = 8 * dayMs + 2 * hourMs;

const step = 5 * minuteMs;
/** Delay of the evaluation after full five minutes, where windows end. */
const phase = 137 * secondMs;

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
  const booked = level === "5m" ? fine : instantFrom(fine, hourMs, lastEvaluation["1h"]);
  return booked <= lastEvaluation[level] ? booked : Number.POSITIVE_INFINITY;
}

/** The instants of a level in the history's last days, oldest first. */
export function instants(level: "5m" | "1h", days: number): number[] {
  const stepMs = level === "5m" ? step : hourMs;
  const first = instantFrom(historyEnd - days * dayMs, stepMs, lastEvaluation[level]);
  const count = Math.floor((lastEvaluation[level] - first) / stepMs) + 1;
  return Array.from({ length: count }, (_, index) => first + index * stepMs);
}
