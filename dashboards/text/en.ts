/** Title of a panel, and what it means and when it is wrong. */
export interface PanelText {
  readonly title: string;
  readonly description: string;
}

const estimate = "The client estimates cost from list prices; an invoice may differ.";
const relativeRange =
  "Grafana replaces the dashboard's range by this panel's own only while the picker holds a relative range such as " +
  "“Last 6 hours”; the panel's header then names it. With fixed dates picked, it shows those dates instead.";

/** Every word that the dashboards show, in English. */
export const text = {
  folder: "Claude Code",
  noData: "No usage reported",
  variables: { user: "User", team: "Team", location: "Location", device: "Device", model: "Model" },
  overview: {
    title: "Claude Code monitoring",
    description: "What Claude Code costs, from the deltas that clients report. Times are in the viewer's time zone.",
    costOverview: {
      row: "Cost overview",
      costInRange: {
        title: "Cost in range",
        description: `USD spent within the dashboard's time range. ${estimate} Clients report about once a minute, so the last minute may still be on its way.`,
      },
      costToday: {
        title: "Cost today",
        description: `USD spent since midnight in the viewer's time zone. ${estimate} ${relativeRange}`,
      },
      costLastDay: {
        title: "Cost in the last 24 hours",
        description: `USD spent in the 24 hours up to now. ${estimate} With fixed dates picked, it is the 24 hours before their end.`,
      },
      activeSessionsCost: {
        title: "Active sessions' cost",
        description: `USD that the sessions with a successful request in the last 10 minutes have spent so far. ${estimate} Of a session older than a day, only its last 24 hours count.`,
      },
      costByModel: {
        title: "Cost by model",
        description: `USD spent per interval, stacked by model. ${estimate} The first bar may begin before the range does.`,
      },
    },
  },
} as const;
