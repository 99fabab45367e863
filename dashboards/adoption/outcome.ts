import type { PanelGroup } from "../kit/layout";
import type { DashboardOptions } from "../options";
import { PanelFactory } from "../kit/panels";
import { trend } from "../queries/amount";
import { acceptedShare, automaticSources, decisions, personalSources, share } from "../queries/usage";
import { labels } from "../../telemetry/labels";
import { signals } from "../signals";
import { units } from "../kit/units";
import { filterMatchers } from "../kit/variables";

const range = "$__range";

/** The group that answers "is what it does kept?". */
export function outcome(options: DashboardOptions): PanelGroup {
  const words = options.text.adoption.outcome;
  const panels = new PanelFactory(options);
  const personal = [...filterMatchers, ...personalSources];
  const automatic = decisions(range, { matchers: [...filterMatchers, ...automaticSources] });
  const all = decisions(range, { matchers: filterMatchers });
  const acceptedBy = (label: string) => acceptedShare(range, { matchers: personal, by: [label] });
  return {
    title: words.row,
    firstId: 300,
    lines: [
      {
        height: 4,
        panels: [
          panels.stat(words.accepted, units.share, acceptedShare(range, { matchers: personal })),
          panels.stat(words.automatic, units.share, share(automatic, all)),
        ],
      },
      {
        height: 8,
        panels: [
          panels.ranking(words.byTool, units.share, acceptedBy(labels.tool), `{{${labels.tool}}}`),
          panels.ranking(words.byLanguage, units.share, acceptedBy(labels.language), `{{${labels.language}}}`),
          panels.ranking(
            words.bySource,
            units.count,
            decisions(range, { matchers: filterMatchers, by: [labels.decision, labels.decisionSource] }),
            `{{${labels.decision}}}: {{${labels.decisionSource}}}`,
          ),
        ],
      },
      {
        height: 8,
        panels: [
          panels.series(words.commits, units.count, [
            { expr: trend(signals.commits, { matchers: filterMatchers }), legend: words.commits.commits },
            { expr: trend(signals.pullRequests, { matchers: filterMatchers }), legend: words.commits.pullRequests },
          ]),
        ],
      },
    ],
  };
}
