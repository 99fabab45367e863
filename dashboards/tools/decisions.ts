import type { PanelGroup } from "../kit/layout";
import type { DashboardOptions } from "../options";
import { PanelFactory } from "../kit/panels";
import { amount } from "../queries/amount";
import { acceptShare } from "../queries/tools";
import { automaticSources, personalSources, share } from "../queries/usage";
import { labels } from "../../telemetry/labels";
import { signals } from "../signals";
import { units } from "../kit/units";
import { matchers } from "./filters";

const range = "$__range";

/** The group that answers "who lets tools run?". */
export function toolDecisions(options: DashboardOptions): PanelGroup {
  const words = options.text.tools.decisions;
  const panels = new PanelFactory(options);
  const personal = [...matchers, ...personalSources];
  const automatic = [...matchers, ...automaticSources];
  const decided = (own: readonly string[], by: readonly string[] = []) =>
    amount(signals.toolDecisions, range, { matchers: own, by });
  const accepting = `${labels.decision}="accept"`;
  const rejecting = `${labels.decision}="reject"`;
  const byTool = [labels.tool];
  const { columns } = words.byTool;
  return {
    title: words.row,
    firstId: 200,
    lines: [
      {
        height: 4,
        panels: [
          panels.stat(words.accepted, units.share, acceptShare(range, { matchers: personal })),
          panels.stat(words.automatic, units.share, share(decided(automatic), decided(matchers))),
        ],
      },
      {
        height: 10,
        panels: [
          panels.table(words.byTool, {
            keys: { [labels.tool]: columns.tool },
            columns: [
              { title: columns.accepted, unit: units.count, expr: decided([...personal, accepting], byTool) },
              { title: columns.rejected, unit: units.count, expr: decided([...personal, rejecting], byTool) },
              { title: columns.share, unit: units.share, expr: acceptShare(range, { matchers: personal, by: byTool }) },
              { title: columns.automatic, unit: units.count, expr: decided([...automatic, accepting], byTool) },
              { title: columns.refused, unit: units.count, expr: decided([...automatic, rejecting], byTool) },
            ],
          }),
          panels.ranking(
            words.bySource,
            units.count,
            decided(matchers, [labels.decision, labels.decisionSource]),
            `{{${labels.decision}}}: {{${labels.decisionSource}}}`,
          ),
        ],
      },
    ],
  };
}
