import { type DashboardModel, dashboardModel } from "../kit/dashboard";
import type { DashboardOptions } from "../options";
import { distributions } from "../signals";
import { requestCosts } from "./cost";
import { errors } from "./errors";
import { requestFilters } from "./filters";
import { durations } from "./latency";
import { volume } from "./volume";

/** The dashboard about requests to the API. */
export const requestsUid = "claude-code-requests";

/** Outcome, latency and cost of requests. */
export function requestsDashboard(options: DashboardOptions): DashboardModel {
  const { title, description, latency, firstToken } = options.text.requests;
  const groups = [
    volume(options),
    durations(options, latency, distributions.requestDuration, 200),
    durations(options, firstToken, distributions.timeToFirstToken, 300),
    errors(options),
    requestCosts(options),
  ];
  return dashboardModel(
    { uid: requestsUid, title, description, from: "now-24h", refresh: "1m", groups, filters: requestFilters },
    options,
  );
}
