import type { PanelGroup } from "../kit/layout";
import type { DashboardOptions } from "../options";
import { PanelFactory } from "../kit/panels";
import { amount } from "../queries/amount";
import { failedConnectionShare } from "../queries/tools";
import { labels } from "../../telemetry/labels";
import { type Signal, signals } from "../signals";
import type { PanelText } from "../text/text";
import { units } from "../kit/units";
import { matchers } from "./filters";

const range = "$__range";

/** The group that answers "what extends the agent, and does it work?". */
export function extensions(options: DashboardOptions): PanelGroup {
  const words = options.text.tools.extensions;
  const panels = new PanelFactory(options);
  const ranking = (text: PanelText, signal: Signal, ...by: string[]) =>
    panels.ranking(
      text,
      units.count,
      amount(signal, range, { matchers, by }),
      by.map((label) => `{{${label}}}`).join(": "),
    );
  return {
    title: words.row,
    firstId: 400,
    lines: [
      {
        height: 8,
        panels: [
          panels.stat(words.failed, units.share, failedConnectionShare(range, { matchers })),
          ranking(words.connections, signals.mcpConnections, labels.status),
          ranking(words.failedBy, signals.mcpConnections, labels.transport, labels.serverScope, labels.status),
        ],
      },
      {
        height: 8,
        panels: [
          ranking(words.hooks, signals.hooks, labels.hookEvent, labels.outcome),
          ranking(words.skills, signals.skills, labels.skill),
          ranking(words.subagents, signals.subagents, labels.agentType),
        ],
      },
    ],
  };
}
