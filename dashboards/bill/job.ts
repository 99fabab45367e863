import { TableSortByFieldStateBuilder } from "@grafana/grafana-foundation-sdk/common";

import { thresholds } from "../kit/defaults";
import { line, type PanelGroup, panelGroup } from "../kit/layout";
import { column, PanelFactory } from "../kit/panels";
import { units } from "../kit/units";
import type { DashboardOptions } from "../options";
import { sinceRead, sinceRun } from "../queries/bill";
import { billLabels, billOutcomes } from "../../telemetry/bill";
import { day, hour } from "../../units";

/** Age in seconds of the newest complete run from which an alert fires. */
export const longestWithoutRun = 6 * hour;
/** Delay of the provider's figures in seconds from which an alert fires. */
export const longestBehind = 2 * day;

/** The group that answers "does the job work, and what has it read?". */
export function job(options: DashboardOptions): PanelGroup {
  const { job: words } = options.text.bill;
  const panels = new PanelFactory(options);
  const { read } = words;
  const complete = panels.stat(words.complete, units.seconds, sinceRun(billOutcomes.complete));
  return panelGroup(words.row, 600, [
    line(4, [
      thresholds(complete, { bad: longestWithoutRun }),
      panels.stat(words.refused, units.seconds, sinceRun(billOutcomes.refused)),
      panels.stat(words.failed, units.seconds, sinceRun(billOutcomes.failed)),
    ]),
    line(8, [
      panels
        .table(read, { [billLabels.day]: read.columns.day }, [column(read.columns.since, units.seconds, sinceRead())])
        .sortBy([new TableSortByFieldStateBuilder().displayName(read.columns.day).desc(true)]),
    ]),
  ]);
}
