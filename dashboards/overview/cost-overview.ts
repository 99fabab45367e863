import type { PanelGroup } from "../kit/layout";
import type { DashboardOptions } from "../options";
import { PanelFactory } from "../kit/panels";
import { trend } from "../queries/amount";
import { activeSessionsCost, cost, onlyNow } from "../queries/cost";
import { longestDay, sourceFor } from "../sources";
import { labels } from "../../telemetry/labels";
import { signals } from "../signals";
import { units } from "../kit/units";
import { filterMatchers as matchers } from "../kit/variables";
import { day } from "../../units";

/** The group that answers "what does it cost right now?". */
export function costOverview(options: DashboardOptions): PanelGroup {
  const words = options.text.overview.costOverview;
  const panels = new PanelFactory(options);
  const today = cost("$__range", { matchers, source: sourceFor(longestDay, options) });
  const lastDay = cost("24h", { matchers, source: sourceFor(day, options) });
  return {
    title: words.row,
    firstId: 100,
    lines: [
      {
        height: 4,
        panels: [
          panels.total(words.inRange, units.usd, cost("$__range", { matchers })),
          panels.stat(words.today, units.usd, onlyNow(today, longestDay)).timeFrom("now/d"),
          panels.total(words.lastDay, units.usd, lastDay),
          panels.total(words.activeSessions, units.usd, activeSessionsCost("10m", "24h", matchers)),
        ],
      },
      {
        height: 9,
        panels: [
          panels.bars(words.trend, units.usd, {
            expr: trend(signals.cost, { matchers, by: [labels.model] }),
            legend: `{{${labels.model}}}`,
          }),
        ],
      },
    ],
  };
}
