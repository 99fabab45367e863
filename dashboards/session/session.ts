import { GraphDrawStyle } from "@grafana/grafana-foundation-sdk/common";

import { type DashboardModel, dashboardModel } from "../kit/dashboard";
import { EventPanelFactory } from "../kit/event-panels";
import { line, type PanelGroup, panelGroup } from "../kit/layout";
import { linkedDashboards } from "../kit/links";
import { legendOf, PanelFactory } from "../kit/panels";
import { units } from "../kit/units";
import { filterVariables } from "../kit/variables";
import type { DashboardOptions, EventStores } from "../options";
import { amount, range, trend } from "../queries/amount";
import { countEntries, entries, eventFields, is } from "../queries/logs";
import { contextSize, requests, timeBetweenRequests } from "../queries/session";
import { signals } from "../signals";
import { events } from "../../telemetry/events";
import { labels } from "../../telemetry/labels";
import { timeline } from "./timeline";
import { sessionEntries, sessionFilters, sessionMatchers as matchers, sessionVariable } from "./variables";

/** Requests follow each other within seconds, and their samples carry their own time. */
const shortest = "15s";

/** A single session, request by request. It reads raw series, whatever the range: roll-ups know no sessions. */
export function sessionDashboard(options: DashboardOptions): DashboardModel {
  const { events: stores, text } = options;
  const groups = [summary(options), course(options), ...(stores === undefined ? [] : [timeline(options, stores)])];
  const variables = [...filterVariables(options, sessionFilters, "raw"), sessionVariable(options)];
  return dashboardModel(
    { uid: linkedDashboards.session, words: text.session, from: "now-24h", groups, variables },
    options,
  );
}

/** The group that answers "what was this session?". */
function summary(options: DashboardOptions): PanelGroup {
  const words = options.text.session.summary;
  const panels = new PanelFactory(options);
  const spent = (...by: string[]) => amount(signals.cost, range, { matchers, by, source: "raw" });
  const tokens = amount(signals.tokens, range, { matchers, by: [labels.type], source: "raw" });
  return panelGroup(words.row, 100, [
    line(4, [
      panels.total(words.cost, units.usd, spent()),
      panels.total(words.requests, units.count, requests(range, matchers)),
      panels.stat(words.duration, units.seconds, timeBetweenRequests(range, matchers)),
    ]),
    line(6, [
      panels.stats(words.tokens, units.count, [{ expr: tokens, legend: legendOf(labels.type) }]),
      panels.ranking(words.models, units.usd, spent(labels.model), legendOf(labels.model)),
    ]),
  ]);
}

/** The group that answers "how did it go on?". */
function course(options: DashboardOptions): PanelGroup {
  const words = options.text.session.course;
  const panels = new PanelFactory(options);
  const spent = trend(signals.eventCost, { matchers, by: [labels.querySource], source: "raw" });
  const context = {
    expr: contextSize([labels.querySource, labels.model], matchers),
    legend: `{{${labels.querySource}}}, {{${labels.model}}}`,
  };
  const compactions = ({ loki }: EventStores) => {
    const compacted = entries([sessionEntries, is(eventFields.event, events.compaction)]);
    const count = countEntries(compacted, [labels.trigger], "$__interval");
    return new EventPanelFactory(loki).bars(words.compactions, units.count, count, legendOf(labels.trigger));
  };
  return panelGroup(words.row, 200, [
    line(8, [
      panels.bars(words.cost, units.usd, spent, legendOf(labels.querySource), shortest),
      panels.series(words.context, units.count, [context], shortest).drawStyle(GraphDrawStyle.Points),
    ]),
    ...(options.events === undefined ? [] : [line(5, [compactions(options.events)])]),
  ]);
}
