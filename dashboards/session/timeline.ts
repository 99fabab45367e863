import { DashboardLinkBuilder, DashboardLinkType } from "@grafana/grafana-foundation-sdk/dashboard";

import { EventPanelFactory, traces } from "../kit/event-panels";
import { line, type PanelGroup, panelGroup } from "../kit/layout";
import { eventsOfSession } from "../kit/links";
import { legendOf } from "../kit/panels";
import type { DashboardOptions, EventStores } from "../options";
import { range } from "../queries/amount";
import { either, entries, eventFields, is, isOneOf, sumEntries } from "../queries/logs";
import { labels } from "../../telemetry/labels";
import { events } from "../../telemetry/events";
import { units } from "../kit/units";
import { sessionEntries, sessionTraces } from "./variables";

const { event } = eventFields;

/** Events of the session in their order. */
const steps = [
  events.userPrompt,
  events.apiRequest,
  events.toolDecision,
  events.toolResult,
  events.subagentCompleted,
  events.compaction,
];
const failures = [events.apiError, events.apiRetriesExhausted, events.apiRefusal, events.internalError];
/** The client's own tools that change files. */
const editingTools = ["Edit", "MultiEdit", "Write", "NotebookEdit"];

/** The group that answers "what happened, step by step?". */
export function timeline(options: DashboardOptions, { loki, tempo }: EventStores): PanelGroup {
  const words = options.text.session.timeline;
  const { columns } = words;
  const panels = new EventPanelFactory(loki);
  const toolResults = [sessionEntries, is(event, events.toolResult)];
  const all = eventsOfSession(words.steps.link);
  const toEvents = new DashboardLinkBuilder(all.title).type(DashboardLinkType.Link).url(all.url);
  const tool = { [labels.tool]: columns.tool, [eventFields.duration]: columns.duration };
  const failed = entries([sessionEntries, either([isOneOf(event, failures), is(labels.success, "false")])]);
  const durations = sumEntries(entries(toolResults), eventFields.duration, [labels.tool], range);
  return panelGroup(words.row, 300, [
    line(12, [
      panels
        .rows(words.steps, entries([sessionEntries, isOneOf(event, steps)]), {
          [event]: columns.event,
          [labels.querySource]: columns.source,
          [labels.model]: columns.model,
          [eventFields.cost]: columns.cost,
          [eventFields.inputTokens]: columns.input,
          [eventFields.cacheReadTokens]: columns.cacheRead,
          [eventFields.outputTokens]: columns.output,
          ...tool,
          [labels.decision]: columns.decision,
          [labels.success]: columns.success,
          [eventFields.agent]: columns.agent,
          [eventFields.parentAgent]: columns.parentAgent,
        })
        .links([toEvents]),
    ]),
    line(8, [
      panels.rows(words.edits, entries([...toolResults, isOneOf(labels.tool, editingTools)]), {
        ...tool,
        [labels.success]: columns.success,
      }),
      panels.ranking(words.tools, units.milliseconds, durations, legendOf(labels.tool)),
    ]),
    line(8, [
      panels.logs(words.errors, failed),
      ...(tempo === undefined ? [] : [traces(words.traces, sessionTraces, tempo)]),
    ]),
  ]);
}
