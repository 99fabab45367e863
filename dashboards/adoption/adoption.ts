import { day } from "../../units";
import { type DashboardModel, dashboardModel } from "../kit/dashboard";
import { line, type PanelGroup, panelGroup } from "../kit/layout";
import { column, legendOf, PanelFactory } from "../kit/panels";
import { units } from "../kit/units";
import { allFilters, filterMatchers as matchers } from "../kit/variables";
import type { DashboardOptions } from "../options";
import { amount, range, trend, withRemainder } from "../queries/amount";
import {
  acceptedShare,
  activeWithoutCost,
  automaticSources,
  namelessCost,
  personalSources,
  share,
  stoppedUsers,
  users,
  usersTrend,
} from "../queries/usage";
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
  const groups = [glance, activeUsers, sessions, outcome].map((group) => group(options));
  return dashboardModel(
    { uid: adoptionUid, words, from: "now-30d", refresh: "5m", groups, filters: allFilters },
    options,
  );
}

/** The group that answers the dashboard's question in five numbers. */
function glance(options: DashboardOptions): PanelGroup {
  const { glance: words, outcome: outcomes } = options.text.adoption;
  const panels = new PanelFactory(options);
  const ofWeek = { matchers, source: sourceFor(7 * day, options) };
  return panelGroup(options.text.glance, 400, [
    line(4, [
      panels.total(words.users, units.count, users("7d", ofWeek)),
      panels.total(words.sessions, units.count, amount(signals.sessions, range, { matchers })),
      panels.stat(outcomes.accepted, units.share, acceptedByPeople()).id(301),
      panels.stat(outcomes.automatic, units.share, share(decided(automaticSources), decided())).id(302),
      panels.total(words.commits, units.count, amount(signals.commits, range, { matchers })),
    ]),
  ]);
}

function decided(more: readonly string[] = [], by: readonly string[] = []): string {
  return amount(signals.editDecisions, range, { matchers: [...matchers, ...more], by });
}

function acceptedByPeople(...by: string[]): string {
  return acceptedShare(signals.editDecisions, range, { matchers: [...matchers, ...personalSources], by });
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
  const { stopped, outdated, withoutCost, nameless } = words;
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
    line(7, [
      panels.table(withoutCost, { [labels.user]: withoutCost.columns.user, [labels.team]: withoutCost.columns.team }, [
        column(withoutCost.columns.active, units.seconds, activeWithoutCost("7d", { matchers, source })),
      ]),
      panels.table(
        nameless,
        {
          [labels.user]: nameless.columns.user,
          [labels.team]: nameless.columns.team,
          [labels.device]: nameless.columns.device,
        },
        [column(nameless.columns.cost, units.usd, namelessCost("7d", { matchers, source }))],
      ),
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
  const source = [labels.decision, labels.decisionSource];
  return panelGroup(words.row, 300, [
    line(8, [
      panels.ranking(words.byTool, units.share, acceptedByPeople(labels.tool), legendOf(labels.tool)).id(303),
      panels.ranking(words.byLanguage, units.share, acceptedByPeople(labels.language), legendOf(labels.language)),
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
