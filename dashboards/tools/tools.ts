import { type DashboardModel, dashboardModel } from "../kit/dashboard";
import type { DashboardOptions } from "../options";
import { calls } from "./calls";
import { context } from "./context";
import { toolDecisions } from "./decisions";
import { extensions } from "./extensions";
import { toolFilters } from "./filters";
import { waiting } from "./waiting";

/** The dashboard about what the agent does between requests. */
export const toolsUid = "claude-code-tools";

/** Tools that run, their outcome, the decisions on them, and the agent's extensions. */
export function toolsDashboard(options: DashboardOptions): DashboardModel {
  const { title, description } = options.text.tools;
  const groups = [calls(options), toolDecisions(options), waiting(options), extensions(options), context(options)];
  return dashboardModel(
    { uid: toolsUid, title, description, from: "now-24h", refresh: "1m", groups, filters: toolFilters },
    options,
  );
}
