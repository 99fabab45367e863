import type { PanelGroup } from "../kit/layout";
import { sessionOfCell } from "../kit/links";
import type { DashboardOptions } from "../options";
import { PanelFactory } from "../kit/panels";
import { amount, top, withRemainder } from "../queries/amount";
import { sessionCosts } from "../queries/cost";
import { labels } from "../../telemetry/labels";
import { type Signal, signals } from "../signals";
import type { PanelText } from "../text/text";
import { units } from "../kit/units";
import { filterMatchers as matchers } from "../kit/variables";

/** Most groups that a ranking shows. */
const longestRanking = 20;

/** The group that answers "who and what is it spent on?". */
export function breakdown(options: DashboardOptions): PanelGroup {
  const words = options.text.spend.breakdown;
  const panels = new PanelFactory(options);
  const { notSet, notAttributed } = options.text.spend;
  const by = (text: PanelText, label: string, signal: Signal, remainder: string) => {
    const spent = withRemainder(amount(signal, "$__range", { matchers, by: [label] }), label, remainder);
    return panels.ranking(text, units.usd, top(longestRanking, spent), `{{${label}}}`);
  };
  const { columns } = words.topSessions;
  return {
    title: words.row,
    firstId: 200,
    lines: [
      {
        height: 8,
        panels: [
          by(words.team, labels.team, signals.cost, notSet),
          by(words.user, labels.user, signals.cost, notSet),
          by(words.repository, labels.repository, signals.cost, notAttributed),
          by(words.source, labels.querySource, signals.attributedCost, notAttributed),
        ],
      },
      {
        height: 8,
        panels: [
          by(words.skill, labels.skill, signals.attributedCost, notAttributed),
          by(words.agent, labels.agent, signals.attributedCost, notAttributed),
          by(words.plugin, labels.plugin, signals.attributedCost, notAttributed),
          by(words.effort, labels.effort, signals.attributedCost, notAttributed),
        ],
      },
      {
        height: 9,
        panels: [
          panels.table(words.topSessions, {
            keys: {
              [labels.session]: columns.session,
              [labels.user]: columns.user,
              [labels.team]: columns.team,
              [labels.repository]: columns.repository,
            },
            columns: [
              { title: columns.cost, unit: units.usd, expr: top(longestRanking, sessionCosts("24h", matchers)) },
            ],
            links: { [labels.session]: sessionOfCell(options.text.session.link) },
          }),
        ],
      },
    ],
  };
}
