import { type DashboardModel, dashboardModel } from "../kit/dashboard";
import { EventPanelFactory } from "../kit/event-panels";
import type { PanelGroup } from "../kit/layout";
import { linkedDashboards, sessionOfCell } from "../kit/links";
import type { DashboardOptions, EventStores } from "../options";
import { countEntries, entries, eventFields, sumEntries } from "../queries/logs";
import { labels } from "../../telemetry/labels";
import { units } from "../kit/units";
import { eventFilters, eventVariables } from "./variables";

const { event } = eventFields;
const picked = entries(eventFilters);

/** Every single event, as it arrives. Only where there is a store for them. */
export function eventsDashboard(options: DashboardOptions, stores: EventStores): DashboardModel {
  const { title, description } = options.text.events;
  return dashboardModel(
    {
      uid: linkedDashboards.events,
      title,
      description,
      // Nothing is rolled up: what is shown is read entry by entry.
      from: "now-1h",
      refresh: "1m",
      groups: [counts(options, stores), list(options, stores)],
      filters: false,
      variables: eventVariables(options),
    },
    options,
  );
}

function counts(options: DashboardOptions, { loki }: EventStores): PanelGroup {
  const words = options.text.events.counts;
  const panels = new EventPanelFactory(loki);
  return {
    title: words.row,
    firstId: 100,
    lines: [
      {
        height: 8,
        panels: [
          panels.bars(words.overTime, units.count, {
            expr: countEntries(picked, [event], "$__interval"),
            legend: `{{${event}}}`,
          }),
        ],
      },
      {
        height: 8,
        panels: [
          panels.ranking(words.byEvent, units.count, {
            expr: countEntries(picked, [event], "$__range"),
            legend: `{{${event}}}`,
          }),
          panels.ranking(words.byUser, units.count, {
            expr: countEntries(picked, [labels.user], "$__range"),
            legend: `{{${labels.user}}}`,
          }),
          panels.ranking(words.cost, units.usd, {
            expr: sumEntries(picked, eventFields.cost, [labels.model], "$__range"),
            legend: `{{${labels.model}}}`,
          }),
        ],
      },
    ],
  };
}

function list(options: DashboardOptions, { loki }: EventStores): PanelGroup {
  const words = options.text.events.list;
  const { columns } = words.rows;
  const panels = new EventPanelFactory(loki);
  return {
    title: words.row,
    firstId: 200,
    lines: [
      {
        height: 10,
        panels: [
          panels
            .rows(words.rows, picked, {
              [event]: columns.event,
              [labels.user]: columns.user,
              [labels.team]: columns.team,
              [labels.session]: columns.session,
              [labels.model]: columns.model,
              [labels.tool]: columns.tool,
              [eventFields.cost]: columns.cost,
              [eventFields.duration]: columns.duration,
              [eventFields.errorType]: columns.error,
            })
            .overrideByName(columns.session, [{ id: "links", value: [sessionOfCell(options.text.session.link)] }]),
        ],
      },
      { height: 14, panels: [panels.logs(words.logs, picked)] },
    ],
  };
}
