import { day } from "../../units";

/** Offset of a time zone from UTC in seconds, as a step function of time. */
export interface ZoneOffsets {
  /** Until the first transition. */
  readonly initial: number;
  /** Ordered; each holds from `at` on, in seconds since 1970. */
  readonly transitions: readonly { readonly at: number; readonly change: number }[];
}

/** Years ahead for which transitions are known. A later deployment knows later ones. */
const yearsAhead = 3;

/**
 * A zone's transitions from the year before `now` to the end of the third year after it. Whole years, so that the
 * result changes once a year and not with every deployment.
 *
 * @param timeZone IANA name
 */
export function zoneOffsets(timeZone: string, now: Date): ZoneOffsets {
  const offsetAt = offsetReader(timeZone);
  const from = Date.UTC(now.getUTCFullYear() - 1, 0, 1) / 1000;
  const to = Date.UTC(now.getUTCFullYear() + yearsAhead + 1, 0, 1) / 1000;
  const transitions: { at: number; change: number }[] = [];
  for (let start = from; start < to; start += day) {
    const change = offsetAt(start + day) - offsetAt(start);
    if (change !== 0) {
      transitions.push({ at: transitionWithin(start, start + day, offsetAt), change });
    }
  }
  return { initial: offsetAt(from), transitions };
}

/** Asks for the wall clock's time, which Swedish writes as ISO 8601 does but for a space. */
function offsetReader(timeZone: string): (seconds: number) => number {
  const format = new Intl.DateTimeFormat("sv-SE", { timeZone, dateStyle: "short", timeStyle: "medium" });
  return (seconds) => Date.parse(`${format.format(seconds * 1000).replace(" ", "T")}Z`) / 1000 - seconds;
}

/** The first second with the later offset. */
function transitionWithin(start: number, end: number, offsetAt: (seconds: number) => number): number {
  let [before, after] = [start, end];
  while (after - before > 1) {
    const middle = Math.floor((before + after) / 2);
    if (offsetAt(middle) === offsetAt(start)) {
      before = middle;
    } else {
      after = middle;
    }
  }
  return after;
}
