import { dashboardOptions } from "../../config/dashboards";
import { allDashboards } from "../../dashboards/dashboards";
import { metrics } from "../../telemetry/client-metrics";
import { deployedStack } from "../../cli/deployed";
import { PrometheusApi } from "../../cli/prometheus-api";
import { inCluster } from "../../cli/prometheus-in-cluster";
import { parsedDashboard, targetsOf } from "../unit/dashboards/dashboard-model";
import { interpolated } from "../unit/dashboards/grafana-variables";

/** A query of the stack that was deployed by `npm run up`, asked through the API server. */
export async function askStack(query: string, time = Date.now() / 1000): Promise<number> {
  return (await new PrometheusApi(inCluster(deployedStack("dev").location)).number(query, { at: time })) ?? 0;
}

/** Windows of at least a day, as the queries of a range of seven days have them. */
const longWindow = /\[(604800s|7d)\]/;

/** Marks of queries for something else than all cost: of days that are over, without a budget, of one session, of a part, of one way of billing, at a guessed price, or groups. */
const otherwise =
  /<= 90000| offset 168h| unless vector\(1\)|session_id=|user=~"\[0-9a-f\]|_(clock|temporality)!=""|_billing|model="other"|\b(count|avg)\b.*\(sum| \/ /;

/** A ranking that may leave somebody out. */
const cutRanking = /topk\(20, .*by \((user|vcs_repository_name)\)/;

/**
 * USD of every panel of stack dev's dashboards that adds up all cost of at least the last day, over seven days: the sum of
 * what it shows.
 */
export async function costPanels(): Promise<Map<string, number>> {
  const dashboards = allDashboards(dashboardOptions(deployedStack("dev").config));
  const found = new Map<string, number>();
  for (const dashboard of dashboards.map(parsedDashboard)) {
    for (const { panel, target } of targetsOf(dashboard)) {
      const query = interpolated(target.expr, dashboard, "5m");
      const isCost = query.includes(metrics.cost.prometheus) && query.split("sum_over_time(").length === 2;
      const isWhole = longWindow.test(query) && ![otherwise, cutRanking].some((pattern) => pattern.test(query));
      if (target.instant === true && isCost && isWhole) {
        found.set(`${dashboard.title}: ${panel.title}`, await askStack(`sum(${query})`));
      }
    }
  }
  return found;
}
