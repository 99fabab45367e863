import type { PanelGroup } from "../kit/layout";
import type { DashboardOptions } from "../options";
import { PanelFactory } from "../kit/panels";
import { amount, trend } from "../queries/amount";
import { labels } from "../../telemetry/labels";
import { signals } from "../signals";
import { units } from "../kit/units";
import { matchers } from "./filters";

const range = "$__range";

/** The group that answers "does the context fill up, and are there values that nobody expected?". */
export function context(options: DashboardOptions): PanelGroup {
  const words = options.text.tools.context;
  const panels = new PanelFactory(options);
  return {
    title: words.row,
    firstId: 500,
    lines: [
      {
        height: 8,
        panels: [
          panels.ranking(
            words.compactions,
            units.count,
            amount(signals.compactions, range, { matchers, by: [labels.trigger, labels.success] }),
            `{{${labels.trigger}}}, ${words.compactions.success} {{${labels.success}}}`,
          ),
          panels.total(words.saved, units.count, amount(signals.compactedTokens, range, { matchers })),
          panels.bars(words.trend, units.count, {
            expr: trend(signals.compactions, { matchers, by: [labels.trigger] }),
            legend: `{{${labels.trigger}}}`,
          }),
          panels.ranking(
            words.folded,
            units.count,
            amount(signals.foldedValues, range, { matchers, by: [labels.foldedLabel] }),
            `{{${labels.foldedLabel}}}`,
          ),
        ],
      },
    ],
  };
}
