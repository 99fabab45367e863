import type { PanelGroup } from "../kit/layout";
import type { DashboardOptions } from "../options";
import { PanelFactory } from "../kit/panels";
import { amount } from "../queries/amount";
import { meanOf, meanTrend, quantileOf, quantileTrend } from "../queries/distributions";
import { labels } from "../../telemetry/labels";
import { type Distribution } from "../signals";
import type { Text } from "../text/text";
import { units } from "../kit/units";
import { matchers } from "./filters";

const range = "$__range";

/** A group that answers "how long does it take, for most and for the slowest?". */
export function durations(
  options: DashboardOptions,
  words: Text["requests"]["latency"],
  distribution: Distribution,
  firstId: number,
): PanelGroup {
  const panels = new PanelFactory(options);
  const { columns } = options.text.requests;
  const byModel = { matchers, by: [labels.model] };
  const quantiles = [
    { share: 0.5, title: columns.median },
    { share: 0.95, title: columns.p95 },
    { share: 0.99, title: columns.p99 },
  ];
  return {
    title: words.row,
    firstId,
    lines: [
      {
        height: 8,
        panels: [
          panels.table(words.byModel, {
            keys: { [labels.model]: columns.model },
            columns: [
              { title: columns.requests, unit: units.count, expr: amount(distribution.count, range, byModel) },
              { title: columns.mean, unit: units.seconds, expr: meanOf(distribution, range, byModel) },
              ...quantiles.map(({ share, title }) => ({
                title,
                unit: units.seconds,
                expr: quantileOf(share, distribution, range, byModel),
              })),
            ],
          }),
          panels.series(words.trend, units.seconds, [
            { expr: meanTrend(distribution, { matchers }), legend: columns.mean },
            ...quantiles.map(({ share, title }) => ({
              expr: quantileTrend(share, distribution, { matchers }),
              legend: title,
            })),
          ]),
        ],
      },
    ],
  };
}
