import type { PanelGroup } from "../kit/layout";
import type { DashboardOptions } from "../options";
import { PanelFactory } from "../kit/panels";
import { amount, trend } from "../queries/amount";
import { requestsPerPrompt } from "../queries/requests";
import { labels } from "../../telemetry/labels";
import { signals } from "../signals";
import { units } from "../kit/units";
import { matchers, teamMatchers } from "./filters";

const range = "$__range";

/** The group that answers "how many requests are there, and whose?". */
export function volume(options: DashboardOptions): PanelGroup {
  const words = options.text.requests.volume;
  const panels = new PanelFactory(options);
  const answered = signals.requestDurationCount;
  const by = (label: string) => amount(answered, range, { matchers, by: [label] });
  return {
    title: words.row,
    firstId: 100,
    lines: [
      {
        height: 4,
        panels: [
          panels.total(words.answered, units.count, amount(answered, range, { matchers })),
          panels.total(words.prompts, units.count, amount(signals.prompts, range, { matchers: teamMatchers })),
          panels.stat(words.perPrompt, units.count, requestsPerPrompt(range, { matchers: teamMatchers })),
        ],
      },
      {
        height: 8,
        panels: [
          panels.ranking(words.byModel, units.count, by(labels.model), `{{${labels.model}}}`),
          panels.ranking(words.bySource, units.count, by(labels.querySource), `{{${labels.querySource}}}`),
          panels.bars(words.trend, units.count, {
            expr: trend(answered, { matchers, by: [labels.model] }),
            legend: `{{${labels.model}}}`,
          }),
        ],
      },
    ],
  };
}
