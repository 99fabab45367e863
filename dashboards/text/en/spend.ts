import { notes } from "./notes";

const attribution = "What carries no such name is shown as “not attributed”, so that the bars add up to the whole.";
const ownNames = "Third-party names are replaced by the client unless OTEL_LOG_TOOL_DETAILS is on.";

/** Words of the dashboard about money. */
export const spend = {
  title: "Claude Code spend",
  description: "Where the money goes, what it will come to, and whether the client's own figures hold.",
  notAttributed: "not attributed",
  notSet: "not set",
  month: {
    row: "Month",
    monthToDate: {
      title: "Month to date",
      description: `USD since the first of the month in the dashboard's time zone. ${notes.estimate} ${notes.relativeRange}`,
    },
    forecast: {
      title: "Forecast for the month",
      description: `Month to date, and for the days that remain the mean of the last 28 whole days (or of those since the first usage). Low and high are two standard deviations of the daily cost apart: about one month in twenty ends outside. A change of habits this month is not foreseen. ${notes.relativeRange}`,
      low: "low",
      expected: "expected",
      high: "high",
    },
    budgetUsed: {
      title: "Budget used",
      description: `Month to date as a share of budgets.monthly of the stack's configuration. ${notes.estimate} ${notes.relativeRange}`,
      off: "There is no budget. Set budgets.monthly in the stack's configuration to see how much of it is used.",
    },
    lastSevenDays: {
      title: "Last 7 days",
      description: `USD of the last 7 days. ${notes.estimate}`,
    },
    sevenDaysBefore: {
      title: "The 7 days before",
      description: `USD of the 7 days before the last 7: the same weekdays, the same length. ${notes.estimate}`,
    },
    weekChange: {
      title: "Change to the week before",
      description: "Change of the last 7 days against the 7 days before. No data where nothing was spent before.",
    },
  },
  breakdown: {
    row: "Who and what",
    team: { title: "Cost by team", description: `USD within the range. ${notes.withoutLabel} ${notes.estimate}` },
    user: {
      title: "Cost by user",
      description: `The 20 users with the highest cost within the range, in USD. ${notes.estimate}`,
    },
    repository: {
      title: "Cost by repository",
      description: `The 20 repositories with the highest cost within the range. The repository is that of the remote “origin” of the folder a client was started in; its last part, so that two owners' repositories of one name add up. ${attribution} ${notes.estimate}`,
    },
    source: {
      title: "Main, subagents, auxiliary",
      description: `USD within the range, by the part of the client that made the request; auxiliary are summaries and the like. ${notes.estimate}`,
    },
    skill: {
      title: "Cost by skill",
      description: `USD of requests made while a skill was active. ${attribution} ${ownNames}`,
    },
    agent: {
      title: "Cost by agent",
      description: `USD of subagents' requests, by agent; a team's own are all “custom”. ${attribution} ${ownNames}`,
    },
    plugin: {
      title: "Cost by plugin",
      description: `USD of requests by a plugin's skill or agent. ${attribution} ${ownNames}`,
    },
    effort: {
      title: "Cost by effort",
      description: `USD within the range, by effort setting. Models without one are “not attributed”. ${notes.estimate}`,
    },
    topSessions: {
      title: "Most expensive sessions of the last 24 hours",
      description: `The 20 sessions that spent most in the 24 hours before the end of the range. A resumed session keeps its id. ${notes.estimate}`,
      columns: { session: "Session", user: "User", team: "Team", repository: "Repository", cost: "Cost" },
    },
  },
  prices: {
    row: "Prices",
    cacheSavings: {
      title: "Saved by the cache",
      description:
        "USD at list price that reading from the cache saved within the range, less the surcharge of writing to it. Writes for an hour cost more than is counted here: clients do not report them apart. Models without a list price are left out.",
    },
    unpriced: {
      title: "Tokens without a list price",
      description:
        "Tokens of models that the price table lacks. They are in the client's cost, but not in the figures from the table.",
    },
    comparison: {
      title: "Client's cost against the price table",
      description:
        "The client's own figure, the same tokens at the list prices of the table, and the difference. Differences come from one-hour cache writes, fast mode, requests with web search, a discount in the client, or a price that has changed since the table was read.",
      columns: { model: "Model", client: "Client", table: "Price table", difference: "Difference" },
    },
  },
  seats: {
    row: "Seats",
    value: {
      title: "List-price value",
      description:
        "What the usage within the range would cost at list prices. With seats nobody is billed by this figure.",
    },
    cost: {
      title: "Price of the seats",
      description: "Seats times their monthly price, for the share of a month that the range is.",
    },
    factor: {
      title: "Value for each USD of seats",
      description: "List-price value divided by the price of the seats. Below 1 the API would have cost less.",
    },
    used: {
      title: "Seats used",
      description: "Users with a successful request within the range, as a share of the seats.",
    },
  },
} as const;
