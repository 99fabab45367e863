import type { PanelGroup } from "../kit/layout";
import type { DashboardOptions } from "../options";
import { PanelFactory } from "../kit/panels";
import { amount, trend, withRemainder } from "../queries/amount";
import { cost } from "../queries/cost";
import { labels } from "../../telemetry/labels";
import { signals } from "../signals";
import { units } from "../kit/units";
import { filterMatchers as matchers } from "../kit/variables";

const range = "$__range";

/** The group that answers "where is it used?". */
export function locations(options: DashboardOptions): PanelGroup {
  const words = options.text.overview.location;
  const panels = new PanelFactory(options);
  const { notSet } = options.text.spend;
  const byLocation = { matchers, by: [labels.location] };
  const legend = `{{${labels.location}}}`;
  const named = (expression: string, label: string = labels.location) => withRemainder(expression, label, notSet);
  return {
    title: words.row,
    firstId: 600,
    lines: [
      {
        height: 8,
        panels: [
          panels.ranking(words.cost, units.usd, named(cost(range, byLocation)), legend),
          panels.ranking(words.tokens, units.count, named(amount(signals.tokens, range, byLocation)), legend),
          panels.ranking(
            words.devices,
            units.count,
            named(amount(signals.sessions, range, { matchers, by: [labels.device] }), labels.device),
            `{{${labels.device}}}`,
          ),
        ],
      },
      {
        height: 8,
        panels: [
          panels.bars(words.trend, units.usd, { expr: named(trend(signals.cost, byLocation)), legend }),
          panels.table(words.table, {
            keys: { [labels.location]: words.table.columns.location },
            columns: [
              { title: words.table.columns.cost, unit: units.usd, expr: named(cost(range, byLocation)) },
              { title: words.table.columns.users, unit: units.count, expr: named(usersByLocation()) },
              {
                title: words.table.columns.tokens,
                unit: units.count,
                expr: named(amount(signals.tokens, range, byLocation)),
              },
              {
                title: words.table.columns.sessions,
                unit: units.count,
                expr: named(amount(signals.sessions, range, byLocation)),
              },
            ],
          }),
        ],
      },
    ],
  };
}

function usersByLocation(): string {
  const byUser = cost(range, { matchers, by: [labels.location, labels.user] });
  return `count by (${labels.location}) (${byUser})`;
}
