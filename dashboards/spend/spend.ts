import { type DashboardModel, dashboardModel } from "../kit/dashboard";
import type { DashboardOptions } from "../options";
import { breakdown } from "./breakdown";
import { month } from "./month";
import { prices } from "./prices";
import { seatsGroup } from "./seats";

/** The dashboard about money. */
export const spendUid = "claude-code-spend";

/** Distribution of the cost, forecast, and checks of the client's figures. */
export function spendDashboard(options: DashboardOptions): DashboardModel {
  const { title, description } = options.text.spend;
  const { plan } = options;
  const groups = [
    month(options),
    breakdown(options),
    prices(options),
    ...(plan.kind === "seats" ? [seatsGroup(plan, options)] : []),
  ];
  return dashboardModel(
    { uid: spendUid, title, description, from: "now-7d", refresh: "5m", groups, filters: true },
    options,
  );
}
