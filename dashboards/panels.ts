import {
  BigValueColorMode,
  BigValueGraphMode,
  GraphDrawStyle,
  LegendDisplayMode,
  LegendPlacement,
  ReduceDataOptionsBuilder,
  SortOrder,
  StackingConfigBuilder,
  StackingMode,
  TooltipDisplayMode,
  VizLegendOptionsBuilder,
  VizTooltipOptionsBuilder,
} from "@grafana/grafana-foundation-sdk/common";
import { DataqueryBuilder } from "@grafana/grafana-foundation-sdk/prometheus";
import { PanelBuilder as StatPanelBuilder } from "@grafana/grafana-foundation-sdk/stat";
import { PanelBuilder as TimeseriesPanelBuilder } from "@grafana/grafana-foundation-sdk/timeseries";

import { prometheusDataSource, prometheusReference } from "./data-source";
import { PanelText, text } from "./text/en";

/** Panel defaults in one home. Panels know nothing of what their query says. */

/** Grafana's unit names. */
export const units = { usd: "currencyUSD" } as const;

/** A single number at the end of the range. */
export function statPanel(words: PanelText, unit: string, query: string): StatPanelBuilder {
  return new StatPanelBuilder()
    .title(words.title)
    .description(words.description)
    .datasource(prometheusReference)
    .withTarget(new DataqueryBuilder().refId("A").expr(query).instant().datasource(prometheusReference))
    .unit(unit)
    .decimals(2)
    .noValue(text.noData)
    .graphMode(BigValueGraphMode.None)
    .colorMode(BigValueColorMode.None)
    .reduceOptions(new ReduceDataOptionsBuilder().calcs(["lastNotNull"]).values(false).fields(""));
}

/** Amounts per interval as stacked bars, one colour for each value of a label. */
export function stackedBarsPanel(
  words: PanelText,
  unit: string,
  query: string,
  legend: string,
): TimeseriesPanelBuilder {
  return new TimeseriesPanelBuilder()
    .title(words.title)
    .description(words.description)
    .datasource(prometheusReference)
    .withTarget(
      new DataqueryBuilder().refId("A").expr(query).range().legendFormat(legend).datasource(prometheusReference),
    )
    .interval(prometheusDataSource.minimumStep)
    .unit(unit)
    .decimals(2)
    .noValue(text.noData)
    .drawStyle(GraphDrawStyle.Bars)
    .fillOpacity(80)
    .lineWidth(0)
    .stacking(new StackingConfigBuilder().mode(StackingMode.Normal))
    .legend(
      new VizLegendOptionsBuilder()
        .displayMode(LegendDisplayMode.Table)
        .placement(LegendPlacement.Right)
        .showLegend(true)
        .calcs(["sum"]),
    )
    .tooltip(new VizTooltipOptionsBuilder().mode(TooltipDisplayMode.Multi).sort(SortOrder.Descending));
}
