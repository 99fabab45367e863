import type { PanelGroup } from "../kit/layout";
import type { DashboardOptions } from "../options";
import { PanelFactory } from "../kit/panels";
import { cost } from "../queries/cost";
import { cacheSavings, repricedCost, unpricedTokens } from "../queries/prices";
import { priceTable } from "../../telemetry/prices";
import { labels } from "../../telemetry/labels";
import { units } from "../kit/units";
import { filterMatchers as matchers } from "../kit/variables";

const range = "$__range";

/** The group that answers "do the client's figures agree with the price list?". */
export function prices(options: DashboardOptions): PanelGroup {
  const words = options.text.spend.prices;
  const panels = new PanelFactory(options);
  const byModel = cost(range, { matchers, by: [labels.model] });
  const repriced = repricedCost(range, { matchers });
  const { columns } = words.comparison;
  return {
    title: `${words.row} (${priceTable.asOf})`,
    firstId: 300,
    lines: [
      {
        height: 8,
        panels: [
          panels.stat(words.cacheSavings, units.usd, cacheSavings(range, { matchers })),
          panels.ranking(words.unpriced, units.count, unpricedTokens(range, { matchers }), `{{${labels.model}}}`),
          panels.table(words.comparison, {
            keys: { [labels.model]: columns.model },
            columns: [
              { title: columns.client, unit: units.usd, expr: byModel },
              { title: columns.table, unit: units.usd, expr: repriced },
              { title: columns.difference, unit: units.usd, expr: `${byModel} - ${repriced}` },
            ],
          }),
        ],
      },
    ],
  };
}
