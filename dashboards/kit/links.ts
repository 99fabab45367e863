/** Dashboards that others link to: their uids are here, because they link back. */
export const linkedDashboards = { session: "claude-code-session", events: "claude-code-events" } as const;

/** A link of a table's cell, or of a panel, to another dashboard. */
export interface DashboardAddress {
  /** Text of the link. */
  readonly title: string;
  readonly url: string;
}

/** Grafana's variable for the range shown, as part of an address. */
const range = "${__url_time_range}";

/** From a cell that holds a session's id. */
export function sessionOfCell(title: string): DashboardAddress {
  return { title, url: `/d/${linkedDashboards.session}?var-session=\${__value.raw}&${range}` };
}

/** From the dashboard of a session to its events. */
export function eventsOfSession(title: string): DashboardAddress {
  return { title, url: `/d/${linkedDashboards.events}?var-session=$session&${range}` };
}
