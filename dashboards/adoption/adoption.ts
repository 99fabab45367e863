import { type DashboardModel, dashboardModel } from "../kit/dashboard";
import type { DashboardOptions } from "../options";
import { activeUsers } from "./active-users";
import { outcome } from "./outcome";
import { sessionsGroup } from "./sessions";

/** The dashboard about use and outcome. */
export const adoptionUid = "claude-code-adoption";

/** Users, their habits, and the outcome. */
export function adoptionDashboard(options: DashboardOptions): DashboardModel {
  const { title, description } = options.text.adoption;
  const groups = [activeUsers(options), sessionsGroup(options), outcome(options)];
  return dashboardModel(
    { uid: adoptionUid, title, description, from: "now-30d", refresh: "5m", groups, filters: true },
    options,
  );
}
