import type { PanelGroup } from "../kit/layout";
import type { DashboardOptions } from "../options";
import { PanelFactory, type TableArgs } from "../kit/panels";
import { amount, top } from "../queries/amount";
import { cost, costPerUser, onlyNow } from "../queries/cost";
import { cacheHitShare, decisions, shareOfUsers, users } from "../queries/usage";
import { longestDay, sourceFor } from "../sources";
import { labels } from "../../telemetry/labels";
import { signals } from "../signals";
import { units } from "../kit/units";
import { filterMatchers as matchers } from "../kit/variables";
import { day } from "../../units";

const range = "$__range";

/** The group that answers "who uses it, and for what?". */
export function usersGroup(options: DashboardOptions): PanelGroup {
  const words = options.text.overview.users;
  const panels = new PanelFactory(options);
  const ofToday = { matchers, source: sourceFor(longestDay, options) };
  const today = users(range, ofToday);
  const month = { matchers, source: sourceFor(30 * day, options) };
  const byUser = { matchers, by: [labels.user] };
  return {
    title: words.row,
    firstId: 500,
    lines: [
      {
        height: 4,
        panels: [
          panels.total(words.total, units.count, users(range, { matchers })),
          panels.stat(words.activeToday, units.count, onlyNow(today, longestDay)).timeFrom("now/d"),
          panels.stat(words.average, units.usd, costPerUser(range, { matchers })),
          panels
            .stat(words.shareActive, units.share, onlyNow(shareOfUsers(range, "30d", ofToday, month), longestDay))
            .timeFrom("now/d"),
        ],
      },
      { height: 10, panels: [panels.table(words.leaderboard, leaderboard(options))] },
      {
        height: 10,
        panels: [
          panels.ranking(words.cost, units.usd, top(20, cost(range, byUser)), `{{${labels.user}}}`),
          panels.table(words.models, {
            keys: { [labels.user]: words.models.columns.user, [labels.model]: words.models.columns.model },
            columns: [
              {
                title: words.models.columns.cost,
                unit: units.usd,
                expr: cost(range, { matchers, by: [labels.user, labels.model] }),
              },
            ],
          }),
          panels.table(words.tools, {
            keys: { [labels.user]: words.tools.columns.user, [labels.tool]: words.tools.columns.tool },
            columns: [
              {
                title: words.tools.columns.decisions,
                unit: units.count,
                expr: decisions(range, { matchers, by: [labels.user, labels.tool] }),
              },
            ],
          }),
        ],
      },
    ],
  };
}

function leaderboard({ text }: DashboardOptions): TableArgs {
  const { columns: titles } = text.overview.users.leaderboard;
  const byUser = { matchers, by: [labels.user] };
  return {
    keys: { [labels.user]: titles.user },
    columns: [
      { title: titles.cost, unit: units.usd, expr: cost(range, byUser) },
      { title: titles.tokens, unit: units.count, expr: amount(signals.tokens, range, byUser) },
      { title: titles.sessions, unit: units.count, expr: amount(signals.sessions, range, byUser) },
      { title: titles.lines, unit: units.count, expr: amount(signals.lines, range, byUser) },
      { title: titles.commits, unit: units.count, expr: amount(signals.commits, range, byUser) },
      { title: titles.cacheHit, unit: units.share, expr: cacheHitShare(range, byUser) },
    ],
  };
}
