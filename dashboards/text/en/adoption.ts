import { notes } from "./notes";

/** Words of the dashboard about use and outcome. */
export const adoption = {
  title: "Claude Code adoption and outcome",
  description: "Who uses it, how, and what comes of it.",
  activeUsers: {
    row: "Active users",
    trend: {
      title: "Active users",
      description:
        "Users with a successful request on a day, in the 7 and in the 30 days that end with it. Somebody with a single request counts.",
      day: "day",
      week: "7 days",
      month: "30 days",
    },
    stopped: {
      title: "Stopped reporting",
      description: `Users with requests in the last 30 days but none in the last 7, and what they spent. They may be on leave, or their telemetry is off. ${notes.estimate}`,
      columns: { user: "User", team: "Team", cost: "Cost in 30 days" },
    },
    outdated: {
      title: "Outdated clients",
      description:
        "Sessions of the last 7 days with a version older than dashboards.minimumClientVersion of the stack's configuration, by user. Clients report their version only if OTEL_METRICS_INCLUDE_VERSION is on.",
      off: "No version is demanded. Set dashboards.minimumClientVersion in the stack's configuration to list older clients.",
      columns: { user: "User", version: "Version", sessions: "Sessions" },
    },
  },
  sessions: {
    row: "Sessions",
    startType: {
      title: "Sessions by start",
      description: `Sessions within the range: fresh, resumed or continued. ${notes.noModel}`,
    },
    terminal: {
      title: "Sessions by terminal",
      description: `Sessions within the range, by terminal or editor. ${notes.withoutLabel} ${notes.noModel}`,
    },
    version: {
      title: "Sessions by client version",
      description: `Sessions within the range, by client version. ${notes.withoutLabel} ${notes.noModel}`,
    },
    activeTime: {
      title: "Active time",
      description: `Time per interval in which people typed, and in which the agent worked. The agent's is reported when a turn ends, all at once. One-shot runs have no typing. ${notes.noModel} ${notes.bars}`,
    },
    activeTimeTotal: {
      title: "Active time in range",
      description: `Time in which people typed (user), and in which the agent worked (cli). ${notes.noModel}`,
    },
  },
  outcome: {
    row: "Outcome",
    accepted: {
      title: "Edits accepted by people",
      description: `Share of edits that a person accepted, of those that a person decided on. Automatic decisions are left out: they would only show how much is automatic. ${notes.noModel}`,
    },
    automatic: {
      title: "Edits decided automatically",
      description: `Share of edits decided by configuration, by hooks or by a rule that a person has made once. ${notes.noModel}`,
    },
    byTool: {
      title: "Acceptance by tool",
      description: `Share accepted of the edits that a person decided on, by tool. ${notes.noModel}`,
    },
    byLanguage: {
      title: "Acceptance by language",
      description: `Share accepted of the edits that a person decided on, by language of the file. ${notes.noModel}`,
    },
    bySource: {
      title: "Decisions by source",
      description: `Decisions on edits within the range, by who decided and how. ${notes.noModel}`,
    },
    commits: {
      title: "Commits and pull requests",
      description: `Commits and pull requests by Claude Code per interval. Those that people make themselves are not seen. ${notes.noModel} ${notes.bars}`,
      commits: "commits",
      pullRequests: "pull requests",
    },
  },
} as const;
