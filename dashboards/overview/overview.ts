import { type DashboardModel, dashboardModel } from "../kit/dashboard";
import type { DashboardOptions } from "../options";
import { costAnalysis } from "./cost-analysis";
import { costOverview } from "./cost-overview";
import { liveActivity } from "./live-activity";
import { locations } from "./locations";
import { usage } from "./usage";
import { usersGroup } from "./users";

/** The dashboard that opens first. */
export const overviewUid = "claude-code-monitoring-api";

/** Cost and usage, by user and by location. */
export function overviewDashboard(options: DashboardOptions): DashboardModel {
  const { title, description } = options.text.overview;
  const groups = [
    costOverview(options),
    costAnalysis(options),
    usage(options),
    liveActivity(options),
    usersGroup(options),
    locations(options),
  ];
  return dashboardModel(
    { uid: overviewUid, title, description, from: "now-24h", refresh: "1m", groups, filters: true },
    options,
  );
}
