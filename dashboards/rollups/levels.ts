/**
 * Roll-ups sum the session away, so that long ranges touch a series per user instead of one per session.
 *
 * A level's windows partition time: at every instant T that is a multiple of `step`, the roll-up stands for the raw
 * samples in the left-open window (T - step, T].
 *
 * A window is evaluated several times, because data may come late and Prometheus may be down. Each pass records what
 * earlier ones lack. Prometheus lets a rule record a sample at most an hour old, so later passes record theirs at
 * T + lag and name the lag in a label: whoever reads them moves them back by it.
 */
export interface Level {
  /** Length of a window and distance of the instants, in PromQL's notation. */
  readonly step: string;
  /** The same in seconds. */
  readonly stepSeconds: number;
  /** How long after T the passes that record at T itself are evaluated, in seconds; below an hour. */
  readonly passes: readonly number[];
  /** How long after T the later passes are evaluated, and by how much later than T they record, in seconds. */
  readonly lags: readonly number[];
  /** How far back a query takes from raw series what no pass has evaluated yet; ends before the first lag's windows. */
  readonly head: string;
}

const minute = 60;
const hour = 60 * minute;
const day = 24 * hour;

/** Lags of the later passes. The labels of what is stored depend on them: they may be added to, never changed. */
const lags = [2 * hour, 6 * hour, 30 * hour, 8 * day] as const;

/** The levels, finest first. */
export const levels = {
  "5m": { step: "5m", stepSeconds: 5 * minute, passes: [10 * minute, 40 * minute], lags, head: "130m" },
  "1h": { step: "1h", stepSeconds: hour, passes: [10 * minute, 40 * minute], lags, head: "7h" },
} as const satisfies Record<string, Level>;

/** The latest that a sample may arrive and still be rolled up, in seconds. */
export const longestLateness = 8 * day;

/** Labels and names of the recorded series. */
export const rollupNames = {
  /** Which level a recorded series belongs to. */
  step: "rollup_step",
  /** Which pass recorded it. */
  pass: "rollup_pass",
  /** By how much later than its instant it is recorded, e.g. `7200s`; absent if it is not. */
  lag: "rollup_lag",
  /** 1 for every T that a pass has evaluated. */
  evaluated: "claude_code:rollups:evaluated",
  /** Sum of a day's raw samples, by `signal`: what roll-ups are checked against. */
  checkRaw: "signal:claude_code_raw:sum_1d",
  /** Sum of the same day's roll-up, by `signal`, `scope` and `rollup_step`. */
  checkRollup: "signal:claude_code_rollup:sum_1d",
  /** Names the scope on the one above. */
  scope: "scope",
  /** Names the signal on the two above. */
  signal: "signal",
} as const;

/** Longest range in seconds that the finest level answers; beyond it, its samples would be too many. */
export const finestLevelRange = 14 * day;

/**
 * Longest range in seconds to whose roll-ups the newest windows are added from raw series: a day on which clocks are set
 * back. Beyond it that would cost more than all the rest: Prometheus looks for raw series in every block of the range.
 */
export const rawHeadRange = 25 * hour;

/** A recorded series' lag as its label says it; empty for none, which matches its absence. */
export function lagLabel(lagSeconds: number): string {
  return lagSeconds === 0 ? "" : `${lagSeconds}s`;
}

/** When the day ends that the standing check compares, in seconds before now: a lag after which nothing changes, and an hour. */
export function checkedDayEnd(promisedLateness: number): number {
  return (lags.find((lag) => lag >= promisedLateness) ?? longestLateness) + hour;
}
