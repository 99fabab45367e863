import { day } from "../../units";
import { type DashboardModel, dashboardModel } from "../kit/dashboard";
import { line, type PanelGroup, panelGroup } from "../kit/layout";
import { column, legendOf, PanelFactory } from "../kit/panels";
import { units } from "../kit/units";
import { allFilters, filterMatchers as matchers } from "../kit/variables";
import type { DashboardOptions } from "../options";
import { amount, range, trend, withRemainder } from "../queries/amount";
import { acceptedShare, automaticSources, personalSources, share, stoppedUsers, usersTrend } from "../queries/usage";
import { signals } from "../signals";
import { sourceFor } from "../sources";
import { labels } from "../../telemetry/labels";
import type { PanelText } from "../text/text";
import { olderVersions } from "./versions";

/** The dashboard about use and outcome. */
export const adoptionUid = "claude-code-adoption";

/** Users, their habits, and the outcome. */
export function adoptionDashboard(options: DashboardOptions): DashboardModel {
  const words = options.text.adoption;
  const groups = [activeUsers, sessions, outcome].map((group) => group(options));
  return dashboardModel(
    { uid: adoptionUid, words, from: "now-30d", refresh: "5m", groups, filters: allFilters },
    options,
  );
}

/** The group that answers "who uses it, and who no longer?". */
function activeUsers(options: DashboardOptions): PanelGroup {
  const words = options.text.adoption.activeUsers;
  const panels = new PanelFactory(options);
  const source = sourceFor(30 * day, options);
  const within = (window: string, legend: string) => ({
    expr: usersTrend(window, "1d", { matchers, source }),
    legend,
  });
  const { day: daily, week, month } = words.trend;
  const { stopped, outdated } = words;
  const older = olderVersions(options.minimumClientVersion);
  const sessionsOf = (versions: string) =>
    amount(signals.sessions, "7d", {
      matchers: [...matchers, `${labels.version}=~"${versions}"`],
      by: [labels.user, labels.version],
      source,
    });
  return panelGroup(words.row, 100, [
    line(9, [
      panels.series(words.trend, units.count, [within("1d", daily), within("7d", week), within("30d", month)], "1d"),
    ]),
    line(8, [
      panels.table(stopped, { [labels.user]: stopped.columns.user, [labels.team]: stopped.columns.team }, [
        column(stopped.columns.cost, units.usd, stoppedUsers("30d", "7d", { matchers, source })),
      ]),
      older === undefined
        ? panels.hint(outdated, outdated.off)
        : panels.table(outdated, { [labels.user]: outdated.columns.user, [labels.version]: outdated.columns.version }, [
            column(outdated.columns.sessions, units.count, sessionsOf(older)),
          ]),
    ]),
  ]);
}

/** The group that answers "how is it started, and how long is it used?". */
function sessions(options: DashboardOptions): PanelGroup {
  const words = options.text.adoption.sessions;
  const panels = new PanelFactory(options);
  const { notSet } = options.text.spend;
  const sessionsBy = (text: PanelText, label: string) => {
    const started = amount(signals.sessions, range, { matchers, by: [label] });
    return panels.ranking(text, units.count, withRemainder(started, label, notSet), legendOf(label));
  };
  const byType = { matchers, by: [labels.type] };
  const legend = legendOf(labels.type);
  return panelGroup(words.row, 200, [
    line(8, [
      sessionsBy(words.startType, labels.startType),
      sessionsBy(words.terminal, labels.terminal),
      sessionsBy(words.version, labels.version),
    ]),
    line(8, [
      panels.ranking(words.activeTimeTotal, units.seconds, amount(signals.activeTime, range, byType), legend),
      panels.bars(words.activeTime, units.seconds, trend(signals.activeTime, byType), legend),
    ]),
  ]);
}

/** The group that answers "is what it does kept?". */
function outcome(options: DashboardOptions): PanelGroup {
  const words = options.text.adoption.outcome;
  const panels = new PanelFactory(options);
  const decided = (more: readonly string[] = [], by: readonly string[] = []) =>
    amount(signals.editDecisions, range, { matchers: [...matchers, ...more], by });
  const acceptedBy = (...by: string[]) =>
    acceptedShare(signals.editDecisions, range, { matchers: [...matchers, ...personalSources], by });
  const source = [labels.decision, labels.decisionSource];
  return panelGroup(words.row, 300, [
    line(4, [
      panels.stat(words.accepted, units.share, acceptedBy()),
      panels.stat(words.automatic, units.share, share(decided(automaticSources), decided())),
    ]),
    line(8, [
      panels.ranking(words.byTool, units.share, acceptedBy(labels.tool), legendOf(labels.tool)),
      panels.ranking(words.byLanguage, units.share, acceptedBy(labels.language), legendOf(labels.language)),
      panels.ranking(words.bySource, units.count, decided([], source), legendOf(...source)),
    ]),
    line(8, [
      panels.series(words.commits, units.count, [
        { expr: trend(signals.commits, { matchers }), legend: words.commits.commits },
        { expr: trend(signals.pullRequests, { matchers }), legend: words.commits.pullRequests },
      ]),
    ]),
  ]);
}
