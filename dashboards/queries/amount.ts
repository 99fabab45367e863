import { type levels, rollupNames } from "../rollups/levels";
import { labels } from "../../telemetry/labels";
import { rollupName, type Scope, scopes, type Signal, signalScopes } from "../signals";
import { type Matchers, offsetBy, selector } from "./selector";

/**
 * PromQL as pure functions. They know nothing of panels.
 *
 * Every sample is an amount, raw or rolled up, so every query is `sum_over_time` over a window: no `rate`, no
 * `increase`, no bare selector. Windows are left-open, so windows that touch neither overlap nor leave gaps.
 */

/** A PromQL duration or one of Grafana's variables for it, e.g. `24h` or `$__range`. */
export type Window = string;

/** The range that a dashboard shows. */
export const range: Window = "$__range";

/**
 * The samples that an amount is added up from:
 * - `raw`: every sample, at its own time
 * - `5m`, `1h`: roll-ups, up to seven minutes or about an hour behind
 * - `auto`: as the dashboard's range demands, by {@link hiddenVariables}
 */
export type Source = "auto" | "raw" | keyof typeof levels;

/** Hidden variables of a dashboard. */
export const hiddenVariables = {
  /** The source: empty for raw series, which lack the label `rollup_step`; else the step of a roll-up. */
  step: "step",
  /** The scope with the fewest series that has the labels that are filtered by. */
  scope: "scope",
} as const;

/** Options of a query for an amount. */
export interface AmountOptions {
  readonly matchers?: Matchers;
  /** Labels to keep. Default none. */
  readonly by?: readonly string[];
  /** Default `auto`. */
  readonly source?: Source;
  /** Age of the window's end in seconds. Default: now. */
  readonly offset?: number;
}

/** `sum by (labels) (…)`, the same in PromQL and LogQL. */
export function sumBy(by: readonly string[], expression: string): string {
  return by.length === 0 ? `sum(${expression})` : `sum by (${by.join(", ")}) (${expression})`;
}

/** The amount that a signal grew by within a window that ends at the instant of evaluation, or `offset` before it. */
export function amount(signal: Signal, window: Window, options: AmountOptions = {}): string {
  const { by = [], offset = 0 } = options;
  return sumBy(by, `sum_over_time(${samples(signal, options)}[${window}]${offsetBy(offset)})`);
}

/** Options of a query for amounts per interval. */
export type TrendOptions = Pick<AmountOptions, "matchers" | "by" | "source">;

/**
 * The amount of each interval that begins at the instant of evaluation: a range query for bars. Grafana asks for
 * multiples of the interval up to now, so without the shift the interval that is running would be missing.
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
  const { by = [] } = options;
  return sumBy(by, `sum_over_time(${samples(signal, options)}[${window}] offset -${interval})`);
}

/** Selects a signal's samples: raw series, roll-ups, or whichever of the two the dashboard's range demands. */
function samples(signal: Signal, options: AmountOptions): string {
  const { matchers = [], source = "auto" } = options;
  if (source === "raw") {
    return selector(signal.metric, matchers);
  }
  const { name, more } = rollup(signal, options);
  const step = `${rollupNames.step}="${source === "auto" ? `$${hiddenVariables.step}` : source}"`;
  const own = [...more, ...matchers, step];
  if (source !== "auto") {
    return name.startsWith("(") ? selector("", [`__name__=~"${name}"`, ...own]) : selector(name, own);
  }
  return selector("", [`__name__=~"${signal.metric}|${name}"`, ...own]);
}

/**
 * The name of the roll-up to read: of the scope with the fewest series that has the labels asked for. Where readers
 * filter by what it lacks, only the dashboard knows.
 */
function rollup(signal: Signal, { matchers = [], by = [] }: AmountOptions): { name: string; more: Matchers } {
  const [only, ...others] = signalScopes(signal);
  if (only !== undefined && others.length === 0) {
    return { name: rollupName(signal, only), more: [] };
  }
  const matched = (asked: Matchers) => asked.map((matcher) => matcher.replace(/\W.*/s, ""));
  const fixed = narrowestScope([...by, ...matched(matchers.filter((matcher) => !isFilter(matcher)))]);
  const filtered = narrowestScope([...by, ...matched(matchers)]);
  const variable = `\${${hiddenVariables.scope}}`;
  if (fixed === filtered) {
    return { name: rollupName(signal, fixed), more: [] };
  }
  // Series of the scope `team` have no user. Those of `user` have no device or repository, so a filter by either
  // leaves the scope `device` alone.
  return fixed === "user"
    ? { name: rollupName(signal, `(user|${variable})`), more: [`${labels.user}!=""`] }
    : { name: rollupName(signal, variable), more: [] };
}

/** The scope with the fewest labels that lacks none of those asked for. */
function narrowestScope(asked: readonly string[]): Scope {
  const lacks = (scope: Scope) =>
    scopes.device.some((label) => asked.includes(label) && !scopes[scope].some((own) => own === label));
  return lacks("user") ? "device" : lacks("team") ? "user" : "team";
}

/** True for a matcher whose value is a dashboard's variable. */
function isFilter(matcher: string): boolean {
  return matcher.includes('"$');
}

/** One amount for another; no data where the other is zero. */
export function ratio(numerator: string, denominator: string): string {
  return `${numerator} / (${denominator} > 0)`;
}

/** A signal's amount for each of another's, of the same window and groups. */
export function amountPer(signal: Signal, each: Signal, window: Window, options: AmountOptions = {}): string {
  return ratio(amount(signal, window, options), amount(each, window, options));
}

/** The `count` groups with the highest value. */
export function top(count: number, expression: string): string {
  return `topk(${count}, ${expression})`;
}

/** Names the groups that lack a label, so that what is not attributed is shown and not lost. */
export function withRemainder(expression: string, label: string, name: string): string {
  return `label_replace(${expression}, "${label}", "${name}", "${label}", "^$")`;
}
