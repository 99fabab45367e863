import type { PanelGroup } from "../kit/layout";
import type { DashboardOptions } from "../options";
import { PanelFactory } from "../kit/panels";
import { trend } from "../queries/amount";
import { cost, costPerCommit, costPerLine, tokensPerUsd } from "../queries/cost";
import { labels } from "../../telemetry/labels";
import { signals } from "../signals";
import { units } from "../kit/units";
import { filterMatchers as matchers } from "../kit/variables";

/** The group that answers "what is the money spent on, and what does it bring?". */
export function costAnalysis(options: DashboardOptions): PanelGroup {
  const words = options.text.overview.costAnalysis;
  const panels = new PanelFactory(options);
  const byModel = { matchers, by: [labels.model] };
  const legend = `{{${labels.model}}}`;
  return {
    title: words.row,
    firstId: 200,
    lines: [
      {
        height: 4,
        panels: [
          panels.stat(words.perLine, units.usd, costPerLine("$__range", { matchers })).decimals(4),
          panels.stat(words.perCommit, units.usd, costPerCommit("$__range", { matchers })),
          panels.stat(words.tokensPerUsd, units.count, tokensPerUsd("$__range", { matchers })),
        ],
      },
      {
        height: 8,
        panels: [
          panels.donut(words.byModel, units.usd, cost("$__range", byModel)),
          panels.bars(words.hourly, units.usd, { expr: trend(signals.cost, byModel), legend }, "1h"),
          panels.runningTotal(words.runningTotal, units.usd, {
            expr: trend(signals.cost, { matchers }),
            legend: words.runningTotal.title,
          }),
        ],
      },
    ],
  };
}
