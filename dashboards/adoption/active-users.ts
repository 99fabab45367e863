import type { PanelGroup } from "../kit/layout";
import type { DashboardOptions } from "../options";
import { PanelFactory } from "../kit/panels";
import { sessionsByVersion, stoppedUsers, usersTrend } from "../queries/usage";
import { sourceFor } from "../sources";
import { labels } from "../../telemetry/labels";
import { units } from "../kit/units";
import { filterMatchers as matchers } from "../kit/variables";
import { olderVersions } from "./versions";
import { day } from "../../units";

const month = 30 * day;

/** The group that answers "who uses it, and who no longer?". */
export function activeUsers(options: DashboardOptions): PanelGroup {
  const words = options.text.adoption.activeUsers;
  const panels = new PanelFactory(options);
  const source = sourceFor(month, options);
  const within = (window: string) => usersTrend(window, "1d", { matchers, source });
  const older = olderVersions(options.minimumClientVersion);
  return {
    title: words.row,
    firstId: 100,
    lines: [
      {
        height: 9,
        panels: [
          panels.series(
            words.trend,
            units.count,
            [
              { expr: within("1d"), legend: words.trend.day },
              { expr: within("7d"), legend: words.trend.week },
              { expr: within("30d"), legend: words.trend.month },
            ],
            "1d",
          ),
        ],
      },
      {
        height: 8,
        panels: [
          panels.table(words.stopped, {
            keys: { [labels.user]: words.stopped.columns.user, [labels.team]: words.stopped.columns.team },
            columns: [
              {
                title: words.stopped.columns.cost,
                unit: units.usd,
                expr: stoppedUsers("30d", "7d", { matchers, source }),
              },
            ],
          }),
          older === undefined
            ? panels.hint(words.outdated, words.outdated.off)
            : panels.table(words.outdated, {
                keys: { [labels.user]: words.outdated.columns.user, [labels.version]: words.outdated.columns.version },
                columns: [
                  {
                    title: words.outdated.columns.sessions,
                    unit: units.count,
                    expr: sessionsByVersion("7d", { matchers: [...matchers, `${labels.version}=~"${older}"`], source }),
                  },
                ],
              }),
        ],
      },
    ],
  };
}
