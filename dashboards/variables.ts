import {
  ConstantVariableBuilder,
  QueryVariableBuilder,
  VariableHide,
  VariableRefresh,
  VariableSort,
} from "@grafana/grafana-foundation-sdk/dashboard";

import type { DashboardOptions } from "./options";
import { everybody } from "./people";
import { autoVariables, type Matchers, scopeVariables } from "./queries/amount";
import { finestLevelRange, levels, rawHeadRange } from "./rollups/levels";
import { labels, rollupName, type Scope, signals } from "./telemetry";

/** Labels that a reader can filter by, in the order shown. */
export const allFilters = ["user", "team", "location", "device", "model", "repository"] as const;

/** One of the filters. */
export type Filter = (typeof allFilters)[number];

/** One multi-value variable for each filter, `All` at first; hidden and constant where readers have no choice. */
export function filterVariables(
  options: DashboardOptions,
  filters: readonly Filter[] = allFilters,
): (QueryVariableBuilder | ConstantVariableBuilder)[] {
  const { team, people = true } = options;
  const fixed: Readonly<Partial<Record<Filter, string>>> = {
    ...(people ? {} : everybody),
    ...(team === undefined ? {} : { team }),
  };
  return filters.map((name) => {
    const value = fixed[name];
    return value === undefined ? pickedFilter(name, options) : new ConstantVariableBuilder(name).value(value);
  });
}

function pickedFilter(name: Filter, { text, dataSource }: DashboardOptions): QueryVariableBuilder {
  return (
    new QueryVariableBuilder(name)
      .label(text.variables[name])
      .datasource(dataSource)
      // From the roll-up: it has a series per user where the metric itself has one per session.
      .query(`label_values(${rollupName(signals.cost, "device")}, ${labels[name]})`)
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

/**
 * What a hidden variable is, for ranges that are answered from raw series; from the finest roll-up with its newest
 * windows from raw series; from the finest roll-up alone; and from the coarsest.
 */
interface Choice {
  readonly raw: string;
  readonly day: string;
  readonly fine: string;
  readonly coarse: string;
}

const choices: Readonly<Record<keyof typeof autoVariables, Choice>> = {
  raw: { raw: "()", day: "off", fine: "off", coarse: "off" },
  rolledUp: { raw: "off", day: "()", fine: "off", coarse: "off" },
  // No roll-up has a step of one minute, so that a short range finds none.
  step: { raw: "1m", day: levels["5m"].step, fine: levels["5m"].step, coarse: levels["1h"].step },
  head: { raw: "1m", day: levels["5m"].head, fine: levels["5m"].head, coarse: levels["1h"].head },
  fine: { raw: "off", day: "off", fine: "off", coarse: levels["5m"].step },
};

/**
 * The hidden variables by which panels choose between raw series and roll-ups, from the range shown, and between the
 * scopes of roll-ups, from what is filtered by. A dashboard whose filters every scope knows leaves no choice of scopes.
 */
export function sourceVariables(
  { dataSource, rawRangeSeconds }: DashboardOptions,
  filters: readonly Filter[] = allFilters,
): QueryVariableBuilder[] {
  const hidden = (name: string, query: string, current: string) =>
    new QueryVariableBuilder(name)
      .hide(VariableHide.HideVariable)
      .datasource(dataSource)
      .query(query)
      // A result reads `{choice="5m"} 86400 1700000000000`.
      .regex('/choice="([^"]*)"/')
      .refresh(VariableRefresh.OnTimeRangeChanged)
      .multi(false)
      .includeAll(false)
      .current({ text: current, value: current });
  return [
    ...Object.entries(choices).map(([key, choice]) =>
      hidden(autoVariables[key as keyof typeof autoVariables], choiceQuery(choice, rawRangeSeconds), choice.fine),
    ),
    ...(unknownFilters.team.some((filter) => filters.includes(filter))
      ? [
          hidden(scopeVariables.team, scopeQuery(["user", "team"], filters), "team"),
          hidden(scopeVariables.user, scopeQuery(["user"], filters), "user"),
        ]
      : []),
  ];
}

/** Filters that a scope knows nothing of. */
const unknownFilters: Readonly<Record<Exclude<Scope, "device">, readonly Filter[]>> = {
  user: ["device", "repository"],
  team: ["user", "device", "repository"],
};

/**
 * The narrowest of the scopes, widest first, whose unknown filters are all `All`; else the one that knows them all.
 * PromQL compares texts only as labels.
 */
function scopeQuery(candidates: readonly (keyof typeof unknownFilters)[], filters: readonly Filter[]): string {
  const query = candidates.reduce((chosen, scope) => {
    const unknown = unknownFilters[scope].filter((filter) => filters.includes(filter));
    const picked = unknown.map((filter) => `$${filter}`).join("");
    const all = unknown.map(() => "[.][*]").join("");
    return `label_replace(label_replace(${chosen}, "picked", "${picked}", "", ""), "choice", "${scope}", "picked", "${all}")`;
  }, 'label_replace(vector(1), "choice", "device", "", "")');
  return `query_result(${query})`;
}

function choiceQuery({ raw, day, fine, coarse }: Choice, rawRangeSeconds: number): string {
  const range = "vector($__range_s)";
  const named = (value: string, condition: string) => `label_replace(${condition}, "choice", "${value}", "", "")`;
  const exact = Math.min(rawRangeSeconds, finestLevelRange);
  const complete = Math.max(exact, rawHeadRange);
  return `query_result(${[
    named(raw, `${range} <= ${exact}`),
    named(day, `${range} > ${exact} <= ${complete}`),
    named(fine, `${range} > ${complete} <= ${finestLevelRange}`),
    named(coarse, `${range} > ${finestLevelRange}`),
  ].join(" or ")})`;
}
