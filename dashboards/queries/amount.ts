import { durationSeconds } from "../../components/units";
import { lagLabel, levels, rawHeadRange, rollupNames } from "../rollups/levels";
import { offsetBy } from "../rollups/rules";
import { rollupName, type Scope, scopes, type Signal, signalScopes } from "../telemetry";

/**
 * PromQL as pure functions. They know nothing of panels.
 *
 * Every sample is a delta, so every amount is `sum_over_time` over a window: no `rate`, no `increase`, no bare selector.
 * Windows are left-open, so windows that touch neither overlap nor leave gaps.
 */

/** Label matchers, e.g. `user=~"$user"`, that every query of a dashboard carries. */
export type Matchers = readonly string[];

/** A PromQL duration or one of Grafana's variables for it, e.g. `24h` or `$__range`. */
export type Window = string;

/**
 * Where an amount is read from:
 * - `raw`: every sample that was stored, windows exact to the millisecond
 * - `5m`, `1h`: roll-ups. A window begins and ends on the last multiple of the step before its own begin and end. If it
 *   ends now, what no roll-up of the step holds yet is added: up to 25 hours from raw samples, so that it includes
 *   everything; beyond, from five-minute roll-ups, which are up to 20 minutes behind
 * - `auto`: as the dashboard's range demands, by {@link autoVariables}
 */
export type Source = "auto" | "raw" | keyof typeof levels;

/**
 * Hidden variables of a dashboard, by which `auto` chooses. Each switch is a pattern for a label that raw series lack:
 * `()` matches its absence, `off` matches nothing.
 */
export const autoVariables = {
  raw: "raw_series",
  rolledUp: "rolled_up",
  step: "rollup_step",
  head: "rollup_head",
  fine: "rollup_fine",
} as const;

/**
 * Hidden variables that hold the narrowest scope that knows what is filtered by: of all, and of those that know users.
 */
export const scopeVariables = { team: "rollup_scope", user: "rollup_user_scope" } as const;

/** How an amount is asked for. */
export interface AmountOptions {
  readonly matchers?: Matchers;
  /** Labels to keep. Default none. */
  readonly by?: readonly string[];
  /** Default `auto`. */
  readonly source?: Source;
  /** How long ago the window ends; leaves nothing to be taken from raw series but with `raw`. Default: now. */
  readonly offset?: Window;
}

/** `metric{matchers}`; without braces where there are none. */
export function selector(metric: string, matchers: Matchers = []): string {
  return matchers.length === 0 ? metric : `${metric}{${matchers.join(",")}}`;
}

/** `sum by (labels) (…)`. */
export function sumBy(by: readonly string[], expression: string): string {
  return by.length === 0 ? `sum(${expression})` : `sum by (${by.join(", ")}) (${expression})`;
}

/** The amount that a signal grew by within a window that ends at the instant of evaluation, or `offset` before it. */
export function amount(signal: Signal, window: Window, options: AmountOptions = {}): string {
  const { by = [], source = "auto" } = options;
  return sumBy(by, parts(signal, window, options, source).join(" or "));
}

function parts(signal: Signal, window: Window, options: AmountOptions, source: Source): string[] {
  const { matchers = [], offset } = options;
  const ago = offset === undefined ? 0 : durationInSeconds(offset);
  const raw = (...more: string[]) =>
    `sum_over_time(${selector(signal.metric, [...matchers, ...more])}[${window}]${offsetBy(ago)})`;
  const rollup = (step: string) =>
    [0, ...levels["5m"].lags].map(
      (lag) => `sum_over_time(${recorded(signal, options, step, lag)}[${window}]${offsetBy(ago - lag)})`,
    );
  switch (source) {
    case "raw":
      return [raw()];
    case "5m":
    case "1h":
      return [...rollup(source), ...(offset === undefined ? newest(signal, window, options, source) : [])];
    case "auto": {
      const { raw: rawSwitch, rolledUp, step, head: length, fine } = autoVariables;
      return [
        raw(`${rollupNames.step}=~"$${rawSwitch}"`),
        ...rollup(`$${step}`),
        head(
          rawWindows(signal, options, `$${step}`, [`${rollupNames.step}=~"$${rolledUp}"`]),
          `$${step}`,
          `$${length}`,
        ),
        head(fineWindows(signal, options, `$${fine}`), levels["1h"].step, levels["1h"].head),
      ];
    }
  }
}

/** What roll-ups of a step do not hold yet. */
function newest(signal: Signal, window: Window, options: AmountOptions, source: keyof typeof levels): string[] {
  const { step, head: length } = levels[source];
  if (source === "1h") {
    return [head(fineWindows(signal, options, levels["5m"].step), step, length)];
  }
  // Grafana's range is a day at most where this source is asked for by name.
  const short = window === "$__range" || durationInSeconds(window) <= rawHeadRange;
  return short ? [head(rawWindows(signal, options, step), step, length)] : [];
}

function durationInSeconds(text: string): number {
  const seconds = text === "0s" ? 0 : durationSeconds(text);
  if (seconds === undefined) {
    throw new Error(`found "${text}"; expected a duration such as 7d`);
  }
  return seconds;
}

/**
 * The scope of the roll-up to read: the narrowest that has the labels asked for. Where readers filter by what it lacks,
 * only the dashboard knows. A signal with one scope leaves nothing to choose.
 */
export function rollupScope(
  signal: Signal,
  { matchers = [], by = [] }: Pick<AmountOptions, "matchers" | "by">,
): string {
  const [only, ...others] = signalScopes(signal);
  if (only !== undefined && others.length === 0) {
    return only;
  }
  const matched = (asked: Matchers) => asked.map((matcher) => matcher.replace(/\W.*/s, ""));
  const fixed = narrowestScope([...by, ...matched(matchers.filter((matcher) => !isFilter(matcher)))]);
  const filtered = narrowestScope([...by, ...matched(matchers)]);
  return fixed === filtered || fixed === "device" ? fixed : `\${${scopeVariables[fixed]}}`;
}

/** The narrowest scope that lacks none of those labels that any scope has. */
function narrowestScope(asked: readonly string[]): Scope {
  const lacks = (scope: Scope) =>
    scopes.device.some((label) => asked.includes(label) && !scopes[scope].some((own) => own === label));
  return lacks("user") ? "device" : lacks("team") ? "user" : "team";
}

/** Whether a matcher's value is a dashboard's variable. */
function isFilter(matcher: string): boolean {
  return matcher.includes('"$');
}

/** What passes of one lag have recorded. */
function recorded(signal: Signal, options: AmountOptions, step: string, lag: number): string {
  const { matchers = [] } = options;
  return selector(rollupName(signal, rollupScope(signal, options)), [
    ...matchers,
    `${rollupNames.step}="${step}"`,
    `${rollupNames.lag}="${lagLabel(lag)}"`,
  ]);
}

/** Lags whose passes come while a window may still be in the head. */
const headLags = [0, 2 * 3600, 6 * 3600];

/** A window of raw samples that ends at a subquery's instant. */
export function rawWindows(signal: Signal, options: AmountOptions, step: string, more: Matchers = []): string {
  const { matchers = [], by = [] } = options;
  return sumBy(by, `sum_over_time(${selector(signal.metric, [...matchers, ...more])}[${step}])`);
}

/** The same of an hour, from five-minute roll-ups. */
export function fineWindows(signal: Signal, options: AmountOptions, fineStep: string): string {
  const passes = headLags.map(
    (lag) => `sum_over_time(${recorded(signal, options, fineStep, lag)}[${levels["1h"].step}]${offsetBy(-lag)})`,
  );
  return sumBy(options.by ?? [], passes.join(" or "));
}

/**
 * What no pass has evaluated yet: the latest windows, and those that an outage of Prometheus has skipped. Its instants
 * are multiples of the step, as those of the roll-up are, up to the one that is still running.
 */
function head(windows: string, step: string, length: string): string {
  const evaluated = headLags.map((lag) => {
    const series = selector(rollupNames.evaluated, [
      `${rollupNames.step}="${step}"`,
      `${rollupNames.lag}="${lagLabel(lag)}"`,
    ]);
    return `${series}${offsetBy(-lag)}`;
  });
  return `sum_over_time((${windows} unless on () (${evaluated.join(" or ")}))[${length}:${step}] offset -${step})`;
}

/** How amounts per interval are asked for. */
export type TrendOptions = Pick<AmountOptions, "matchers" | "by" | "source">;

/**
 * The amount of each interval that begins at the instant of evaluation: a range query for bars. Grafana asks for
 * multiples of the interval up to now, so without the shift the interval that is running would be missing.
 *
 * From roll-ups it follows behind by the time that their first pass waits, and a window.
 *
 * @param interval at least the roll-up's step
 * @param window what is added up; ends with the interval. Default: the interval
 */
export function trend(
  signal: Signal,
  options: TrendOptions = {},
  interval: Window = "$__interval",
  window: Window = interval,
): string {
  const { matchers = [], by = [], source = "auto" } = options;
  const raw = (...more: string[]) =>
    `sum_over_time(${selector(signal.metric, [...matchers, ...more])}[${window}] offset -${interval})`;
  const rollup = (step: string) =>
    [0, ...levels["5m"].lags].map((lag) => {
      const offset = lag === 0 ? `-${interval}` : `-${lagAndInterval(lag, interval)}`;
      return `sum_over_time(${recorded(signal, options, step, lag)}[${window}] offset ${offset})`;
    });
  switch (source) {
    case "raw":
      return sumBy(by, raw());
    case "5m":
    case "1h":
      return sumBy(by, rollup(source).join(" or "));
    case "auto":
      return sumBy(
        by,
        [raw(`${rollupNames.step}=~"$${autoVariables.raw}"`), ...rollup(`$${autoVariables.step}`)].join(" or "),
      );
  }
}

/** As one duration: sums of durations are read by Prometheus from 3.16 on, and by no distributed store. */
function lagAndInterval(lag: number, interval: Window): string {
  // Grafana alone knows the interval.
  return `${lag}s${interval === "$__interval" ? "${__interval_ms}" : durationInSeconds(interval) * 1000}ms`;
}

/** One amount for another; no data where the other is zero. */
export function ratio(numerator: string, denominator: string): string {
  return `${numerator} / (${denominator} > 0)`;
}

/** The `count` groups with the highest value. */
export function top(count: number, expression: string): string {
  return `topk(${count}, ${expression})`;
}

/** Names the groups that lack a label, so that what is not attributed is shown and not lost. */
export function withRemainder(expression: string, label: string, name: string): string {
  return `label_replace(${expression}, "${label}", "${name}", "${label}", "^$")`;
}
