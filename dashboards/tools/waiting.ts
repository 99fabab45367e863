import type { PanelGroup } from "../kit/layout";
import type { DashboardOptions } from "../options";
import { PanelFactory } from "../kit/panels";
import { amount, trend } from "../queries/amount";
import { meanOf, quantileOf } from "../queries/distributions";
import { labels } from "../../telemetry/labels";
import { distributions } from "../signals";
import { units } from "../kit/units";
import { matchers } from "./filters";

const range = "$__range";

/** The group that answers "how long do tools wait for a person?". */
export function waiting(options: DashboardOptions): PanelGroup {
  const words = options.text.tools.waiting;
  const panels = new PanelFactory(options);
  const { toolWait } = distributions;
  return {
    title: words.row,
    firstId: 300,
    lines: [
      {
        height: 4,
        panels: [
          panels.total(words.count, units.count, amount(toolWait.count, range, { matchers })),
          panels.stat(words.mean, units.seconds, meanOf(toolWait, range, { matchers })),
          panels.stat(words.p95, units.seconds, quantileOf(0.95, toolWait, range, { matchers })),
          panels.total(words.total, units.seconds, amount(toolWait.sum, range, { matchers })),
        ],
      },
      {
        height: 8,
        panels: [
          panels.bars(words.trend, units.seconds, {
            expr: trend(toolWait.sum, { matchers, by: [labels.decision] }),
            legend: `{{${labels.decision}}}`,
          }),
        ],
      },
    ],
  };
}
