import { PanelBuilder as BarGaugePanelBuilder } from "@grafana/grafana-foundation-sdk/bargauge";
import { LogsDedupStrategy, LogsSortOrder } from "@grafana/grafana-foundation-sdk/common";
import { PanelBuilder as LogsPanelBuilder } from "@grafana/grafana-foundation-sdk/logs";
import { DataqueryBuilder as LokiQueryBuilder, LokiQueryType } from "@grafana/grafana-foundation-sdk/loki";
import { PanelBuilder as TablePanelBuilder } from "@grafana/grafana-foundation-sdk/table";
import { DataqueryBuilder as TempoQueryBuilder, SearchTableType } from "@grafana/grafana-foundation-sdk/tempo";
import { PanelBuilder as TimeseriesPanelBuilder } from "@grafana/grafana-foundation-sdk/timeseries";

import type { DashboardOptions, DataSourceReference } from "../options";
import { asBars, asRanking, described, type NamedQuery, overTime } from "./panels";
import type { PanelText } from "../text/text";
import { units } from "./units";

/** Most entries that a panel asks for. */
const mostEntries = 1000;
/** Most traces that a panel asks for. */
const mostTraces = 100;
const refId = "A";

/** Panels about events in Loki, with their defaults. They know nothing of what their query says. */
export class EventPanelFactory {
  constructor(
    private readonly options: Pick<DashboardOptions, "text">,
    private readonly loki: DataSourceReference,
  ) {}

  /** Entries as lines, newest first; unfolded, a line shows all fields and the link to its trace. */
  logs(words: PanelText, expr: string): LogsPanelBuilder {
    return (
      described(new LogsPanelBuilder(), words, units.count, this.described)
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
    return described(new TablePanelBuilder(), words, units.count, this.described)
      .withTarget(this.query(expr, LokiQueryType.Range).maxLines(mostEntries))
      .filterable(true)
      .withTransformation({
        // Grafana has all fields of an entry as one object.
        id: "extractFields",
        options: {
          source: "labels",
          format: "json",
          jsonPaths: Object.entries(columns).map(([path, alias]) => ({ path, alias })),
          replace: true,
          keepTime: true,
        },
      });
  }

  /** Entries per interval as stacked bars, one colour for each group. */
  bars(words: PanelText, unit: string, { expr, legend }: NamedQuery): TimeseriesPanelBuilder {
    const panel = overTime(described(new TimeseriesPanelBuilder(), words, unit, this.described));
    return asBars(panel.withTarget(this.query(expr, LokiQueryType.Range).legendFormat(legend)));
  }

  /** One bar for each group. */
  ranking(words: PanelText, unit: string, { expr, legend }: NamedQuery): BarGaugePanelBuilder {
    const panel = described(new BarGaugePanelBuilder(), words, unit, this.described);
    return asRanking(panel.withTarget(this.query(expr, LokiQueryType.Instant).legendFormat(legend)));
  }

  private get described() {
    return { text: this.options.text, source: this.loki };
  }

  private query(expr: string, type: LokiQueryType): LokiQueryBuilder {
    return new LokiQueryBuilder().refId(refId).expr(expr).queryType(type).datasource(this.loki);
  }
}

/** Traces in Tempo that a TraceQL query finds, each with a link to it. */
export function traces(
  words: PanelText,
  query: string,
  { text }: Pick<DashboardOptions, "text">,
  tempo: DataSourceReference,
): TablePanelBuilder {
  return described(new TablePanelBuilder(), words, units.count, { text, source: tempo }).withTarget(
    new TempoQueryBuilder()
      .refId(refId)
      .queryType("traceql")
      .query(query)
      .limit(mostTraces)
      .tableType(SearchTableType.Traces)
      .datasource(tempo),
  );
}
