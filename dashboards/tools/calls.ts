import type { PanelGroup } from "../kit/layout";
import type { DashboardOptions } from "../options";
import { PanelFactory } from "../kit/panels";
import { amount, trend } from "../queries/amount";
import { meanOf, quantileOf } from "../queries/distributions";
import { successShare } from "../queries/tools";
import { labels } from "../../telemetry/labels";
import { distributions, signals } from "../signals";
import { units } from "../kit/units";
import { matchers } from "./filters";

const range = "$__range";

/** The group that answers "which tools run, and do they work?". */
export function calls(options: DashboardOptions): PanelGroup {
  const words = options.text.tools.calls;
  const panels = new PanelFactory(options);
  const byTool = { matchers, by: [labels.tool] };
  const legend = `{{${labels.tool}}}`;
  const { toolDuration } = distributions;
  const { columns } = words.duration;
  return {
    title: words.row,
    firstId: 100,
    lines: [
      {
        height: 4,
        panels: [
          panels.total(words.count, units.count, amount(toolDuration.count, range, { matchers })),
          panels.stat(words.success, units.share, successShare(range, { matchers })),
          panels.total(words.bytes, units.bytes, amount(signals.toolResultSize, range, { matchers })),
        ],
      },
      {
        height: 10,
        panels: [
          panels.ranking(words.byTool, units.count, amount(toolDuration.count, range, byTool), legend),
          panels.ranking(words.successByTool, units.share, successShare(range, byTool), legend),
          panels.ranking(words.bytesByTool, units.bytes, amount(signals.toolResultSize, range, byTool), legend),
        ],
      },
      {
        height: 10,
        panels: [
          panels.table(words.duration, {
            keys: { [labels.tool]: columns.tool },
            columns: [
              { title: columns.calls, unit: units.count, expr: amount(toolDuration.count, range, byTool) },
              { title: columns.mean, unit: units.seconds, expr: meanOf(toolDuration, range, byTool) },
              { title: columns.median, unit: units.seconds, expr: quantileOf(0.5, toolDuration, range, byTool) },
              { title: columns.p95, unit: units.seconds, expr: quantileOf(0.95, toolDuration, range, byTool) },
            ],
          }),
          panels.bars(words.trend, units.count, { expr: trend(toolDuration.count, byTool), legend }),
        ],
      },
    ],
  };
}
