import { DashboardBuilder } from "@grafana/grafana-foundation-sdk/dashboard";

import { withGroups } from "../layout";
import { text } from "../text/en";
import { filterVariables } from "../variables";
import { costOverview } from "./cost-overview";

/** Stable, so that links survive every deployment. */
export const overviewUid = "claude-code-monitoring-api";

/** The dashboard that opens first. */
export function overviewDashboard(): { readonly uid: string; readonly json: string } {
  const dashboard = new DashboardBuilder(text.overview.title)
    .uid(overviewUid)
    .description(text.overview.description)
    .tags(["claude-code"])
    .timezone("browser")
    .time({ from: "now-24h", to: "now" })
    .refresh("1m")
    .editable();
  for (const variable of filterVariables()) {
    dashboard.withVariable(variable);
  }
  withGroups(dashboard, [costOverview()]);
  return { uid: overviewUid, json: JSON.stringify(dashboard.build()) };
}
