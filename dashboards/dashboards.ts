import { adoptionDashboard } from "./adoption/adoption";
import { billDashboard } from "./bill/bill";
import type { DashboardModel } from "./kit/dashboard";
import { eventsDashboard } from "./events/events";
import type { DashboardOptions } from "./options";
import { overviewDashboard } from "./overview/overview";
import { requestsDashboard } from "./requests/requests";
import { sessionDashboard } from "./session/session";
import { spendDashboard } from "./spend/spend";
import { toolsDashboard } from "./tools/tools";
import { trustDashboard } from "./trust/trust";

/** All dashboards, the one to begin with first. Without people, those of single sessions and events are left out. */
export function allDashboards(options: DashboardOptions): readonly DashboardModel[] {
  return [
    overviewDashboard(options),
    spendDashboard(options),
    adoptionDashboard(options),
    billDashboard(options),
    requestsDashboard(options),
    toolsDashboard(options),
    ...(options.people === false ? [] : singleSessions(options)),
    trustDashboard(options),
  ];
}

/**
 * The dashboards that show people, for readers who have the others without.
 *
 * @param edition marks the dashboards that exist without people, too
 */
export function peopleDashboards(
  options: DashboardOptions,
  edition: NonNullable<DashboardOptions["edition"]>,
): readonly DashboardModel[] {
  const whole = { ...options, edition };
  return [
    overviewDashboard(whole),
    spendDashboard(whole),
    adoptionDashboard(whole),
    // Without the provider's figures it shows nobody, and one is enough.
    ...(options.bill === undefined ? [] : [billDashboard(whole)]),
    // There is one of each, under the uid that links lead to.
    ...singleSessions(options),
    trustDashboard(whole),
  ];
}

function singleSessions(options: DashboardOptions): readonly DashboardModel[] {
  const { events } = options;
  return [sessionDashboard(options), ...(events === undefined ? [] : [eventsDashboard(options, events)])];
}
