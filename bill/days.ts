import { billDay, billTimeMs } from "../telemetry/bill";
import { dayMs, hourMs, secondMs } from "../units";

/** The provider revises figures for this long. */
const revisedForMs = 30 * dayMs;
/** Younger days change often, and are read by each run. */
const freshForMs = 3 * dayMs;
/** Older ones are read again after this. */
const rereadAfterMs = 24 * hourMs;

/** The provider's analytics begin there, and refuse ranges before it. */
const firstDayMs = Date.UTC(2026, 0, 1);

/** Facts that decide which days a run reads. */
export interface DayChoice {
  /** The provider's time. */
  readonly nowMs: number;
  /** Number of days, today among them. */
  readonly days: number;
  /** Times at which days were read last, in seconds since 1970, by their names. */
  readonly lastRead: ReadonlyMap<string, number>;
}

/**
 * Returns the days to read, in order, each by its midnight. They are those that were never read and young ones, today from
 * noon on. Days that the provider may still revise are among them once a day.
 */
export function daysToRead({ nowMs, days, lastRead }: DayChoice): number[] {
  const today = Math.floor(nowMs / dayMs) * dayMs;
  const all = Array.from({ length: days }, (_, index) => today - (days - 1 - index) * dayMs);
  return all.filter((dayStartMs) => {
    // Figures of a day that is not half over would lie in the future.
    if (dayStartMs < firstDayMs || billTimeMs(dayStartMs) > nowMs) {
      return false;
    }
    const readAt = lastRead.get(billDay(dayStartMs));
    if (readAt === undefined) {
      return true;
    }
    const [endMs, readAtMs] = [dayStartMs + dayMs, readAt * secondMs];
    return nowMs - endMs < freshForMs || (nowMs - readAtMs >= rereadAfterMs && readAtMs < endMs + revisedForMs);
  });
}
