import type { PanelGroup } from "../kit/layout";
import type { DashboardOptions } from "../options";
import { PanelFactory } from "../kit/panels";
import { amount } from "../queries/amount";
import { activeSessions } from "../queries/cost";
import { changedLines, netLines } from "../queries/usage";
import { labels } from "../../telemetry/labels";
import { signals } from "../signals";
import { units } from "../kit/units";
import { filterMatchers as matchers } from "../kit/variables";

/** The group that answers "how much is it used?". */
export function usage(options: DashboardOptions): PanelGroup {
  const words = options.text.overview.usage;
  const panels = new PanelFactory(options);
  const range = "$__range";
  return {
    title: words.row,
    firstId: 300,
    lines: [
      {
        height: 4,
        panels: [
          panels.total(words.tokens, units.count, amount(signals.tokens, range, { matchers })),
          panels.total(words.linesAdded, units.count, changedLines("added", range, { matchers })),
          panels.total(words.linesRemoved, units.count, changedLines("removed", range, { matchers })),
          panels.total(words.linesNet, units.count, netLines(range, { matchers })),
        ],
      },
      {
        height: 4,
        panels: [
          panels.total(words.commits, units.count, amount(signals.commits, range, { matchers })),
          panels.total(words.pullRequests, units.count, amount(signals.pullRequests, range, { matchers })),
          panels.total(words.sessions, units.count, amount(signals.sessions, range, { matchers })),
          panels.total(words.activeSessions, units.count, activeSessions("10m", matchers)),
        ],
      },
      {
        height: 6,
        panels: [
          panels.ranking(
            words.tokensByType,
            units.count,
            amount(signals.tokens, range, { matchers, by: [labels.type] }),
            `{{${labels.type}}}`,
          ),
        ],
      },
    ],
  };
}
