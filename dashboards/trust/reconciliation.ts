import { day } from "../../units";
import { leastAmount, thresholds } from "../kit/defaults";
import { line, type PanelGroup, panelGroup } from "../kit/layout";
import { column, legendOf, PanelFactory } from "../kit/panels";
import { units } from "../kit/units";
import type { DashboardOptions } from "../options";
import {
  byUser,
  dailyDifference,
  differingCosts,
  ledgers,
  lostCost,
  sessionDifferences,
  userDifference,
} from "../queries/reconciliation";
import type { Signal } from "../signals";
import { longestMonth, sourceFor } from "../sources";
import { labels } from "../../telemetry/labels";

/** The label that a session's likely cause is put into. */
const cause = "cause";

/** The group that answers "do clients' metrics and events say the same?". */
export function reconciliation(options: DashboardOptions): PanelGroup {
  const words = options.text.trust.reconciliation;
  const panels = new PanelFactory(options);
  const { cost, tokens } = ledgers;
  const interval = { intervalSeconds: options.metricsIntervalSeconds };
  const differing = differingCosts(interval);
  const lost = panels.stat(words.lost, units.usd, lostCost(interval)).decimals(4);
  const { columns: session } = words.sessions;
  const sessionKeys = {
    [labels.session]: session.session,
    [labels.user]: session.user,
    [labels.team]: session.team,
    [cause]: session.cause,
  };
  const { columns: user } = words.users;
  const source = sourceFor(7 * day, options);
  const ofWeek = (signal: Signal) => byUser(signal, "7d", source);
  // The range is the reader's choice, and may be a month.
  const ofDays = sourceFor(longestMonth, options);
  const legend = legendOf(labels.user);
  return panelGroup(words.row, 500, [
    line(4, [thresholds(lost, { bad: leastAmount })]),
    line(9, [
      panels.table(words.sessions, sessionKeys, [
        column(session.difference, units.usd, sessionDifferences(cause, words.sessions.causes, interval)),
        column(session.metrics, units.usd, differing.metrics),
        column(session.events, units.usd, differing.events),
      ]),
    ]),
    line(9, [
      panels.table(words.users, { [labels.user]: user.user }, [
        column(user.costMetrics, units.usd, ofWeek(cost.metrics)),
        column(user.costEvents, units.usd, ofWeek(cost.events)),
        column(user.costDifference, units.usd, userDifference(cost, "7d", source)),
        column(user.tokensMetrics, units.count, ofWeek(tokens.metrics)),
        column(user.tokensEvents, units.count, ofWeek(tokens.events)),
        column(user.tokensDifference, units.count, userDifference(tokens, "7d", source)),
      ]),
    ]),
    line(8, [
      panels.bars(words.days, units.usd, dailyDifference(cost, ofDays), legend, "1d"),
      panels.bars(words.tokenDays, units.count, dailyDifference(tokens, ofDays), legend, "1d"),
    ]),
  ]);
}
