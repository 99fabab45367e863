import type { PanelGroup } from "../kit/layout";
import type { DashboardOptions } from "../options";
import { PanelFactory } from "../kit/panels";
import { amount } from "../queries/amount";
import { requests, timeBetweenRequests } from "../queries/session";
import { labels } from "../../telemetry/labels";
import { signals } from "../signals";
import { units } from "../kit/units";
import { sessionMatchers as matchers } from "./variables";

const range = "$__range";

/** The group that answers "what was this session?". */
export function summary(options: DashboardOptions): PanelGroup {
  const words = options.text.session.summary;
  const panels = new PanelFactory(options);
  const spent = (...by: string[]) => amount(signals.cost, range, { matchers, by, source: "raw" });
  const tokens = amount(signals.tokens, range, { matchers, by: [labels.type], source: "raw" });
  return {
    title: words.row,
    firstId: 100,
    lines: [
      {
        height: 4,
        panels: [
          panels.total(words.cost, units.usd, spent()),
          panels.total(words.requests, units.count, requests(range, matchers)),
          panels.stat(words.duration, units.seconds, timeBetweenRequests(range, matchers)),
        ],
      },
      {
        height: 6,
        panels: [
          panels.stats(words.tokens, units.count, [{ expr: tokens, legend: `{{${labels.type}}}` }]),
          panels.ranking(words.models, units.usd, spent(labels.model), `{{${labels.model}}}`),
        ],
      },
    ],
  };
}
