import { day } from "../../units";
import { type DashboardModel, dashboardModel } from "../kit/dashboard";
import { line, type PanelGroup, panelGroup } from "../kit/layout";
import { column, legendOf, PanelFactory } from "../kit/panels";
import { units } from "../kit/units";
import { allFilters, filterMatchers as matchers } from "../kit/variables";
import type { DashboardOptions } from "../options";
import { amount, amountPer, range, top, trend, withRemainder } from "../queries/amount";
import { activeSessions, activeSessionsCost, cost, costPerUser, onlyNow } from "../queries/cost";
import { cacheHitShare, changedLines, netLines, perMinute, shareOfUsers, users } from "../queries/usage";
import { signals } from "../signals";
import { longestDay, sourceFor } from "../sources";
import { labels } from "../../telemetry/labels";

/** The dashboard that opens first. */
export const overviewUid = "claude-code-monitoring-api";

const by = (...names: string[]) => ({ matchers, by: names });
const byModel = by(labels.model);
const byType = by(labels.type);
const byUser = by(labels.user);

/** Cost and usage, by user and by location. */
export function overviewDashboard(options: DashboardOptions): DashboardModel {
  const all = [costOverview, costAnalysis, usage, liveActivity, usersGroup, locations];
  const groups = all.map((group) => group(options));
  return dashboardModel(
    { uid: overviewUid, words: options.text.overview, from: "now-24h", groups, filters: allFilters },
    options,
  );
}

/** The group that answers "what does it cost right now?". */
function costOverview(options: DashboardOptions): PanelGroup {
  const words = options.text.overview.costOverview;
  const panels = new PanelFactory(options);
  const today = cost(range, { matchers, source: sourceFor(longestDay, options) });
  const lastDay = cost("24h", { matchers, source: sourceFor(day, options) });
  return panelGroup(words.row, 100, [
    line(4, [
      panels.total(words.inRange, units.usd, cost(range, { matchers })),
      panels.stat(words.today, units.usd, onlyNow(today, longestDay)).timeFrom("now/d"),
      panels.total(words.lastDay, units.usd, lastDay),
      panels.total(words.activeSessions, units.usd, activeSessionsCost("10m", "24h", matchers)),
    ]),
    line(9, [panels.bars(words.trend, units.usd, trend(signals.cost, byModel), legendOf(labels.model))]),
  ]);
}

/** The group that answers "what is the money spent on, and what does it bring?". */
function costAnalysis(options: DashboardOptions): PanelGroup {
  const words = options.text.overview.costAnalysis;
  const panels = new PanelFactory(options);
  const { lines, commits, tokens } = signals;
  return panelGroup(words.row, 200, [
    line(4, [
      panels.stat(words.perLine, units.usd, amountPer(signals.cost, lines, range, { matchers })).decimals(4),
      panels.stat(words.perCommit, units.usd, amountPer(signals.cost, commits, range, { matchers })),
      panels.stat(words.tokensPerUsd, units.count, amountPer(tokens, signals.cost, range, { matchers })),
    ]),
    line(8, [
      panels.donut(words.byModel, units.usd, cost(range, byModel)),
      panels.bars(words.hourly, units.usd, trend(signals.cost, byModel), legendOf(labels.model), "1h"),
      panels.runningTotal(words.runningTotal, units.usd, trend(signals.cost, { matchers })),
    ]),
  ]);
}

/** The group that answers "how much is it used?". */
function usage(options: DashboardOptions): PanelGroup {
  const words = options.text.overview.usage;
  const panels = new PanelFactory(options);
  return panelGroup(words.row, 300, [
    line(4, [
      panels.total(words.tokens, units.count, amount(signals.tokens, range, { matchers })),
      panels.total(words.linesAdded, units.count, changedLines("added", range, { matchers })),
      panels.total(words.linesRemoved, units.count, changedLines("removed", range, { matchers })),
      panels.total(words.linesNet, units.count, netLines(range, { matchers })),
    ]),
    line(4, [
      panels.total(words.commits, units.count, amount(signals.commits, range, { matchers })),
      panels.total(words.pullRequests, units.count, amount(signals.pullRequests, range, { matchers })),
      panels.total(words.sessions, units.count, amount(signals.sessions, range, { matchers })),
      panels.total(words.activeSessions, units.count, activeSessions("10m", matchers)),
    ]),
    line(6, [
      panels.ranking(words.tokensByType, units.count, amount(signals.tokens, range, byType), legendOf(labels.type)),
    ]),
  ]);
}

/** The group that answers "what is going on?". */
function liveActivity(options: DashboardOptions): PanelGroup {
  const words = options.text.overview.live;
  const panels = new PanelFactory(options);
  const legend = legendOf(labels.type);
  return panelGroup(words.row, 400, [
    line(8, [
      panels.bars(words.lines, units.count, perMinute(trend(signals.lines, byType)), legend),
      panels.bars(words.tokens, units.count, perMinute(trend(signals.tokens, byType)), legend),
    ]),
  ]);
}

/** The group that answers "who uses it, and for what?". */
function usersGroup(options: DashboardOptions): PanelGroup {
  const words = options.text.overview.users;
  const panels = new PanelFactory(options);
  const ofToday = { matchers, source: sourceFor(longestDay, options) };
  const ofMonth = { matchers, source: sourceFor(30 * day, options) };
  const today = onlyNow(users(range, ofToday), longestDay);
  const shareActive = onlyNow(shareOfUsers(range, "30d", ofToday, ofMonth), longestDay);
  const titles = words.leaderboard.columns;
  const { models, tools } = words;
  return panelGroup(words.row, 500, [
    line(4, [
      panels.total(words.total, units.count, users(range, { matchers })),
      panels.stat(words.activeToday, units.count, today).timeFrom("now/d"),
      panels.stat(words.average, units.usd, costPerUser(range, { matchers })),
      panels.stat(words.shareActive, units.share, shareActive).timeFrom("now/d"),
    ]),
    line(10, [
      panels.table(words.leaderboard, { [labels.user]: titles.user }, [
        column(titles.cost, units.usd, cost(range, byUser)),
        column(titles.tokens, units.count, amount(signals.tokens, range, byUser)),
        column(titles.sessions, units.count, amount(signals.sessions, range, byUser)),
        column(titles.lines, units.count, amount(signals.lines, range, byUser)),
        column(titles.commits, units.count, amount(signals.commits, range, byUser)),
        column(titles.cacheHit, units.share, cacheHitShare(range, byUser)),
      ]),
    ]),
    line(10, [
      panels.ranking(words.cost, units.usd, top(20, cost(range, byUser)), legendOf(labels.user)),
      panels.table(models, { [labels.user]: models.columns.user, [labels.model]: models.columns.model }, [
        column(models.columns.cost, units.usd, cost(range, by(labels.user, labels.model))),
      ]),
      panels.table(tools, { [labels.user]: tools.columns.user, [labels.tool]: tools.columns.tool }, [
        column(
          tools.columns.decisions,
          units.count,
          amount(signals.editDecisions, range, by(labels.user, labels.tool)),
        ),
      ]),
    ]),
  ]);
}

/** The group that answers "where is it used?". */
function locations(options: DashboardOptions): PanelGroup {
  const words = options.text.overview.location;
  const panels = new PanelFactory(options);
  const { columns } = words.table;
  const { notSet } = options.text.spend;
  const byLocation = by(labels.location);
  const named = (expression: string) => withRemainder(expression, labels.location, notSet);
  const spent = named(cost(range, byLocation));
  const tokens = named(amount(signals.tokens, range, byLocation));
  const sessions = named(amount(signals.sessions, range, byLocation));
  const spenders = named(`count by (${labels.location}) (${cost(range, by(labels.location, labels.user))})`);
  const devices = withRemainder(amount(signals.sessions, range, by(labels.device)), labels.device, notSet);
  const legend = legendOf(labels.location);
  return panelGroup(words.row, 600, [
    line(8, [
      panels.ranking(words.cost, units.usd, spent, legend),
      panels.ranking(words.tokens, units.count, tokens, legend),
      panels.ranking(words.devices, units.count, devices, legendOf(labels.device)),
    ]),
    line(8, [
      panels.bars(words.trend, units.usd, named(trend(signals.cost, byLocation)), legend),
      panels.table(words.table, { [labels.location]: columns.location }, [
        column(columns.cost, units.usd, spent),
        column(columns.users, units.count, spenders),
        column(columns.tokens, units.count, tokens),
        column(columns.sessions, units.count, sessions),
      ]),
    ]),
  ]);
}
