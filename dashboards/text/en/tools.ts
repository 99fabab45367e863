import { notes } from "./notes";

/** Words of the dashboard about tools. */
export const tools = {
  title: "Claude Code tools",
  description:
    "Which tools run, whether they succeed, who lets them, and what extends the agent. Made of events and spans: clients that send none are missing. Can be filtered by team; tools have no model, and users are not counted apart.",
  calls: {
    row: "Calls",
    count: {
      title: "Tool calls",
      description: `Calls that ran, within the range; those that were rejected did not. ${notes.counted}`,
    },
    success: {
      title: "Successful calls",
      description:
        "Share of calls that succeeded, of those that ran. A command that ends with an error counts as failed, also where the agent meant it to. No data where none ran.",
    },
    bytes: {
      title: "Bytes into the context",
      description: `Bytes of results that tools handed to the model, within the range, before they become tokens. ${notes.counted}`,
    },
    byTool: {
      title: "Calls by tool",
      description: `Calls that ran, by tool. Tools of MCP servers are “mcp_tool”; a name outside the list counts as “other”. ${notes.counted}`,
    },
    successByTool: {
      title: "Success by tool",
      description: "Share of a tool's calls that succeeded, of those that ran. Tools that did not run are missing.",
    },
    bytesByTool: {
      title: "Bytes into the context by tool",
      description: `Bytes of results that each tool handed to the model. ${notes.counted}`,
    },
    duration: {
      title: "Duration by tool",
      description: `Seconds that a call ran, without the wait for a person. Calls that failed are in it. ${notes.distribution} Up to 0.01 s is the first bucket, 600 s the last bound.`,
      columns: { tool: "Tool", calls: "Calls", mean: "Mean", median: "Median", p95: "p95" },
    },
    trend: {
      title: "Calls over time",
      description: `Calls that ran per interval, by tool. ${notes.counted} ${notes.bars}`,
    },
  },
  decisions: {
    row: "Decisions",
    accepted: {
      title: "Accepted by people",
      description:
        "Share of calls that a person accepted, of those that a person decided on. Automatic decisions are left out: they would only show how much is automatic.",
    },
    automatic: {
      title: "Decided automatically",
      description:
        "Share of calls decided by configuration, by hooks or by a rule that a person has made once, of all decisions.",
    },
    byTool: {
      title: "Decisions by tool",
      description: `Decisions within the range on whether a tool may run: those of people, and those of configuration, hooks and rules made once. A dash means none. ${notes.counted}`,
      columns: {
        tool: "Tool",
        accepted: "Accepted by people",
        rejected: "Rejected by people",
        share: "Share accepted by people",
        automatic: "Accepted automatically",
        refused: "Rejected automatically",
      },
    },
    bySource: {
      title: "Decisions by source",
      description: `Decisions on tools within the range, by who decided and how. ${notes.counted}`,
    },
  },
  waiting: {
    row: "Waiting for a person",
    count: {
      title: "Questions to people",
      description: `Calls that waited for a person's permission, within the range. ${notes.spans} ${notes.counted}`,
    },
    mean: {
      title: "Mean wait",
      description: `Mean time until a person decided. One night without an answer outweighs a day of quick ones. ${notes.spans}`,
    },
    p95: {
      title: "Wait, p95",
      description: `95 of 100 questions were decided within this time. ${notes.interpolated} Above an hour the hour is shown. ${notes.spans}`,
    },
    total: {
      title: "Waited in all",
      description: `Time that tools waited for people, added up; agents that wait side by side all count. ${notes.spans} ${notes.counted}`,
    },
    trend: {
      title: "Waiting over time",
      description: `Time waited per interval, by what was decided. It counts when the wait ends, all at once. ${notes.spans} ${notes.bars}`,
    },
  },
  extensions: {
    row: "MCP servers, hooks, skills and subagents",
    failed: {
      title: "Failed MCP connections",
      description:
        "Share of attempts to connect to an MCP server that failed. Connections that ended are no attempts. No data where there was none.",
    },
    connections: {
      title: "MCP connections by status",
      description: `What MCP servers' connections came to, within the range. ${notes.counted}`,
    },
    failedBy: {
      title: "MCP connections by transport",
      description: `The same by transport and by where the server is configured. Servers' names are not counted apart. ${notes.counted}`,
    },
    hooks: {
      title: "Hooks by event",
      description: `Hooks that ran, by the event that started them and by outcome: blocking means that the hook forbade what was about to happen. ${notes.counted}`,
    },
    skills: {
      title: "Skills",
      description: `Skills that were activated. A name outside the list counts as “other”. ${notes.counted}`,
    },
    subagents: {
      title: "Subagents",
      description: `Subagents that completed, by type. A type outside the list counts as “other”. ${notes.counted}`,
    },
  },
  context: {
    row: "Context and unknown values",
    compactions: {
      title: "Compactions",
      description: `How often a conversation was compacted, by what started it and whether it succeeded. ${notes.counted}`,
      success: "success:",
    },
    saved: {
      title: "Tokens compacted away",
      description: `Tokens that compactions took out of contexts: before less after. What the compaction itself used is not subtracted. ${notes.counted}`,
    },
    trend: {
      title: "Compactions over time",
      description: `Compactions per interval, by what started them. ${notes.counted} ${notes.bars}`,
    },
    folded: {
      title: "Values counted as “other”",
      description:
        "How often a value outside its label's list was counted as “other”, by label. Much of it means that the lists are older than the clients: a value is added by configuration.",
    },
  },
} as const;
