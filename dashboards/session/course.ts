import { GraphDrawStyle } from "@grafana/grafana-foundation-sdk/common";

import { EventPanelFactory } from "../kit/event-panels";
import type { PanelGroup } from "../kit/layout";
import type { DashboardOptions } from "../options";
import { PanelFactory } from "../kit/panels";
import { trend } from "../queries/amount";
import { countEntries, entries, eventFields, is } from "../queries/logs";
import { contextSize } from "../queries/session";
import { labels } from "../../telemetry/labels";
import { signals } from "../signals";
import { events } from "../../telemetry/events";
import { units } from "../kit/units";
import { sessionEntries, sessionMatchers as matchers } from "./variables";

/** Requests follow each other within seconds, and their samples carry their own time. */
const shortest = "15s";

/** The group that answers "how did it go on?". */
export function course(options: DashboardOptions): PanelGroup {
  const words = options.text.session.course;
  const panels = new PanelFactory(options);
  const spent = trend(signals.eventCost, { matchers, by: [labels.querySource], source: "raw" });
  const context = contextSize([labels.querySource, labels.model], matchers);
  return {
    title: words.row,
    firstId: 200,
    lines: [
      {
        height: 8,
        panels: [
          panels.bars(words.cost, units.usd, { expr: spent, legend: `{{${labels.querySource}}}` }, shortest),
          panels
            .series(
              words.context,
              units.count,
              [{ expr: context, legend: `{{${labels.querySource}}}, {{${labels.model}}}` }],
              shortest,
            )
            .drawStyle(GraphDrawStyle.Points),
        ],
      },
      ...(options.events === undefined
        ? []
        : [
            {
              height: 5,
              panels: [
                new EventPanelFactory(options.events.loki).bars(words.compactions, units.count, {
                  expr: countEntries(
                    entries([sessionEntries, is(eventFields.event, events.compaction)]),
                    [labels.trigger],
                    "$__interval",
                  ),
                  legend: `{{${labels.trigger}}}`,
                }),
              ],
            },
          ]),
    ],
  };
}
