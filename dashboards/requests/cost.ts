import type { PanelGroup } from "../kit/layout";
import type { DashboardOptions } from "../options";
import { PanelFactory } from "../kit/panels";
import { amount } from "../queries/amount";
import { meanOf, meanTrend, quantileOf, quantileTrend } from "../queries/distributions";
import { labels } from "../../telemetry/labels";
import { distributions } from "../signals";
import { units } from "../kit/units";
import { matchers } from "./filters";

const range = "$__range";
/** A request costs cents, or parts of one. */
const decimals = 4;

/** The group that answers "what does one request cost, and how much is sent with it?". */
export function requestCosts(options: DashboardOptions): PanelGroup {
  const { cost: words, columns } = options.text.requests;
  const panels = new PanelFactory(options);
  const byModel = { matchers, by: [labels.model] };
  const { requestCost, requestContext } = distributions;
  return {
    title: words.row,
    firstId: 500,
    lines: [
      {
        height: 8,
        panels: [
          panels.table(words.byModel, {
            keys: { [labels.model]: columns.model },
            columns: [
              { title: columns.requests, unit: units.count, expr: amount(requestCost.count, range, byModel) },
              { title: words.byModel.cost, unit: units.usd, expr: meanOf(requestCost, range, byModel) },
              { title: words.byModel.costP95, unit: units.usd, expr: quantileOf(0.95, requestCost, range, byModel) },
              { title: words.byModel.context, unit: units.count, expr: meanOf(requestContext, range, byModel) },
              {
                title: words.byModel.contextP95,
                unit: units.count,
                expr: quantileOf(0.95, requestContext, range, byModel),
              },
            ],
          }),
        ],
      },
      {
        height: 8,
        panels: [
          panels
            .series(words.cost, units.usd, [
              { expr: meanTrend(requestCost, { matchers }), legend: columns.mean },
              { expr: quantileTrend(0.95, requestCost, { matchers }), legend: columns.p95 },
            ])
            .decimals(decimals),
          panels.series(words.context, units.count, [
            { expr: meanTrend(requestContext, { matchers }), legend: columns.mean },
            { expr: quantileTrend(0.95, requestContext, { matchers }), legend: columns.p95 },
          ]),
        ],
      },
    ],
  };
}
