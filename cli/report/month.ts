import { type ZoneOffsets, zoneOffsets } from "../../dashboards/queries/time-zone";

/** A day of a time zone: from its first second to the first second of the next, in seconds since 1970. */
export interface Day {
  /** As `2026-11-20`. */
  readonly date: string;
  readonly start: number;
  readonly end: number;
}

/** A month of a time zone, from local midnight to local midnight. */
export interface ReportMonth {
  /** As `2026-11`. */
  readonly name: string;
  readonly timeZone: string;
  readonly start: number;
  readonly end: number;
  /** They touch, and fill the month. A day has 23 or 25 hours where clocks change. */
  readonly days: readonly Day[];
}

/**
 * A month of a time zone.
 *
 * @param name as `2026-11`
 * @param timeZone IANA name
 */
export function monthOf(name: string, timeZone: string): ReportMonth {
  const { year, month } = partsOf(name);
  const count = new Date(Date.UTC(year, month, 0)).getUTCDate();
  const zone = zoneOffsets(timeZone, new Date(Date.UTC(year, month - 1)));
  // The first of the next month included.
  const starts = Array.from({ length: count + 1 }, (_, index) => {
    const midnight = Date.UTC(year, month - 1, index + 1);
    return { date: new Date(midnight).toISOString().slice(0, 10), at: firstInstant(midnight / 1000, zone) };
  });
  const days = starts
    .slice(0, -1)
    .map(({ date, at }, index) => ({ date, start: at, end: starts[index + 1]?.at ?? at }))
    // A zone that moves across the date line leaves out a day.
    .filter(({ start, end }) => end > start);
  return { name, timeZone, start: starts[0]?.at ?? 0, end: starts.at(-1)?.at ?? 0, days };
}

/** The name of a zone's month at an instant, in seconds since 1970. */
export function monthAt(seconds: number, timeZone: string): string {
  return localTime(seconds, timeZone).slice(0, 7);
}

/** A zone's clock, as `2026-11-29 20:46`. Swedish writes a date as ISO 8601 does. */
export function localTime(seconds: number, timeZone: string): string {
  const format = new Intl.DateTimeFormat("sv-SE", { timeZone, dateStyle: "short", timeStyle: "short" });
  return format.format(seconds * 1000);
}

/** The name of the month before. */
export function monthBefore(name: string): string {
  const { year, month } = partsOf(name);
  return new Date(Date.UTC(year, month - 2)).toISOString().slice(0, 7);
}

/**
 * Reads the name of a month.
 *
 * @throws Error naming the option, what was found and what is expected
 */
export function readMonth(text: string): string {
  if (!/^20\d\d-(0[1-9]|1[0-2])$/.test(text)) {
    throw new Error(`--month: found "${text}"; expected a month such as 2026-11`);
  }
  return text;
}

/**
 * Reads the name of a time zone.
 *
 * @throws Error naming the option, what was found and what is expected
 */
export function readTimeZone(text: string): string {
  try {
    return new Intl.DateTimeFormat("en", { timeZone: text }).resolvedOptions().timeZone;
  } catch (error) {
    throw new Error(`--time-zone: found "${text}"; expected an IANA name such as UTC or Europe/Berlin`, {
      cause: error,
    });
  }
}

function partsOf(name: string): { readonly year: number; readonly month: number } {
  return { year: Number(name.slice(0, 4)), month: Number(name.slice(5)) };
}

/**
 * The first instant at which a zone's clock shows a time or a later one: clocks that are set ahead at midnight never
 * show midnight.
 *
 * @param wall seconds since 1970 as if the clock showed UTC
 */
function firstInstant(wall: number, { initial, transitions }: ZoneOffsets): number {
  let offset = initial;
  let since = Number.NEGATIVE_INFINITY;
  for (const { at, change } of transitions) {
    if (at + offset > wall) {
      break;
    }
    offset += change;
    since = at;
  }
  return Math.max(since, wall - offset);
}
