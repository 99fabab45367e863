import { day, hour, minute } from "../../units";

/**
 * Roll-ups sum the session away, so a long range touches one series per user in place of one per session.
 *
 * Windows end at full five minutes. A first pass books the raw samples of the newest window, at the time of the
 * evaluation. Late passes look at the same window again and book what is missing, or too much, at their own time. So the
 * roll-up's sum over any partition of time is the sum of the raw samples, and no query has to move a sample.
 *
 * Prometheus evaluates a group at some moment of its interval, which depends on the names of group and file. Whatever the
 * moment, an evaluation belongs to one window: the newest that ended {@link Timing.settlingSeconds} ago or earlier.
 */
export interface Level {
  /** Length of a window, in PromQL's notation. */
  readonly step: string;
  /** The same in seconds. */
  readonly stepSeconds: number;
}

/** Times at which windows are evaluated. */
export interface Timing {
  /** The level that is computed from raw samples. Rules are evaluated once in its step. */
  readonly fine: Level;
  /** The level that is computed from the fine one. */
  readonly coarse: Level;
  /** Time that samples have at least to arrive before the first pass reads a window, in seconds. */
  readonly settlingSeconds: number;
  /**
   * Delays of the late passes after the first pass, in seconds, ascending; multiples of the step.
   * Stored series carry them in a label.
   */
  readonly lateLags: readonly number[];
  /**
   * The same for roll-ups that are computed from roll-ups. Those never change afterwards, so one pass repairs what an
   * interrupted evaluation left out.
   */
  readonly repairLag: number;
  /** PromQL that selects, by the end of the fine window, the evaluations that compute a window of the coarse level. */
  readonly coarseTurn: string;
}

/** The levels by their step, finest first. */
export const levels = {
  "5m": { step: "5m", stepSeconds: 5 * minute },
  "1h": { step: "1h", stepSeconds: hour },
} as const satisfies Record<string, Level>;

/** The latest that a sample may arrive and still be rolled up in every stack, in seconds. */
export const usualLateness = 8 * day;

/** The same in a stack whose out-of-order window is longer: its rules have one pass more. */
export const longestLateness = 15 * day;

/** The stack's timing. */
export const timing: Timing = {
  fine: levels["5m"],
  coarse: levels["1h"],
  settlingSeconds: minute,
  lateLags: [2 * hour, 6 * hour, 30 * hour, usualLateness, longestLateness],
  repairLag: 4 * hour,
  // The last whose time of evaluation lies in the same hour: a range from the full hour then begins five minutes early.
  coarseTurn: "minute() == 55",
};

/** Labels and names of the recorded series. */
export const rollupNames = {
  /** The level of a recorded series. Raw series lack the label. */
  step: "rollup_step",
  /** The lag of the late pass that booked a series, e.g. `7200s`; absent on the first pass. */
  lag: "rollup_lag",
  /** The run of `npm run recompute` that wrote a series. Versions before 0.2.0 named each pass. */
  pass: "rollup_pass",
  /** 1 at each evaluation of a level. */
  evaluated: "claude_code:rollups:evaluated",
  /** A final day's roll-up less what it is computed from, by `signal`, `scope` and {@link step}. */
  difference: "signal:claude_code_rollup_difference:sum_1d",
  signal: "signal",
  scope: "scope",
} as const;

/** Longest range in seconds that the fine level answers; beyond it, its samples would be too many. */
export const finestLevelRange = 14 * day;

/** Value of {@link rollupNames.lag}; empty for the first pass: an empty matcher finds series without the label. */
export function lagLabel(lagSeconds: number): string {
  return lagSeconds === 0 ? "" : `${lagSeconds}s`;
}

/** Age of the end of the day that the standing check compares, in seconds: an hour after the last pass over it. */
export function checkedDayEnd(promisedLateness: number): number {
  return (timing.lateLags.find((lag) => lag >= promisedLateness) ?? longestLateness) + hour;
}
