import { PanelBuilder as BarGaugePanelBuilder } from "@grafana/grafana-foundation-sdk/bargauge";
import { LogsDedupStrategy, LogsSortOrder, ReduceDataOptionsBuilder } from "@grafana/grafana-foundation-sdk/common";
import { PanelBuilder as LogsPanelBuilder } from "@grafana/grafana-foundation-sdk/logs";
import { DataqueryBuilder as LokiQueryBuilder, LokiQueryType } from "@grafana/grafana-foundation-sdk/loki";
import { PanelBuilder as StatPanelBuilder } from "@grafana/grafana-foundation-sdk/stat";
import { PanelBuilder as TablePanelBuilder } from "@grafana/grafana-foundation-sdk/table";
import { DataqueryBuilder as TempoQueryBuilder, SearchTableType } from "@grafana/grafana-foundation-sdk/tempo";
import { PanelBuilder as TimeseriesPanelBuilder } from "@grafana/grafana-foundation-sdk/timeseries";

import type { DataSourceReference } from "../options";
import { asBars, asRanking, asStat, asTable, described, overTime, withSeriesColours } from "./defaults";
import type { PanelText } from "../text/text";
import { units } from "./units";

/** Most entries that a panel asks for. */
const mostEntries = 1000;
/** Most bars of a ranking. */
const mostBars = 25;
/** The field with the time of an entry. */
const entryTime = "Time";
/** Width of a column with date and time in pixels. */
const timeWidth = 180;
/** Most traces that a panel asks for. */
const mostTraces = 100;
const refId = "A";

/** Panels about events in Loki, with their defaults. They know nothing of what their query says. */
export class EventPanelFactory {
  constructor(private readonly loki: DataSourceReference) {}

  /** Entries as lines, newest first; unfolded, a line shows all fields and the link to its trace. */
  logs(words: PanelText, expr: string): LogsPanelBuilder {
    return (
      described(new LogsPanelBuilder(), words, units.count, this.loki)
        .withTarget(this.query(expr, LokiQueryType.Range).maxLines(mostEntries))
        .showTime(true)
        .enableLogDetails(true)
        .sortOrder(LogsSortOrder.Descending)
        // Two entries never are one: lines differ by their sequence.
        .dedupStrategy(LogsDedupStrategy.None)
    );
  }

  /**
   * Entries as rows.
   *
   * @param columns titles by field
   */
  rows(words: PanelText, expr: string, columns: Readonly<Record<string, string>>): TablePanelBuilder {
    const fields = [entryTime, ...Object.keys(columns)];
    return asTable(described(new TablePanelBuilder(), words, units.count, this.loki))
      .withTarget(this.query(expr, LokiQueryType.Range).maxLines(mostEntries))
      .withTransformation({
        // Grafana has all fields of an entry as one object. With paths it would write "Not Found" where a field is missing.
        id: "extractFields",
        options: { source: "labels", format: "json", replace: true, keepTime: true },
      })
      .withTransformation({ id: "filterFieldsByName", options: { include: { names: fields } } })
      .withTransformation({
        id: "organize",
        options: { indexByName: Object.fromEntries(fields.map((name, index) => [name, index])), renameByName: columns },
      })
      .overrideByName(entryTime, [{ id: "custom.width", value: timeWidth }]);
  }

  /** Entries per interval as stacked bars, one colour for each group. */
  bars(words: PanelText, unit: string, expr: string, legend: string): TimeseriesPanelBuilder {
    const panel = overTime(described(new TimeseriesPanelBuilder(), words, unit, this.loki), unit);
    asBars(panel.withTarget(this.query(expr, LokiQueryType.Range).legendFormat(legend)));
    return withSeriesColours(panel, unit, [legend]);
  }

  /** A single amount of the range: 0 where nothing happened. */
  total(words: PanelText, unit: string, expr: string): StatPanelBuilder {
    return asStat(described(new StatPanelBuilder(), words, unit, this.loki), unit)
      .noValue("0")
      .withTarget(this.query(expr, LokiQueryType.Instant));
  }

  /** One bar for each group. Loki answers an instant query with one table, so each of its rows is a bar. */
  ranking(words: PanelText, unit: string, expr: string, legend: string): BarGaugePanelBuilder {
    return asRanking(described(new BarGaugePanelBuilder(), words, unit, this.loki), unit, legend)
      .reduceOptions(new ReduceDataOptionsBuilder().values(true).calcs([]).limit(mostBars))
      .withTarget(this.query(expr, LokiQueryType.Instant).legendFormat(legend));
  }

  private query(expr: string, type: LokiQueryType): LokiQueryBuilder {
    return new LokiQueryBuilder().refId(refId).expr(expr).queryType(type).datasource(this.loki);
  }
}

/** Traces in Tempo that a TraceQL query finds, each with a link to it. */
export function traces(words: PanelText, query: string, tempo: DataSourceReference): TablePanelBuilder {
  return asTable(described(new TablePanelBuilder(), words, units.count, tempo)).withTarget(
    new TempoQueryBuilder()
      .refId(refId)
      .queryType("traceql")
      .query(query)
      .limit(mostTraces)
      .tableType(SearchTableType.Traces)
      .datasource(tempo),
  );
}
