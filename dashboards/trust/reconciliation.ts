import type { PanelGroup } from "../kit/layout";
import { sessionOfCell } from "../kit/links";
import type { DashboardOptions } from "../options";
import { thresholds } from "../kit/defaults";
import { PanelFactory } from "../kit/panels";
import {
  byUser,
  dailyDifference,
  differingCosts,
  ledgers,
  lostCost,
  sessionDifferences,
  userDifference,
} from "../queries/reconciliation";
import { longestMonth, sourceFor } from "../sources";
import { labels } from "../../telemetry/labels";
import { units } from "../kit/units";
import { day } from "../../units";

const week = "7d";
const weekSeconds = 7 * day;
/** The label that a session's likely cause is put into. */
const cause = "cause";

/** The group that answers "do clients' metrics and events say the same?". */
export function reconciliation(options: DashboardOptions): PanelGroup {
  const words = options.text.trust.reconciliation;
  const panels = new PanelFactory(options);
  const { cost, tokens } = ledgers;
  const { metricsIntervalSeconds: intervalSeconds } = options;
  const differing = differingCosts({ intervalSeconds });
  const titles = { users: words.users.columns, sessions: words.sessions.columns };
  const source = sourceFor(weekSeconds, options);
  // The range is the reader's choice, and may be a month.
  const ofDays = sourceFor(longestMonth, options);
  const legend = `{{${labels.user}}}`;
  return {
    title: words.row,
    firstId: 500,
    lines: [
      {
        height: 4,
        panels: [
          thresholds(panels.stat(words.lost, units.usd, lostCost({ intervalSeconds })).decimals(4), { bad: 1e-6 }),
        ],
      },
      {
        height: 9,
        panels: [
          panels.table(words.sessions, {
            keys: {
              [labels.session]: titles.sessions.session,
              [labels.user]: titles.sessions.user,
              [labels.team]: titles.sessions.team,
              [cause]: titles.sessions.cause,
            },
            columns: [
              {
                title: titles.sessions.difference,
                unit: units.usd,
                expr: sessionDifferences(cause, words.sessions.causes, { intervalSeconds }),
              },
              { title: titles.sessions.metrics, unit: units.usd, expr: differing.metrics },
              { title: titles.sessions.events, unit: units.usd, expr: differing.events },
            ],
            links: { [labels.session]: sessionOfCell(options.text.session.link) },
          }),
        ],
      },
      {
        height: 9,
        panels: [
          panels.table(words.users, {
            keys: { [labels.user]: titles.users.user },
            columns: [
              { title: titles.users.costMetrics, unit: units.usd, expr: byUser(cost.metrics, week, source) },
              { title: titles.users.costEvents, unit: units.usd, expr: byUser(cost.events, week, source) },
              { title: titles.users.costDifference, unit: units.usd, expr: userDifference(cost, week, source) },
              { title: titles.users.tokensMetrics, unit: units.count, expr: byUser(tokens.metrics, week, source) },
              { title: titles.users.tokensEvents, unit: units.count, expr: byUser(tokens.events, week, source) },
              { title: titles.users.tokensDifference, unit: units.count, expr: userDifference(tokens, week, source) },
            ],
          }),
        ],
      },
      {
        height: 8,
        panels: [
          panels.bars(words.days, units.usd, { expr: dailyDifference(cost, ofDays), legend }, "1d"),
          panels.bars(words.tokenDays, units.count, { expr: dailyDifference(tokens, ofDays), legend }, "1d"),
        ],
      },
    ],
  };
}
