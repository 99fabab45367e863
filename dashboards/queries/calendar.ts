import { durationSeconds, formatDuration } from "../../components/units";
import { lagLabel, type Level, levels, rollupNames } from "../rollups/levels";
import { offsetBy } from "../rollups/rules";
import { longestDay, longestMonth } from "../sources";
import { rollupName, type Signal } from "../telemetry";
import { type AmountOptions, fineWindows, type Matchers, rawWindows, rollupScope, selector, sumBy } from "./amount";
import type { ZoneOffsets } from "./time-zone";

/**
 * Amounts of a calendar day or month, for alert rules: they know no range that begins at midnight, and no variables.
 *
 * They add up the roll-ups' instants that lie on the day, or in the month, of the evaluation. A roll-up's sample at T
 * stands for (T - step, T], so the begin of its window decides: the window that ends at midnight belongs to the day
 * before. Days and months are of a time zone's wall clock, whose changes in the years to come are written into the
 * query.
 */

/** What an amount can begin with. */
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
 * The wall clock at the evaluation of the whole query, wherever it stands: inside a subquery, `time()` is that of the
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

/** A level's series of a pass, at the instants that they are about: later passes record theirs by a lag later. */
function ofPass(series: string, matchers: Matchers, { step }: Level, lag: number): string {
  const labels = [`${rollupNames.step}="${step}"`, `${rollupNames.lag}="${lagLabel(lag)}"`];
  return `${selector(series, [...matchers, ...labels])}${offsetBy(-lag)}`;
}

/** The amount that a signal grew by since midnight, or since the first of the month, up to the evaluation. */
export function calendarAmount(
  signal: Signal,
  unit: CalendarUnit,
  zone: ZoneOffsets,
  { by, matchers }: Required<Pick<AmountOptions, "by" | "matchers">>,
): string {
  const level: Level = levels[units[unit].level];
  const { step, head } = level;
  const lags = [0, ...level.lags];
  const included = `and on () ${withinUnit(unit, zone)}`;
  const range = `${formatDuration(units[unit].longest)}:${step}`;
  // Summed pass by pass: an `or` of all series at each of a month's instants takes three times as long as the rest.
  const passes = lags.map((lag) => {
    const recorded = sumBy(by, ofPass(rollupName(signal, rollupScope(signal, { by, matchers })), matchers, level, lag));
    return `sum_over_time((${recorded} ${included})[${range}])`;
  });
  // What no pass has evaluated yet, as in `amount`: it ends with the window that is still running.
  const windows =
    step === levels["1h"].step
      ? fineWindows(signal, { by, matchers }, levels["5m"].step)
      : rawWindows(signal, { by, matchers }, step);
  const evaluated = lags
    .filter((lag) => lag < Number(durationSeconds(head)))
    .map((lag) => ofPass(rollupNames.evaluated, [], level, lag));
  const rest = `sum_over_time((${windows} unless on () (${evaluated.join(" or ")}) ${included})[${head}:${step}] offset -${step})`;
  // All have the same labels, and one more keeps them apart until they are added up.
  const parts = [...passes, rest].map((part, index) => `label_replace(${part}, "part", "${index}", "", "")`);
  return sumBy(by, parts.join(" or "));
}
