import { type DashboardModel, dashboardModel } from "../kit/dashboard";
import { linkedDashboards } from "../kit/links";
import type { DashboardOptions } from "../options";
import { filterVariables } from "../kit/variables";
import { course } from "./course";
import { summary } from "./summary";
import { timeline } from "./timeline";
import { sessionFilters, sessionVariable } from "./variables";

/** A single session, request by request. It reads raw series, whatever the range: roll-ups know no sessions. */
export function sessionDashboard(options: DashboardOptions): DashboardModel {
  const { title, description } = options.text.session;
  const { events } = options;
  const groups = [summary(options), course(options), ...(events === undefined ? [] : [timeline(options, events)])];
  const variables = [...filterVariables(options, sessionFilters, "raw"), sessionVariable(options)];
  return dashboardModel(
    {
      uid: linkedDashboards.session,
      title,
      description,
      from: "now-24h",
      refresh: "1m",
      groups,
      filters: false,
      variables,
    },
    options,
  );
}
