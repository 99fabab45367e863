import {
  BarGaugeDisplayMode,
  BigValueColorMode,
  BigValueGraphMode,
  GraphDrawStyle,
  LegendDisplayMode,
  LegendPlacement,
  ReduceDataOptionsBuilder,
  SortOrder,
  StackingConfigBuilder,
  StackingMode,
  TableSortByFieldStateBuilder,
  TooltipDisplayMode,
  VizLegendOptionsBuilder,
  VizOrientation,
  VizTooltipOptionsBuilder,
} from "@grafana/grafana-foundation-sdk/common";
import { PanelBuilder as BarGaugePanelBuilder } from "@grafana/grafana-foundation-sdk/bargauge";
import { ThresholdsConfigBuilder, ThresholdsMode } from "@grafana/grafana-foundation-sdk/dashboard";
import { DataqueryBuilder, PromQueryFormat } from "@grafana/grafana-foundation-sdk/prometheus";
import { PanelBuilder as StatPanelBuilder } from "@grafana/grafana-foundation-sdk/stat";
import { PanelBuilder as TablePanelBuilder } from "@grafana/grafana-foundation-sdk/table";
import { PanelBuilder as TimeseriesPanelBuilder } from "@grafana/grafana-foundation-sdk/timeseries";

import type { DashboardAddress } from "./links";
import type { DashboardOptions, DataSourceReference } from "../options";
import { hiddenVariables } from "../queries/amount";
import type { PanelText } from "../text/text";
import { units } from "./units";

/** A query and what its result is called. */
export interface NamedQuery {
  readonly expr: string;
  /** Grafana's legend format, e.g. `{{model}}`, or a text. */
  readonly legend: string;
}

/** A table's column: a query whose result has one row per group. */
export interface Column {
  readonly title: string;
  readonly unit: string;
  readonly expr: string;
}

/** Columns and options of a table. */
export interface TableArgs {
  /** Labels that make a row, and their titles. */
  readonly keys: Readonly<Record<string, string>>;
  readonly columns: readonly Column[];
  /** Links of the cells in a label's column. */
  readonly links?: Readonly<Record<string, DashboardAddress>>;
}

/** Shortest interval of bars from raw series: clients export once a minute. */
export const shortestInterval = "1m";
/** Shortest interval of bars: the step of the roll-up that answers the dashboard's range; empty for raw series. */
export const automaticInterval = `$${hiddenVariables.step}`;

/** Panel defaults in one home. Panels know nothing of what their query says. */
export class PanelFactory {
  constructor(private readonly options: DashboardOptions) {}

  /** A single number at the end of the range. */
  stat(words: PanelText, unit: string, expr: string): StatPanelBuilder {
    return this.stats(words, unit, [{ expr, legend: "" }]);
  }

  /** Single numbers side by side, each with its name. */
  stats(words: PanelText, unit: string, queries: readonly NamedQuery[]): StatPanelBuilder {
    const panel = this.described(new StatPanelBuilder(), words, unit)
      .graphMode(BigValueGraphMode.None)
      .colorMode(BigValueColorMode.None)
      .reduceOptions(lastValue());
    queries.forEach(({ expr, legend }, index) =>
      panel.withTarget(this.query(index, expr).instant().legendFormat(legend)),
    );
    return panel;
  }

  /** One bar for each group, largest first. */
  ranking(words: PanelText, unit: string, expr: string, legend: string): BarGaugePanelBuilder {
    return asRanking(
      this.described(new BarGaugePanelBuilder(), words, unit).withTarget(
        this.query(0, `sort_desc(${expr})`).instant().legendFormat(legend),
      ),
    );
  }

  /** Amounts per interval as stacked bars, one colour for each group. */
  bars(
    words: PanelText,
    unit: string,
    { expr, legend }: NamedQuery,
    interval: string = automaticInterval,
  ): TimeseriesPanelBuilder {
    return asBars(this.series(words, unit, [{ expr, legend }], interval));
  }

  /** Values over time as lines. */
  series(
    words: PanelText,
    unit: string,
    queries: readonly NamedQuery[],
    interval: string = automaticInterval,
  ): TimeseriesPanelBuilder {
    const panel = overTime(this.described(new TimeseriesPanelBuilder(), words, unit)).interval(shortestInterval);
    queries.forEach(({ expr, legend }, index) =>
      panel.withTarget(this.query(index, expr).range().interval(interval).legendFormat(legend)),
    );
    return panel;
  }

  /** A running total of one series' amounts per interval. Grafana adds them up. */
  runningTotal(words: PanelText, unit: string, query: NamedQuery): TimeseriesPanelBuilder {
    return (
      this.series(words, unit, [query])
        .withTransformation({
          id: "calculateField",
          options: {
            mode: "cumulativeFunctions",
            cumulative: { field: query.legend, reducer: "sum" },
            alias: query.legend,
            replaceFields: true,
          },
        })
        .fillOpacity(20)
        // An interval without samples is a gap in the bars, and no reason to break the line.
        .spanNulls(true)
    );
  }

  /** Rows by labels; a group that lacks a column stays in. Sorted by the first column. */
  table(words: PanelText, { keys, columns, links = {} }: TableArgs): TablePanelBuilder {
    const panel = this.described(new TablePanelBuilder(), words, units.count).filterable(true);
    columns.forEach(({ expr }, index) =>
      panel.withTarget(this.query(index, expr).instant().format(PromQueryFormat.Table)),
    );
    // With one query its value is just `Value`.
    const value = (index: number) => (columns.length === 1 ? "Value" : `Value #${refId(index)}`);
    const titles = columns.map(({ title }, index) => [value(index), title] as const);
    panel.withTransformation({ id: "merge", options: {} }).withTransformation({
      id: "organize",
      options: {
        excludeByName: { Time: true },
        indexByName: Object.fromEntries([...Object.keys(keys), ...titles.map(([from]) => from)].map((n, i) => [n, i])),
        renameByName: { ...keys, ...Object.fromEntries(titles) },
      },
    });
    // Without this every empty cell reads "No data".
    const empty = { id: "noValue", value: "–" };
    for (const [label, title] of Object.entries(keys)) {
      const link = links[label];
      panel.overrideByName(title, link === undefined ? [empty] : [empty, { id: "links", value: [link] }]);
    }
    for (const { title, unit } of columns) {
      panel.overrideByName(title, [{ id: "unit", value: unit }, empty]);
    }
    return panel.sortBy(
      columns.slice(0, 1).map(({ title }) => new TableSortByFieldStateBuilder().displayName(title).desc(true)),
    );
  }

  private query(index: number, expr: string): DataqueryBuilder {
    return new DataqueryBuilder().refId(refId(index)).expr(expr).datasource(this.options.dataSource);
  }

  private described<Builder extends DescribedPanel>(panel: Builder, words: PanelText, unit: string): Builder {
    return described(panel, words, unit, { ...this.options, source: this.options.dataSource });
  }
}

/** A panel's words, unit and data source. */
export function described<Builder extends DescribedPanel>(
  panel: Builder,
  words: PanelText,
  unit: string,
  { text, source }: Pick<DashboardOptions, "text"> & { readonly source: DataSourceReference },
): Builder {
  panel.title(words.title).description(words.description).datasource(source).unit(unit).noValue(text.noData);
  if (unit === units.usd) {
    panel.decimals(2);
  }
  return panel;
}

/** Presentation of values over time. */
export function overTime(panel: TimeseriesPanelBuilder): TimeseriesPanelBuilder {
  return panel
    .min(0)
    .legend(
      new VizLegendOptionsBuilder()
        .displayMode(LegendDisplayMode.List)
        .placement(LegendPlacement.Bottom)
        .showLegend(true)
        .calcs([]),
    )
    .tooltip(new VizTooltipOptionsBuilder().mode(TooltipDisplayMode.Multi).sort(SortOrder.Descending));
}

/** As stacked bars. */
export function asBars(panel: TimeseriesPanelBuilder): TimeseriesPanelBuilder {
  return panel
    .drawStyle(GraphDrawStyle.Bars)
    .fillOpacity(80)
    .lineWidth(0)
    .stacking(new StackingConfigBuilder().mode(StackingMode.Normal));
}

/** As a bar for each group. */
export function asRanking(panel: BarGaugePanelBuilder): BarGaugePanelBuilder {
  return panel
    .displayMode(BarGaugeDisplayMode.Basic)
    .orientation(VizOrientation.Horizontal)
    .min(0)
    .reduceOptions(lastValue());
}

/** From which values on a number is coloured: warning, bad; below `low` it is bad too. */
export interface Limits {
  readonly low?: number;
  readonly warning?: number;
  readonly bad: number;
}

/** Colours a panel's numbers by limits. */
export function thresholds(panel: StatPanelBuilder, { low, warning, bad }: Limits): StatPanelBuilder {
  const steps = [
    // Grafana's first step has no value: it begins below all others.
    { value: null, color: low === undefined ? "green" : "red" },
    ...(low === undefined ? [] : [{ value: low, color: "green" }]),
    ...(warning === undefined ? [] : [{ value: warning, color: "orange" }]),
    { value: bad, color: "red" },
  ];
  return panel
    .thresholds(new ThresholdsConfigBuilder().mode(ThresholdsMode.Absolute).steps(steps))
    .colorMode(BigValueColorMode.Value);
}

/** Methods that every panel builder of the SDK has. */
interface DescribedPanel {
  title(title: string): this;
  description(description: string): this;
  datasource(reference: { type: string; uid: string }): this;
  unit(unit: string): this;
  noValue(text: string): this;
  decimals(decimals: number): this;
}

function refId(index: number): string {
  return String.fromCharCode("A".charCodeAt(0) + index);
}

function lastValue(): ReduceDataOptionsBuilder {
  return new ReduceDataOptionsBuilder().calcs(["lastNotNull"]).values(false).fields("");
}
