import { PanelBuilder as BarGaugePanelBuilder } from "@grafana/grafana-foundation-sdk/bargauge";
import {
  LegendDisplayMode,
  LegendPlacement,
  TableSortByFieldStateBuilder,
} from "@grafana/grafana-foundation-sdk/common";
import {
  PanelBuilder as PieChartPanelBuilder,
  PieChartLegendOptionsBuilder,
  PieChartLegendValues,
  PieChartType,
} from "@grafana/grafana-foundation-sdk/piechart";
import { MappingType, PanelBuilder } from "@grafana/grafana-foundation-sdk/dashboard";
import { DataqueryBuilder, PromQueryFormat } from "@grafana/grafana-foundation-sdk/prometheus";
import { PanelBuilder as StatPanelBuilder } from "@grafana/grafana-foundation-sdk/stat";
import { PanelBuilder as TablePanelBuilder } from "@grafana/grafana-foundation-sdk/table";
import { PanelBuilder as TextPanelBuilder } from "@grafana/grafana-foundation-sdk/text";
import { PanelBuilder as TimeseriesPanelBuilder } from "@grafana/grafana-foundation-sdk/timeseries";

import type { Topic } from "../alerts/topics";
import type { DashboardOptions, DataSourceReference } from "../options";
import { hiddenVariables } from "../queries/amount";
import { labels } from "../../telemetry/labels";
import type { PanelText } from "../text/text";
import {
  asBars,
  asRanking,
  asStat,
  asTable,
  described,
  lastValue,
  leastAmount,
  overTime,
  overTimeOfEitherSign,
  thresholds,
  unknown,
  withModelColours,
  withSeriesColours,
} from "./defaults";
import { colours } from "./colours";
import { sessionOfCell } from "./links";
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

/** A column of a table. */
export function column(title: string, unit: string, expr: string): Column {
  return { title, unit, expr };
}

/** The legend format of series that labels name. */
export function legendOf(...names: readonly string[]): string {
  return names.map((name) => `{{${name}}}`).join(": ");
}

/** Shortest interval of bars from raw series: clients export once a minute. */
export const shortestInterval = "1m";
/** Shortest interval of bars: the step of the roll-up that answers the dashboard's range; empty for raw series. */
export const automaticInterval = `$${hiddenVariables.step}`;
/** Width of a column of session ids in pixels: their first eight characters. */
const sessionWidth = 100;

/** Panel defaults in one home. Panels know nothing of what their query says. */
export class PanelFactory {
  private readonly source: DataSourceReference;

  constructor(private readonly options: DashboardOptions) {
    this.source = options.dataSource;
  }

  /** A single number at the end of the range. */
  stat(words: PanelText, unit: string, expr: string): StatPanelBuilder {
    return this.stats(words, unit, [{ expr, legend: "" }]);
  }

  /** A single amount at the end of the range: 0 where nothing happened. */
  total(words: PanelText, unit: string, expr: string): StatPanelBuilder {
    return this.stat(words, unit, expr).noValue("0");
  }

  /** Single numbers side by side, each with its name. */
  stats(words: PanelText, unit: string, queries: readonly NamedQuery[]): StatPanelBuilder {
    const panel = asStat(described(new StatPanelBuilder(), words, unit, this.source), unit);
    queries.forEach(({ expr, legend }, index) =>
      panel.withTarget(this.query(index, expr).instant().legendFormat(legend)),
    );
    return panel;
  }

  /** Numbers that must be 0, side by side: a word in good colour for 0, the number in bad for others. */
  verdict(words: PanelText & { readonly none: string }, queries: readonly NamedQuery[]): StatPanelBuilder {
    return thresholds(this.stats(words, units.count, queries), { bad: leastAmount }).mappings([
      { type: MappingType.ValueToText, options: { "0": { text: words.none, color: colours.good } } },
    ]);
  }

  /** The stack's alerts that fire or are about to, with their begin: those of some topics. */
  alertList({ title, description }: PanelText, topics: readonly Topic[]): PanelBuilder {
    return new PanelBuilder()
      .type("alertlist")
      .title(title)
      .description(description)
      .options({
        viewMode: "list",
        groupMode: "default",
        maxItems: 20,
        sortOrder: 1,
        alertInstanceLabelFilter: `{topic=~"${topics.join("|")}"}`,
        stateFilter: { firing: true, pending: true, error: true, noData: false, normal: false },
      });
  }

  /** One bar for each group, largest first. */
  ranking(words: PanelText, unit: string, expr: string, legend: string): BarGaugePanelBuilder {
    const panel = asRanking(described(new BarGaugePanelBuilder(), words, unit, this.source), unit, legend);
    const [, label] = /^\{\{(\w+)\}\}$/.exec(legend) ?? [];
    if (label !== undefined) {
      // Grafana leaves out the name of a single bar, unless the field has one of its own.
      panel.displayName(`\${__field.labels.${label}}`);
    }
    return panel.withTarget(this.query(0, `sort_desc(${expr})`).instant().legendFormat(legend));
  }

  /** The shares of a whole by model, as a donut beside a table of values and percentages. */
  donut(words: PanelText, unit: string, expr: string): PieChartPanelBuilder {
    return withModelColours(described(new PieChartPanelBuilder(), words, unit, this.source))
      .pieType(PieChartType.Donut)
      .displayLabels([])
      .legend(
        new PieChartLegendOptionsBuilder()
          .displayMode(LegendDisplayMode.Table)
          .placement(LegendPlacement.Right)
          .showLegend(true)
          .values([PieChartLegendValues.Value, PieChartLegendValues.Percent]),
      )
      .reduceOptions(lastValue())
      .withTarget(this.query(0, `sort_desc(${expr})`).instant().legendFormat(legendOf(labels.model)));
  }

  /** Amounts per interval as stacked bars, one colour for each group. */
  bars(words: PanelText, unit: string, expr: string, legend: string, interval?: string): TimeseriesPanelBuilder {
    return asBars(this.series(words, unit, [{ expr, legend }], interval));
  }

  /** Values over time as lines. */
  series(
    words: PanelText,
    unit: string,
    queries: readonly NamedQuery[],
    interval: string = automaticInterval,
  ): TimeseriesPanelBuilder {
    const panel = overTime(described(new TimeseriesPanelBuilder(), words, unit, this.source), unit);
    return this.withSeries(panel, unit, queries, interval);
  }

  /** Amounts of either sign per interval as stacked bars, one colour for each group. */
  signedBars(words: PanelText, unit: string, { expr, legend }: NamedQuery, interval: string): TimeseriesPanelBuilder {
    const panel = overTimeOfEitherSign(described(new TimeseriesPanelBuilder(), words, unit, this.source));
    return asBars(this.withSeries(panel, unit, [{ expr, legend }], interval));
  }

  private withSeries(
    panel: TimeseriesPanelBuilder,
    unit: string,
    queries: readonly NamedQuery[],
    interval: string,
  ): TimeseriesPanelBuilder {
    panel.interval(shortestInterval);
    queries.forEach(({ expr, legend }, index) =>
      panel.withTarget(this.query(index, expr).range().interval(interval).legendFormat(legend)),
    );
    return withSeriesColours(
      panel,
      unit,
      queries.map(({ legend }) => legend),
    );
  }

  /** A running total of one series' amounts per interval. Grafana adds them up, and names it as the panel. */
  runningTotal(words: PanelText, unit: string, expr: string): TimeseriesPanelBuilder {
    const { title } = words;
    const options = {
      mode: "cumulativeFunctions",
      cumulative: { field: title, reducer: "sum" },
      alias: title,
      replaceFields: true,
    };
    return (
      this.series(words, unit, [{ expr, legend: title }])
        .withTransformation({ id: "calculateField", options })
        .fillOpacity(20)
        // An interval without samples is a gap in the bars, and no reason to break the line.
        .spanNulls(true)
    );
  }

  /**
   * Rows by labels; a group that lacks a column stays in. Sorted by the first column.
   *
   * @param keys titles of the labels that make a row
   */
  table(words: PanelText, keys: Readonly<Record<string, string>>, columns: readonly Column[]): TablePanelBuilder {
    const panel = asTable(described(new TablePanelBuilder(), words, units.count, this.source));
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
    const empty = { id: "noValue", value: unknown };
    const ofSession = [
      { id: "links", value: [sessionOfCell(this.options.text.session.link)] },
      { id: "custom.width", value: sessionWidth },
    ];
    for (const [label, title] of Object.entries(keys)) {
      panel.overrideByName(title, label === labels.session ? [empty, ...ofSession] : [empty]);
    }
    for (const { title, unit } of columns) {
      const decimals = unit === units.usd ? [{ id: "decimals", value: 2 }] : [];
      panel.overrideByName(title, [{ id: "unit", value: unit }, ...decimals, empty]);
    }
    return panel.sortBy(
      columns.slice(0, 1).map(({ title }) => new TableSortByFieldStateBuilder().displayName(title).desc(true)),
    );
  }

  /** A line in place of a panel that needs a setting, which says how to switch it on. */
  hint({ title, description }: PanelText, switchedOnBy: string): TextPanelBuilder {
    return new TextPanelBuilder().title(title).description(description).content(switchedOnBy);
  }

  private query(index: number, expr: string): DataqueryBuilder {
    return new DataqueryBuilder().refId(refId(index)).expr(expr).datasource(this.source);
  }
}

function refId(index: number): string {
  return String.fromCharCode("A".charCodeAt(0) + index);
}
