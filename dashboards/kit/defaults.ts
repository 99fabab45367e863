import type { PanelBuilder as BarGaugePanelBuilder } from "@grafana/grafana-foundation-sdk/bargauge";
import {
  BarGaugeDisplayMode,
  BarGaugeNamePlacement,
  BarGaugeSizing,
  BarGaugeValueMode,
  BigValueColorMode,
  BigValueGraphMode,
  GraphDrawStyle,
  LegendDisplayMode,
  LegendPlacement,
  ReduceDataOptionsBuilder,
  SortOrder,
  StackingConfigBuilder,
  StackingMode,
  TableCellHeight,
  TooltipDisplayMode,
  VizLegendOptionsBuilder,
  VizOrientation,
  VizTextDisplayOptionsBuilder,
  VizTooltipOptionsBuilder,
} from "@grafana/grafana-foundation-sdk/common";
import {
  FieldColorBuilder,
  FieldColorModeId,
  MappingType,
  ThresholdsConfigBuilder,
  type Threshold,
  ThresholdsMode,
} from "@grafana/grafana-foundation-sdk/dashboard";
import type { PanelBuilder as StatPanelBuilder } from "@grafana/grafana-foundation-sdk/stat";
import type { PanelBuilder as TablePanelBuilder } from "@grafana/grafana-foundation-sdk/table";
import type { PanelBuilder as TimeseriesPanelBuilder } from "@grafana/grafana-foundation-sdk/timeseries";

import type { DataSourceReference } from "../options";
import { labels } from "../../telemetry/labels";
import type { PanelText } from "../text/text";
import { colourByName, colours, modelColours, topicColour } from "./colours";
import { units } from "./units";

/** Shown in place of a value that cannot be known. */
export const unknown = "–";
/** Least amount that is no rounding: of dollars, a millionth. */
export const leastAmount = 1e-6;
/** Most bars or points across a panel: thinner ones than about ten pixels are needles. */
const mostPoints = 120;
/** Narrowest column of a table in pixels; Grafana's own, 150, cuts off the third column of a narrow table. */
const narrowestColumn = 60;
/** Heights of a ranking's bars in pixels, so that few bars are not taller than many. */
const barHeights = { least: 16, most: 22 };
/** Font sizes in pixels: Grafana's own fill the panel. */
const fontSizes = { stat: 36, name: 13, value: 14 };

/** Methods that every panel builder of the SDK has. */
interface DescribedPanel {
  title(title: string): this;
  description(description: string): this;
  datasource(reference: { type: string; uid: string }): this;
  unit(unit: string): this;
  noValue(text: string): this;
  decimals(decimals: number): this;
}

/** Methods of a panel whose series have names. */
interface ColouredPanel {
  colorScheme(color: ReturnType<typeof topicColour>): this;
  overrideByRegexp(pattern: string, properties: { id: string; value: unknown }[]): this;
}

/** A panel's words, unit and data source. */
export function described<Builder extends DescribedPanel>(
  panel: Builder,
  words: PanelText,
  unit: string,
  source: DataSourceReference,
): Builder {
  panel.title(words.title).description(words.description).datasource(source).unit(unit).noValue(unknown);
  if (unit === units.usd) {
    panel.decimals(2);
  }
  return panel;
}

/** Gives a series the same colour on every panel: models by family and version, others by name. */
export function withSeriesColours<Builder extends ColouredPanel>(
  panel: Builder,
  unit: string,
  legends: readonly string[],
): Builder {
  const named = legends.length > 1 || legends.some((legend) => legend.includes("{{"));
  panel.colorScheme(named ? colourByName() : topicColour(unit));
  return legends.some((legend) => legend.includes(`{{${labels.model}}}`)) ? withModelColours(panel) : panel;
}

/** Gives models the colours that they have on every panel. */
export function withModelColours<Builder extends ColouredPanel>(panel: Builder): Builder {
  for (const { pattern, colour } of modelColours) {
    panel.overrideByRegexp(pattern, [{ id: "color", value: { mode: "fixed", fixedColor: colour } }]);
  }
  return panel;
}

/** Shows numbers of one size, in the colour of their topic. */
export function asStat(panel: StatPanelBuilder, unit: string): StatPanelBuilder {
  return panel
    .graphMode(BigValueGraphMode.None)
    .colorMode(BigValueColorMode.Value)
    .colorScheme(topicColour(unit))
    .text(new VizTextDisplayOptionsBuilder().titleSize(fontSizes.name).valueSize(fontSizes.stat))
    .reduceOptions(lastValue());
}

/** Shows values over time, none of them below zero, with every series in the legend. */
export function overTime(panel: TimeseriesPanelBuilder, unit: string): TimeseriesPanelBuilder {
  if (unit === units.share) {
    panel.max(1);
  }
  return overTimeOfEitherSign(panel).min(0);
}

/** Shows values over time, with every series in the legend. */
export function overTimeOfEitherSign(panel: TimeseriesPanelBuilder): TimeseriesPanelBuilder {
  return panel
    .maxDataPoints(mostPoints)
    .legend(
      new VizLegendOptionsBuilder()
        .displayMode(LegendDisplayMode.List)
        .placement(LegendPlacement.Bottom)
        .showLegend(true)
        .calcs([]),
    )
    .tooltip(new VizTooltipOptionsBuilder().mode(TooltipDisplayMode.Multi).sort(SortOrder.Descending));
}

/** Shows values over time as stacked bars. */
export function asBars(panel: TimeseriesPanelBuilder): TimeseriesPanelBuilder {
  return panel
    .drawStyle(GraphDrawStyle.Bars)
    .fillOpacity(80)
    .lineWidth(0)
    .stacking(new StackingConfigBuilder().mode(StackingMode.Normal));
}

/** Shows a bar for each group, with its name on the left and its value as text. */
export function asRanking(panel: BarGaugePanelBuilder, unit: string, legend: string): BarGaugePanelBuilder {
  panel
    .displayMode(BarGaugeDisplayMode.Gradient)
    .valueMode(BarGaugeValueMode.Text)
    .showUnfilled(false)
    .namePlacement(BarGaugeNamePlacement.Left)
    .sizing(BarGaugeSizing.Manual)
    .minVizHeight(barHeights.least)
    .maxVizHeight(barHeights.most)
    .text(new VizTextDisplayOptionsBuilder().titleSize(fontSizes.name).valueSize(fontSizes.value))
    .orientation(VizOrientation.Horizontal)
    .colorScheme(topicColour(unit))
    // Without limits of its own, Grafana colours everything from 80 on red.
    .thresholds(steps(colours.amount))
    .min(0)
    .reduceOptions(lastValue());
  return legend === `{{${labels.model}}}` ? withModelColours(panel) : panel;
}

/** Shows rows that fit their panel. */
export function asTable(panel: TablePanelBuilder): TablePanelBuilder {
  return panel.filterable(true).minWidth(narrowestColumn).cellHeight(TableCellHeight.Sm);
}

/** The newest value of each series. */
export function lastValue(): ReduceDataOptionsBuilder {
  return new ReduceDataOptionsBuilder().calcs(["lastNotNull"]).values(false).fields("");
}

/** From which values on a number is coloured: warning, bad. */
export interface Limits {
  readonly warning?: number;
  readonly bad: number;
}

/** Colours a panel's numbers by limits. */
export function thresholds(panel: StatPanelBuilder, { warning, bad }: Limits): StatPanelBuilder {
  const warned = warning === undefined ? [] : [{ value: warning, color: colours.warning }];
  return panel
    .thresholds(steps(colours.good, ...warned, { value: bad, color: colours.bad }))
    .colorScheme(new FieldColorBuilder().mode(FieldColorModeId.Thresholds));
}

/** Colours a panel's number by the least that it should be. */
export function atLeast(panel: StatPanelBuilder, least: number): StatPanelBuilder {
  return panel
    .thresholds(steps(colours.bad, { value: least, color: colours.good }))
    .colorScheme(new FieldColorBuilder().mode(FieldColorModeId.Thresholds));
}

/** Words by the values of a label that they stand for. */
export type Words = Readonly<Record<string, string>>;

/** Shows words in place of a label's values, in a column of a table. */
export function columnInWords(panel: TablePanelBuilder, title: string, words: Words): TablePanelBuilder {
  const options = Object.fromEntries(Object.entries(words).map(([value, text]) => [value, { text }]));
  return panel.overrideByName(title, [{ id: "mappings", value: [{ type: MappingType.ValueToText, options }] }]);
}

/** Shows words in place of a label's values, in the names of series. */
export function seriesInWords(panel: TimeseriesPanelBuilder, words: Words): TimeseriesPanelBuilder {
  for (const [value, text] of Object.entries(words)) {
    panel.overrideByName(value, [{ id: "displayName", value: text }]);
  }
  return panel;
}

/** Draws one of several series as bars behind the lines of the others. */
export function barsBehind(panel: TimeseriesPanelBuilder, name: string): TimeseriesPanelBuilder {
  return panel.overrideByName(name, [
    { id: "custom.drawStyle", value: GraphDrawStyle.Bars },
    { id: "custom.fillOpacity", value: 60 },
    { id: "custom.lineWidth", value: 0 },
  ]);
}

/** Steps of colours. Grafana's first step has no value: it begins below all others. */
function steps(first: string, ...more: readonly Threshold[]): ThresholdsConfigBuilder {
  return new ThresholdsConfigBuilder().mode(ThresholdsMode.Absolute).steps([{ value: null, color: first }, ...more]);
}
