import { PanelGroup } from "../layout";
import { stackedBarsPanel, statPanel, units } from "../panels";
import { activeSessionsCost, cost, costByModel } from "../queries";
import { labels } from "../telemetry";
import { text } from "../text/en";
import { filterMatchers } from "../variables";

/** The group that answers "what does it cost right now?". */
export function costOverview(): PanelGroup {
  const words = text.overview.costOverview;
  return {
    title: words.row,
    firstId: 100,
    lines: [
      {
        height: 4,
        panels: [
          statPanel(words.costInRange, units.usd, cost("$__range", filterMatchers)),
          statPanel(words.costToday, units.usd, cost("$__range", filterMatchers)).timeFrom("now/d"),
          statPanel(words.costLastDay, units.usd, cost("24h", filterMatchers)).timeFrom("24h"),
          statPanel(words.activeSessionsCost, units.usd, activeSessionsCost("10m", "24h", filterMatchers)).timeFrom(
            "24h",
          ),
        ],
      },
      {
        height: 9,
        panels: [
          stackedBarsPanel(
            words.costByModel,
            units.usd,
            costByModel("$__interval", filterMatchers),
            `{{${labels.model}}}`,
          ),
        ],
      },
    ],
  };
}
