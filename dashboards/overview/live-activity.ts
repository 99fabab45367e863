import type { PanelGroup } from "../kit/layout";
import type { DashboardOptions } from "../options";
import { PanelFactory } from "../kit/panels";
import { trend } from "../queries/amount";
import { perMinute } from "../queries/usage";
import { labels } from "../../telemetry/labels";
import { signals } from "../signals";
import { units } from "../kit/units";
import { filterMatchers as matchers } from "../kit/variables";

/** The group that answers "what is going on?". */
export function liveActivity(options: DashboardOptions): PanelGroup {
  const words = options.text.overview.live;
  const panels = new PanelFactory(options);
  const byType = { matchers, by: [labels.type] };
  const legend = `{{${labels.type}}}`;
  return {
    title: words.row,
    firstId: 400,
    lines: [
      {
        height: 8,
        panels: [
          panels.bars(words.lines, units.count, { expr: perMinute(trend(signals.lines, byType)), legend }),
          panels.bars(words.tokens, units.count, { expr: perMinute(trend(signals.tokens, byType)), legend }),
        ],
      },
    ],
  };
}
