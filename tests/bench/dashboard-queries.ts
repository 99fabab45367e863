import { allDashboards } from "../../dashboards/dashboards";
import { hiddenVariables } from "../../dashboards/queries/amount";
import { rollupNames } from "../../dashboards/rollups/levels";
import { defaultConfig } from "../../cli/stack-file";
import { dashboardOptions } from "../../config/dashboards";
import { interpolated, type Model, parseModel, type Picked, stepSeconds, variableValues } from "../history/grafana";
import type { DashboardQueries, PanelQuery } from "./measure";
import { day } from "../../units";

/** Grid rows that a screen of 1080 lines shows below Grafana's bars. */
const screenRows = 24;

/** Ranges that every dashboard is opened with, besides its own. */
const ranges = [
  { name: "24 hours", seconds: day },
  { name: "7 days", seconds: 7 * day },
  { name: "30 days", seconds: 30 * day },
  { name: "90 days", seconds: 90 * day },
] as const;

/** Value of the hidden variable by which every panel reads raw series. */
const rawValues = new Map<string, string>([[hiddenVariables.step, ""]]);

/** How a query names series that are raw here and might have been roll-ups: at the begin and at the end of a selector. */
const rawName = /\{__name__=~"(claude_code_\w+)\|[^"]*",/g;
const rawStep = new RegExp(`,?${rollupNames.step}=""(?=\\})`, "g");

/** How the dashboards are asked. */
export interface FirstScreenOptions {
  /** Ranges up to this are answered from raw series. Default: the stack's. */
  readonly rawRangeSeconds?: number;
}

/**
 * The queries of each dashboard's first screen, as Grafana sends them with nothing filtered: those of the stack's default
 * configuration, the same asked of raw series, and the same with `increase` as for running totals.
 *
 * @param url of the Prometheus that answers the hidden variables
 * @param end in seconds since 1970
 */
export async function firstScreens(
  url: string,
  end: number,
  given: FirstScreenOptions = {},
): Promise<DashboardQueries[]> {
  // What Loki and Tempo answer costs Prometheus nothing.
  const options = { ...dashboardOptions(defaultConfig()), events: undefined, ...given };
  const own = allDashboards(options).map(({ json }) => parseModel(json));
  // Windows of a fixed length choose when the dashboard is built.
  const raw = allDashboards({ ...options, rawRangeSeconds: 400 * day }).map(({ json }) => parseModel(json));
  const result: DashboardQueries[] = [];
  for (const range of ranges) {
    for (const [index, model] of own.entries()) {
      const picked = { toMs: end * 1000, rangeSeconds: range.seconds };
      const values = await variableValues(url, model, picked);
      const queries = targetQueries(model, raw[index] ?? model, values, picked);
      // A dashboard of one text asks nothing.
      if (queries.length > 0) {
        result.push({ dashboard: model.uid, range, queries });
      }
    }
  }
  return result;
}

function targetQueries(model: Model, raw: Model, values: ReadonlyMap<string, string>, picked: Picked): PanelQuery[] {
  const rawOnly = new Map([...values, ...rawValues]);
  return model.panels.flatMap((panel, panelIndex) => {
    const shown = panel.gridPos.y < screenRows && panel.targets !== undefined;
    return (shown ? (panel.targets ?? []) : []).map((target, index): PanelQuery => {
      const rangeSeconds = ownRange(panel.timeFrom, picked);
      const view = { ...picked, rangeSeconds };
      const step = stepSeconds(target, values, view);
      const rawExpr = interpolated(raw.panels[panelIndex]?.targets?.[index]?.expr ?? "", rawOnly, rangeSeconds, step);
      return {
        panel: `${panel.title} ${target.refId}`,
        expr: interpolated(target.expr, values, rangeSeconds, step),
        kind: target.instant === true ? "instant" : "range",
        stepSeconds: step,
        // The check of the roll-ups has no other source.
        ...(rawExpr.includes(rollupNames.difference) ? {} : variants(rawExpr)),
      };
    });
  });
}

function variants(rawExpr: string): Pick<PanelQuery, "rawVariant" | "seedVariant"> {
  const seedVariant = rawExpr
    .replaceAll(rawName, "$1{")
    .replaceAll(rawStep, "")
    .replaceAll("sum_over_time(claude_code_", "increase(claude_code_");
  return { rawVariant: rawExpr, seedVariant };
}

/** A panel of today or of this month ignores the picker's range. */
function ownRange(timeFrom: string | undefined, { toMs, rangeSeconds }: Picked): number {
  const end = new Date(toMs);
  switch (timeFrom) {
    case "now/d":
      return Math.round((toMs - Date.UTC(end.getUTCFullYear(), end.getUTCMonth(), end.getUTCDate())) / 1000);
    case "now/M":
      return Math.round((toMs - Date.UTC(end.getUTCFullYear(), end.getUTCMonth())) / 1000);
    default:
      return rangeSeconds;
  }
}
