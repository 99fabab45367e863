import type { PanelGroup } from "../kit/layout";
import type { DashboardOptions } from "../options";
import { PanelFactory } from "../kit/panels";
import { amount, trend } from "../queries/amount";
import { errorShare, errorShareByStatus, errorShareTrend, refusalShare } from "../queries/requests";
import { labels } from "../../telemetry/labels";
import { signals } from "../signals";
import { units } from "../kit/units";
import { matchers } from "./filters";

const range = "$__range";

/** The group that answers "is it answered at all?". */
export function errors(options: DashboardOptions): PanelGroup {
  const words = options.text.requests.errors;
  const panels = new PanelFactory(options);
  const byStatus = { matchers, by: [labels.statusCode] };
  const byModel = { matchers, by: [labels.model] };
  const { columns } = words.byStatus;
  return {
    title: words.row,
    firstId: 400,
    lines: [
      {
        height: 4,
        panels: [
          panels.stat(words.share, units.share, errorShare(range, { matchers })),
          panels.total(words.exhausted, units.count, amount(signals.retriesExhausted, range, { matchers })),
          panels.total(words.refusals, units.count, amount(signals.refusals, range, { matchers })),
          panels.stat(words.refusalShare, units.share, refusalShare(range, { matchers })),
        ],
      },
      {
        height: 8,
        panels: [
          panels.table(words.byStatus, {
            keys: { [labels.statusCode]: columns.status },
            columns: [
              { title: columns.errors, unit: units.count, expr: amount(signals.apiErrors, range, byStatus) },
              { title: columns.share, unit: units.share, expr: errorShareByStatus(range, { matchers }) },
            ],
          }),
          panels.ranking(words.byModel, units.share, errorShare(range, byModel), `{{${labels.model}}}`),
        ],
      },
      {
        height: 8,
        panels: [
          panels.bars(words.trend, units.count, {
            expr: trend(signals.apiErrors, byStatus),
            legend: `{{${labels.statusCode}}}`,
          }),
          panels.series(words.shareTrend, units.share, [
            { expr: errorShareTrend({ matchers }), legend: words.shareTrend.share },
          ]),
        ],
      },
    ],
  };
}
