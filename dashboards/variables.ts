import { QueryVariableBuilder, VariableRefresh, VariableSort } from "@grafana/grafana-foundation-sdk/dashboard";

import { prometheusReference } from "./data-source";
import { Matchers } from "./queries";
import { labels, metrics } from "./telemetry";
import { text } from "./text/en";

/** Labels that a reader can filter by, in the order shown. */
const filters = ["user", "team", "location", "device", "model"] as const;

/** One multi-value variable for each filter, `All` at first. */
export function filterVariables(): QueryVariableBuilder[] {
  return filters.map((name) =>
    new QueryVariableBuilder(name)
      .label(text.variables[name])
      .datasource(prometheusReference)
      .query(`label_values(${metrics.cost}, ${labels[name]})`)
      .refresh(VariableRefresh.OnTimeRangeChanged)
      .sort(VariableSort.AlphabeticalAsc)
      .multi(true)
      .includeAll(true)
      // Matches the empty value too: a series without the label belongs to "All".
      .allValue(".*")
      .current({ text: ["All"], value: ["$__all"] }),
  );
}

/** The matchers that make a query obey {@link filterVariables}. */
export const filterMatchers: Matchers = filters.map((name) => `${labels[name]}=~"$${name}"`);
