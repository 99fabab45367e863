import { type DashboardModel, dashboardModel } from "../kit/dashboard";
import { line, type PanelGroup, panelGroup } from "../kit/layout";
import { column, legendOf, PanelFactory } from "../kit/panels";
import { units } from "../kit/units";
import { type Filter, matchersOf } from "../kit/variables";
import type { DashboardOptions } from "../options";
import { amount, range, trend } from "../queries/amount";
import { meanOf, quantileOf } from "../queries/distributions";
import {
  acceptedShare,
  automaticSources,
  failedConnectionShare,
  personalSources,
  share,
  successShare,
} from "../queries/usage";
import { distributions, type Signal, signals } from "../signals";
import { labels } from "../../telemetry/labels";
import type { PanelText } from "../text/text";

/** The dashboard about what the agent does between requests. */
export const toolsUid = "claude-code-tools";

/** Filters of tool counts, which have no user, no device and no model. */
const filters: readonly Filter[] = ["team"];
const matchers = matchersOf(filters);
const byTool = { matchers, by: [labels.tool] };

/** Tools that run, their outcome, the decisions on them, and the agent's extensions. */
export function toolsDashboard(options: DashboardOptions): DashboardModel {
  const groups = [glance, calls, decisions, waiting, extensions, context].map((group) => group(options));
  return dashboardModel({ uid: toolsUid, words: options.text.tools, from: "now-24h", groups, filters }, options);
}

/** The group that answers the dashboard's question in five numbers. */
function glance(options: DashboardOptions): PanelGroup {
  const { calls: counts, waiting: waits } = options.text.tools;
  const { toolDuration, toolWait } = distributions;
  const panels = new PanelFactory(options);
  return panelGroup(options.text.glance, 600, [
    line(4, [
      panels.total(counts.count, units.count, amount(toolDuration.count, range, { matchers })).id(101),
      panels.stat(counts.success, units.share, successShare(range, { matchers })).id(102),
      panels.stat(waits.mean, units.seconds, meanOf(toolWait, range, { matchers })).id(302),
      panels.total(waits.total, units.seconds, amount(toolWait.sum, range, { matchers })).id(304),
      panels.total(counts.bytes, units.bytes, amount(signals.toolResultSize, range, { matchers })).id(103),
    ]),
  ]);
}

/** The group that answers "which tools run, and do they work?". */
function calls(options: DashboardOptions): PanelGroup {
  const words = options.text.tools.calls;
  const panels = new PanelFactory(options);
  const legend = legendOf(labels.tool);
  const { toolDuration } = distributions;
  const { columns } = words.duration;
  return panelGroup(words.row, 100, [
    line(10, [
      panels.ranking(words.byTool, units.count, amount(toolDuration.count, range, byTool), legend).id(104),
      panels.ranking(words.successByTool, units.share, successShare(range, byTool), legend),
      panels.ranking(words.bytesByTool, units.bytes, amount(signals.toolResultSize, range, byTool), legend),
    ]),
    line(10, [
      panels.table(words.duration, { [labels.tool]: columns.tool }, [
        column(columns.calls, units.count, amount(toolDuration.count, range, byTool)),
        column(columns.mean, units.seconds, meanOf(toolDuration, range, byTool)),
        column(columns.median, units.seconds, quantileOf(0.5, toolDuration, range, byTool)),
        column(columns.p95, units.seconds, quantileOf(0.95, toolDuration, range, byTool)),
      ]),
      panels.bars(words.trend, units.count, trend(toolDuration.count, byTool), legend),
    ]),
  ]);
}

/** The group that answers "who lets tools run?". */
function decisions(options: DashboardOptions): PanelGroup {
  const words = options.text.tools.decisions;
  const panels = new PanelFactory(options);
  const personal = [...matchers, ...personalSources];
  const automatic = [...matchers, ...automaticSources];
  const decided = (own: readonly string[], by: readonly string[] = []) =>
    amount(signals.toolDecisions, range, { matchers: own, by });
  const decidedByTool = (own: readonly string[], decision: "accept" | "reject") =>
    decided([...own, `${labels.decision}="${decision}"`], byTool.by);
  const accepted = (by: readonly string[] = []) =>
    acceptedShare(signals.toolDecisions, range, { matchers: personal, by });
  const source = [labels.decision, labels.decisionSource];
  const { columns } = words.byTool;
  return panelGroup(words.row, 200, [
    line(4, [
      panels.stat(words.accepted, units.share, accepted()),
      panels.stat(words.automatic, units.share, share(decided(automatic), decided(matchers))),
    ]),
    line(10, [
      panels.table(words.byTool, { [labels.tool]: columns.tool }, [
        column(columns.accepted, units.count, decidedByTool(personal, "accept")),
        column(columns.rejected, units.count, decidedByTool(personal, "reject")),
        column(columns.share, units.share, accepted(byTool.by)),
        column(columns.automatic, units.count, decidedByTool(automatic, "accept")),
        column(columns.refused, units.count, decidedByTool(automatic, "reject")),
      ]),
      panels.ranking(words.bySource, units.count, decided(matchers, source), legendOf(...source)),
    ]),
  ]);
}

/** The group that answers "how long do tools wait for a person?". */
function waiting(options: DashboardOptions): PanelGroup {
  const words = options.text.tools.waiting;
  const panels = new PanelFactory(options);
  const { toolWait } = distributions;
  const waited = trend(toolWait.sum, { matchers, by: [labels.decision] });
  return panelGroup(words.row, 300, [
    line(4, [
      panels.total(words.count, units.count, amount(toolWait.count, range, { matchers })),
      panels.stat(words.p95, units.seconds, quantileOf(0.95, toolWait, range, { matchers })).id(303),
    ]),
    line(8, [panels.bars(words.trend, units.seconds, waited, legendOf(labels.decision)).id(305)]),
  ]);
}

/** The group that answers "what extends the agent, and does it work?". */
function extensions(options: DashboardOptions): PanelGroup {
  const words = options.text.tools.extensions;
  const panels = new PanelFactory(options);
  const ranking = (text: PanelText, signal: Signal, ...by: string[]) =>
    panels.ranking(text, units.count, amount(signal, range, { matchers, by }), legendOf(...by));
  return panelGroup(words.row, 400, [
    line(8, [
      panels.stat(words.failed, units.share, failedConnectionShare(range, { matchers })),
      ranking(words.connections, signals.mcpConnections, labels.status),
      ranking(words.failedBy, signals.mcpConnections, labels.transport, labels.serverScope, labels.status),
    ]),
    line(8, [
      ranking(words.hooks, signals.hooks, labels.hookEvent, labels.outcome),
      ranking(words.skills, signals.skills, labels.skill),
      ranking(words.subagents, signals.subagents, labels.agentType),
    ]),
  ]);
}

/** The group that answers "does the context fill up, and are there values that nobody expected?". */
function context(options: DashboardOptions): PanelGroup {
  const words = options.text.tools.context;
  const panels = new PanelFactory(options);
  const by = (...names: string[]) => ({ matchers, by: names });
  const outcomes = `{{${labels.trigger}}}, ${words.compactions.success} {{${labels.success}}}`;
  const compactions = amount(signals.compactions, range, by(labels.trigger, labels.success));
  const compactionsTrend = trend(signals.compactions, by(labels.trigger));
  const folded = amount(signals.foldedValues, range, by(labels.foldedLabel));
  return panelGroup(words.row, 500, [
    line(8, [
      panels.ranking(words.compactions, units.count, compactions, outcomes),
      panels.total(words.saved, units.count, amount(signals.compactedTokens, range, { matchers })),
      panels.bars(words.trend, units.count, compactionsTrend, legendOf(labels.trigger)),
      panels.ranking(words.folded, units.count, folded, legendOf(labels.foldedLabel)),
    ]),
  ]);
}
