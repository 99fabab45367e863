import { QueryVariableBuilder, VariableRefresh, VariableSort } from "@grafana/grafana-foundation-sdk/dashboard";

import type { DashboardOptions } from "../options";
import { is } from "../queries/logs";
import { type Matchers, selector } from "../queries/selector";
import { metrics } from "../../telemetry/client-metrics";
import { labels } from "../../telemetry/labels";
import { type Filter, matchersOf } from "../kit/variables";

/** Filters of the list of sessions. */
export const sessionFilters = ["user", "team"] as const satisfies readonly Filter[];

/** The session that is shown: one, from those that spent something within the range, or typed. */
export function sessionVariable({ text, dataSource }: DashboardOptions): QueryVariableBuilder {
  const spent = selector(metrics.cost.prometheus, matchersOf(sessionFilters));
  return new QueryVariableBuilder("session")
    .label(text.session.variable)
    .datasource(dataSource)
    .query(`label_values(${spent}, ${labels.session})`)
    .refresh(VariableRefresh.OnTimeRangeChanged)
    .sort(VariableSort.AlphabeticalAsc)
    .multi(false)
    .includeAll(false);
}

/** The matchers that make a query of metrics obey it. */
export const sessionMatchers: Matchers = [`${labels.session}="$session"`];

/** The filter that makes a query of events obey it. */
export const sessionEntries = is(labels.session, "$session");

/** The traces of the session. Spans carry the session under its own name. */
export const sessionTraces = '{ span.session.id = "$session" }';
