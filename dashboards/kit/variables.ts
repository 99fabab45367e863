import {
  ConstantVariableBuilder,
  QueryVariableBuilder,
  VariableHide,
  VariableRefresh,
  VariableSort,
} from "@grafana/grafana-foundation-sdk/dashboard";

import type { DashboardOptions } from "../options";
import { hiddenVariables } from "../queries/amount";
import type { Matchers } from "../queries/selector";
import { finestLevelRange, levels, rollupNames } from "../rollups/levels";
import { billMetrics } from "../../telemetry/bill";
import { labels } from "../../telemetry/labels";
import { rollupName, type Scope, signals } from "../signals";

/** Labels that a reader can filter by, in the order shown. */
export const allFilters = ["user", "team", "location", "device", "model", "repository"] as const;

/** One of the filters. */
export type Filter = (typeof allFilters)[number];

/** Filters whose values are people or their machines, each matching everybody. */
const everybody: Readonly<Partial<Record<Filter, string>>> = { user: ".*", device: ".*" };

/** One multi-value variable for each filter, `All` at first; hidden and constant where readers have no choice. */
export function filterVariables(
  options: DashboardOptions,
  filters: readonly Filter[] = allFilters,
  source: KnownSeries = "auto",
): (QueryVariableBuilder | ConstantVariableBuilder)[] {
  const { team, people = true } = options;
  const fixed: Readonly<Partial<Record<Filter, string>>> = {
    ...(people ? {} : everybody),
    ...(team === undefined ? {} : { team }),
  };
  return filters.map((name) => {
    const value = fixed[name];
    return value === undefined ? pickedFilter(name, options, source) : new ConstantVariableBuilder(name).value(value);
  });
}

/** The series that panels read: right after the first export there is no roll-up yet. */
const knownSeries = {
  raw: signals.cost.metric,
  auto: `{__name__=~"${signals.cost.metric}|${rollupName(signals.cost, "device")}",${rollupNames.step}="$${hiddenVariables.step}"}`,
  // Not everybody who is charged reports, and the reverse.
  bill: `{__name__=~"${billMetrics.charged.prometheus}|${billMetrics.reported.prometheus}"}`,
} as const;

/** The series whose labels a filter offers. */
export type KnownSeries = keyof typeof knownSeries;

function pickedFilter(name: Filter, { text, dataSource }: DashboardOptions, source: KnownSeries): QueryVariableBuilder {
  return (
    new QueryVariableBuilder(name)
      .label(text.variables[name])
      .datasource(dataSource)
      .query(`label_values(${knownSeries[source]}, ${labels[name]})`)
      .refresh(VariableRefresh.OnTimeRangeChanged)
      .sort(VariableSort.AlphabeticalAsc)
      .multi(true)
      .includeAll(true)
      // Matches the empty value too: a series without the label belongs to "All".
      .allValue(".*")
      .current({ text: ["All"], value: ["$__all"] })
  );
}

/** The matchers that make a query obey filters. */
export function matchersOf(filters: readonly Filter[]): Matchers {
  return filters.map((name) => `${labels[name]}=~"$${name}"`);
}

/** The matchers that make a query obey all filters. */
export const filterMatchers: Matchers = matchersOf(allFilters);

/** PromQL has no empty label: the variable's pattern leaves this out. */
const rawChoice = "raw";

/** The hidden variable by which panels choose between raw series and roll-ups, from the range shown. */
export function sourceVariable({ dataSource, rawRangeSeconds }: DashboardOptions): QueryVariableBuilder {
  const range = "vector($__range_s)";
  const named = (value: string, condition: string) =>
    `label_replace(${condition}, "${hiddenVariables.step}", "${value}", "", "")`;
  const fine = Math.max(rawRangeSeconds, finestLevelRange);
  const choices = [
    named(rawChoice, `${range} <= ${rawRangeSeconds}`),
    ...(fine > rawRangeSeconds ? [named(levels["5m"].step, `${range} > ${rawRangeSeconds} <= ${fine}`)] : []),
    named(levels["1h"].step, `${range} > ${fine}`),
  ];
  return hidden(hiddenVariables.step, choices, dataSource, levels["5m"].step);
}

/** The hidden variable that holds the scope with the fewest series that has what is filtered by; none where all have. */
export function scopeVariables({ dataSource }: DashboardOptions, filters: readonly Filter[]): QueryVariableBuilder[] {
  return unknownFilters.team.some((filter) => filters.includes(filter))
    ? [hidden(hiddenVariables.scope, [scopeChoice(filters)], dataSource, "team")]
    : [];
}

function hidden(
  name: string,
  choices: readonly string[],
  dataSource: DashboardOptions["dataSource"],
  current: string,
): QueryVariableBuilder {
  return (
    new QueryVariableBuilder(name)
      .hide(VariableHide.HideVariable)
      .datasource(dataSource)
      .query(`query_result(${choices.join(" or ")})`)
      // A result reads `{step="5m"} 86400 1700000000000`.
      .regex(`/${name}="(?:${rawChoice})?([^"]*)"/`)
      .refresh(VariableRefresh.OnTimeRangeChanged)
      .multi(false)
      .includeAll(false)
      .current({ text: current, value: current })
  );
}

/** Filters that a scope knows nothing of. */
const unknownFilters: Readonly<Record<Exclude<Scope, "device">, readonly Filter[]>> = {
  user: ["device", "repository"],
  team: ["user", "device", "repository"],
};

/**
 * The narrowest scope whose unknown filters are all `All`; else the one that has them all. PromQL compares texts only
 * as labels.
 */
function scopeChoice(filters: readonly Filter[]): string {
  const { scope: name } = hiddenVariables;
  // A narrower scope replaces a wider one's name.
  return (["user", "team"] as const).reduce((chosen, scope) => {
    const unknown = unknownFilters[scope].filter((filter) => filters.includes(filter));
    const picked = unknown.map((filter) => `$${filter}`).join("");
    const all = unknown.map(() => "[.][*]").join("");
    return `label_replace(label_replace(${chosen}, "picked", "${picked}", "", ""), "${name}", "${scope}", "picked", "${all}")`;
  }, `label_replace(vector(1), "${name}", "device", "", "")`);
}
