import {
  type ConstantVariableBuilder,
  CustomVariableBuilder,
  type QueryVariableBuilder,
  TextBoxVariableBuilder,
} from "@grafana/grafana-foundation-sdk/dashboard";

import { type DashboardModel, dashboardModel } from "../kit/dashboard";
import { EventPanelFactory } from "../kit/event-panels";
import { line, type PanelGroup, panelGroup } from "../kit/layout";
import { linkedDashboards, sessionOfCell } from "../kit/links";
import { legendOf } from "../kit/panels";
import { units } from "../kit/units";
import { filterVariables } from "../kit/variables";
import type { DashboardOptions, EventStores } from "../options";
import { range } from "../queries/amount";
import { countEntries, either, entries, eventFields, is, isOneOf, sumEntries } from "../queries/logs";
import { events } from "../../telemetry/events";
import { labels } from "../../telemetry/labels";

const { event } = eventFields;

/** Fields that a free text is searched in: those that identify the subject of an event. */
const searchedFields = [
  labels.tool,
  eventFields.toolSource,
  labels.model,
  labels.querySource,
  labels.skill,
  labels.plugin,
  labels.agent,
  labels.decision,
  eventFields.errorType,
  labels.statusCode,
  eventFields.command,
];

/** The events that the variables pick. A session's begin will do; texts are found anywhere. */
const picked = [
  isOneOf(event, ["$event"]),
  isOneOf(labels.user, ["$user"]),
  isOneOf(labels.team, ["$team"]),
  isOneOf(labels.session, ["$session.*"]),
  either(searchedFields.map((field) => isOneOf(field, ["(?is).*$text.*"]))),
];

/** Every single event, as it arrives. Only where there is a store for them. */
export function eventsDashboard(options: DashboardOptions, stores: EventStores): DashboardModel {
  return dashboardModel(
    {
      uid: linkedDashboards.events,
      words: options.text.events,
      // Nothing is rolled up: what is shown is read entry by entry.
      from: "now-1h",
      groups: [glance(options, stores), counts(options, stores), list(options, stores)],
      variables: variables(options),
    },
    options,
  );
}

function variables(
  options: DashboardOptions,
): (QueryVariableBuilder | ConstantVariableBuilder | CustomVariableBuilder | TextBoxVariableBuilder)[] {
  const words = options.text.events.variables;
  const names = Object.values<string>(events).sort();
  return [
    new CustomVariableBuilder("event")
      .label(words.event)
      .values(names.join(","))
      .multi(true)
      .includeAll(true)
      .allValue(".*")
      .current({ text: ["All"], value: ["$__all"] }),
    ...filterVariables(options, ["user", "team"], "raw"),
    new TextBoxVariableBuilder("session").label(words.session).defaultValue(""),
    new TextBoxVariableBuilder("text").label(words.text).defaultValue(""),
  ];
}

/** The group that answers the dashboard's question in four numbers. */
function glance(options: DashboardOptions, { loki }: EventStores): PanelGroup {
  const words = options.text.events.glance;
  const panels = new EventPanelFactory(loki);
  const failedRequests = entries([...picked, is(event, events.apiError)]);
  const failedTools = entries([...picked, is(event, events.toolResult), is(labels.success, "false")]);
  return panelGroup(options.text.glance, 300, [
    line(4, [
      panels.total(words.events, units.count, countEntries(entries(picked), [], range)),
      panels.total(words.failedRequests, units.count, countEntries(failedRequests, [], range)),
      panels.total(words.failedTools, units.count, countEntries(failedTools, [], range)),
      panels.total(words.cost, units.usd, sumEntries(entries(picked), eventFields.cost, [], range)),
    ]),
  ]);
}

function counts(options: DashboardOptions, { loki }: EventStores): PanelGroup {
  const words = options.text.events.counts;
  const panels = new EventPanelFactory(loki);
  const count = (field: string, window: string = range) => countEntries(entries(picked), [field], window);
  const cost = sumEntries(entries(picked), eventFields.cost, [labels.model], range);
  return panelGroup(words.row, 100, [
    line(8, [panels.bars(words.overTime, units.count, count(event, "$__interval"), legendOf(event))]),
    line(8, [
      panels.ranking(words.byEvent, units.count, count(event), legendOf(event)),
      panels.ranking(words.byUser, units.count, count(labels.user), legendOf(labels.user)),
      panels.ranking(words.cost, units.usd, cost, legendOf(labels.model)),
    ]),
  ]);
}

function list(options: DashboardOptions, { loki }: EventStores): PanelGroup {
  const words = options.text.events.list;
  const { columns } = words.rows;
  const panels = new EventPanelFactory(loki);
  const rows = panels.rows(words.rows, entries(picked), {
    [event]: columns.event,
    [labels.user]: columns.user,
    [labels.team]: columns.team,
    [labels.session]: columns.session,
    [labels.model]: columns.model,
    [labels.tool]: columns.tool,
    [eventFields.cost]: columns.cost,
    [eventFields.duration]: columns.duration,
    [eventFields.errorType]: columns.error,
  });
  const link = { id: "links", value: [sessionOfCell(options.text.session.link)] };
  return panelGroup(words.row, 200, [
    line(10, [rows.overrideByName(columns.session, [link])]),
    line(14, [panels.logs(words.logs, entries(picked))]),
  ]);
}
