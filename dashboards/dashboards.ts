import { adoptionDashboard } from "./adoption/adoption";
import type { DashboardModel } from "./dashboard";
import { eventsDashboard } from "./events/events";
import type { DashboardOptions } from "./options";
import { overviewDashboard } from "./overview/overview";
import { requestsDashboard } from "./requests/requests";
import { sessionDashboard } from "./session/session";
import { spendDashboard } from "./spend/spend";
import { toolsDashboard } from "./tools/tools";
import { trustDashboard } from "./trust/trust";

/** All dashboards, the one to begin with first. */
export function allDashboards(options: DashboardOptions): readonly DashboardModel[] {
  const { events } = options;
  return [
    overviewDashboard(options),
    spendDashboard(options),
    adoptionDashboard(options),
    requestsDashboard(options),
    toolsDashboard(options),
    sessionDashboard(options),
    ...(events === undefined ? [] : [eventsDashboard(options, events)]),
    trustDashboard(options),
  ];
}
