import { formatDuration } from "../../units";
import { levels } from "../rollups/levels";
import { longestDay, longestMonth } from "../sources";
import type { Signal } from "../signals";
import { amount, type AmountOptions } from "./amount";
import type { ZoneOffsets } from "./time-zone";

/**
 * Amounts of a calendar day or month, for alert rules: they know no range that begins at midnight, and no variables.
 *
 * They add up the amounts that roll-ups have booked on the day, or in the month, of the evaluation. Usage of the last
 * five minutes before midnight is booked after it, and counts for the new day, here as in panels. Days and months are
 * of a time zone's wall clock, whose changes in the years to come are written into the query.
 */

/** Calendar periods over which an amount can be summed. */
export type CalendarUnit = "day" | "month";

const units = {
  day: { level: "5m", longest: longestDay },
  // A month of five-minute windows would be 9,000 instants. Where midnight divides an hour of UTC, as in India, the
  // hour counts for the month that it begins in.
  month: { level: "1h", longest: longestMonth },
} as const;

/**
 * The wall clock of a zone as a number: seconds since 1970 as if the clock showed UTC. A scalar.
 *
 * @param ago how long before the instant of evaluation, in seconds
 */
export function wallClock({ initial, transitions }: ZoneOffsets, ago = 0): string {
  const changes = transitions.map(({ at, change }) => ` + ${change} * (time() >= bool ${at + ago})`);
  return `(time() + ${initial - ago}${changes.join("")})`;
}

/**
 * The wall clock at the evaluation of the whole query, anywhere in it. Inside a subquery, `time()` is that of the
 * subquery's instant, and `@ end()` leads back.
 */
function wallClockOfEvaluation(zone: ZoneOffsets): string {
  return `max_over_time(vector(${wallClock(zone)})[1s:1s] @ end())`;
}

/** A vector where the window that ends at a subquery's instant began on the day, or in the month, of the evaluation. */
function withinUnit(unit: CalendarUnit, zone: ZoneOffsets): string {
  const begin = `vector(${wallClock(zone, levels[units[unit].level].stepSeconds)})`;
  const now = wallClockOfEvaluation(zone);
  // The same month of another year is out of reach.
  return unit === "month"
    ? `(month(${begin}) == on () month(${now}))`
    : `(floor(${begin} / 86400) == on () floor(${now} / 86400))`;
}

/**
 * The amount that a signal grew by since midnight, or since the first of the month, up to the evaluation. Behind by as
 * much as the level is.
 */
export function calendarAmount(
  signal: Signal,
  unit: CalendarUnit,
  zone: ZoneOffsets,
  { by, matchers }: Required<Pick<AmountOptions, "by" | "matchers">>,
): string {
  const { level: source, longest } = units[unit];
  const { step } = levels[source];
  const windows = amount(signal, step, { by, matchers, source });
  // The shift includes the window that is running at the evaluation.
  return `sum_over_time((${windows} and on () ${withinUnit(unit, zone)})[${formatDuration(longest)}:${step}] offset -${step})`;
}
