import { notes } from "./notes";

/** Words of the dashboard that opens first. */
export const overview = {
  title: "Claude Code monitoring",
  description: "What Claude Code costs, who uses it and how much, from the amounts that clients report.",
  costOverview: {
    row: "Cost overview",
    inRange: {
      title: "Cost in range",
      description: `USD spent within the dashboard's time range. ${notes.estimate} ${notes.delay}`,
    },
    today: {
      title: "Cost today",
      description: `USD spent since midnight in the dashboard's time zone. ${notes.estimate} ${notes.relativeRange}`,
    },
    lastDay: {
      title: "Cost in the last 24 hours",
      description: `USD spent in the 24 hours up to the end of the range, which is now unless you picked fixed dates. ${notes.estimate}`,
    },
    activeSessions: {
      title: "Active sessions' cost",
      description: `USD that the sessions with a successful request in the last 10 minutes have spent so far. ${notes.estimate} Of a session older than a day, only its last 24 hours count.`,
    },
    trend: {
      title: "Request cost trend",
      description: `USD of requests per interval, stacked by model. ${notes.estimate} ${notes.bars}`,
    },
  },
  costAnalysis: {
    row: "Cost analysis",
    byModel: {
      title: "Cost by model",
      description: `USD within the range, by model. ${notes.estimate} Subagents and summaries often run on smaller models and are included.`,
    },
    hourly: {
      title: "Cost per hour",
      description: `USD of each hour. ${notes.estimate} The hour that is running is still growing. ${notes.bars}`,
    },
    perLine: {
      title: "Cost per line",
      description: `USD within the range for each line that was added or removed by an edit. All requests count, also those that changed nothing. ${notes.estimate} A small range divides late edits by early cost.`,
    },
    perCommit: {
      title: "Cost per commit",
      description: `USD within the range for each commit made by Claude Code. Commits that people make themselves are not seen. ${notes.noModel}`,
    },
    tokensPerUsd: {
      title: "Tokens per USD",
      description: `Tokens of all types for each USD within the range. Cache reads are cheap, so much caching gives high values. ${notes.estimate}`,
    },
    runningTotal: {
      title: "Running total",
      description: `USD since the begin of the range, added up interval by interval, so that it never falls. ${notes.estimate} ${notes.bars}`,
    },
  },
  usage: {
    row: "Usage",
    tokens: {
      title: "Tokens",
      description: `Tokens of all types within the range: input, output, read from and written to the cache. Failed requests report none.`,
    },
    tokensByType: {
      title: "Tokens by type",
      description:
        "Tokens within the range, by type. Cache reads are usually most of them, and cost a tenth of input each.",
    },
    linesAdded: {
      title: "Lines added",
      description:
        "Lines that successful edits added. A written file counts with one line more than an editor shows. Lines that a shell command writes are not seen.",
    },
    linesRemoved: {
      title: "Lines removed",
      description: "Lines that successful edits removed. Files that a shell command deletes are not seen.",
    },
    linesNet: {
      title: "Lines, net",
      description: "Lines added less lines removed within the range; negative where more was removed.",
    },
    commits: {
      title: "Commits",
      description: `Successful commits by Claude Code within the range. Commits that people make themselves are not seen. ${notes.noModel}`,
    },
    pullRequests: {
      title: "Pull requests",
      description: `Pull or merge requests that Claude Code made within the range. ${notes.noModel}`,
    },
    sessions: {
      title: "Sessions started",
      description: `Starts of the client within the range, resumed sessions included; /clear begins none. ${notes.noModel}`,
    },
    activeSessions: {
      title: "Active sessions",
      description: "Sessions with a successful request in the last 10 minutes before the end of the range.",
    },
  },
  live: {
    row: "Live activity",
    lines: {
      title: "Lines per minute",
      description: `Lines changed per minute, by kind, as the mean of each interval. ${notes.bars}`,
    },
    tokens: {
      title: "Tokens per minute",
      description: `Tokens per minute, by type, as the mean of each interval. ${notes.bars}`,
    },
  },
  users: {
    row: "Users",
    total: {
      title: "Users",
      description:
        "Users with a successful request within the range. Who has no user set counts by e-mail address, account or installation; a person with two of those counts twice.",
    },
    activeToday: {
      title: "Active today",
      description: `Users with a successful request since midnight in the dashboard's time zone. ${notes.relativeRange}`,
    },
    average: {
      title: "Average cost per user",
      description: `USD within the range, divided by the users with a successful request in it. ${notes.estimate}`,
    },
    shareActive: {
      title: "Share active today",
      description: `Users with a request since midnight, as a share of those with one in the last 30 days. ${notes.relativeRange}`,
    },
    leaderboard: {
      title: "Leaderboard",
      description: `Everybody with any activity within the range. Who has no commits, say, stays in with an empty field. Cache hit is the share of input tokens that came from the cache. ${notes.estimate}`,
      columns: {
        user: "User",
        cost: "Cost",
        tokens: "Tokens",
        sessions: "Sessions",
        lines: "Lines",
        commits: "Commits",
        cacheHit: "Cache hit",
      },
    },
    cost: {
      title: "Cost by user",
      description: `The 20 users with the highest cost within the range, in USD. ${notes.estimate}`,
    },
    models: {
      title: "Models by user",
      description: `USD within the range, by user and model. ${notes.estimate}`,
      columns: { user: "User", model: "Model", cost: "Cost" },
    },
    tools: {
      title: "Editing tools by user",
      description: `Decisions on edits within the range, by user and tool. Tools that do not edit files are not among the metrics. ${notes.noModel}`,
      columns: { user: "User", tool: "Tool", decisions: "Decisions" },
    },
  },
  location: {
    row: "Location",
    cost: {
      title: "Cost by location",
      description: `USD within the range, by the location that clients are set up with. ${notes.withoutLabel} ${notes.estimate}`,
    },
    tokens: {
      title: "Tokens by location",
      description: `Tokens within the range, by location. ${notes.withoutLabel}`,
    },
    devices: {
      title: "Sessions by device",
      description: `Sessions started within the range, by device. ${notes.withoutLabel} ${notes.noModel}`,
    },
    trend: {
      title: "Cost trend by location",
      description: `USD per interval, stacked by location. ${notes.estimate} ${notes.bars}`,
    },
    table: {
      title: "Locations",
      description: `All locations with activity within the range. An empty location is usage without the label. ${notes.estimate}`,
      columns: { location: "Location", cost: "Cost", users: "Users", tokens: "Tokens", sessions: "Sessions" },
    },
  },
} as const;
