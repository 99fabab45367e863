import type { PanelGroup } from "../kit/layout";
import type { DashboardOptions } from "../options";
import { PanelFactory } from "../kit/panels";
import { amount, trend, withRemainder } from "../queries/amount";
import { labels } from "../../telemetry/labels";
import { signals } from "../signals";
import type { PanelText } from "../text/text";
import { units } from "../kit/units";
import { filterMatchers as matchers } from "../kit/variables";

/** The group that answers "how is it started, and how long is it used?". */
export function sessionsGroup(options: DashboardOptions): PanelGroup {
  const words = options.text.adoption.sessions;
  const panels = new PanelFactory(options);
  const sessionsBy = (text: PanelText, label: string) => {
    const sessions = amount(signals.sessions, "$__range", { matchers, by: [label] });
    return panels.ranking(text, units.count, withRemainder(sessions, label, options.text.spend.notSet), `{{${label}}}`);
  };
  const byType = { matchers, by: [labels.type] };
  const legend = `{{${labels.type}}}`;
  return {
    title: words.row,
    firstId: 200,
    lines: [
      {
        height: 8,
        panels: [
          sessionsBy(words.startType, labels.startType),
          sessionsBy(words.terminal, labels.terminal),
          sessionsBy(words.version, labels.version),
        ],
      },
      {
        height: 8,
        panels: [
          panels.ranking(words.activeTimeTotal, units.seconds, amount(signals.activeTime, "$__range", byType), legend),
          panels.bars(words.activeTime, units.seconds, { expr: trend(signals.activeTime, byType), legend }),
        ],
      },
    ],
  };
}
