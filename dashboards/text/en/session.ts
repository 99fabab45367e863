import { notes } from "./notes";

const fromEvents = "From events: clients that have them switched off show no data.";
const lines = "An unfolded line shows all fields of its event, and the link to its trace.";

/** Words of the dashboard about a single session. */
export const session = {
  title: "Claude Code session",
  description: "What a single session cost and did, request by request.",
  variable: "Session",
  /** On a cell that holds a session's id. */
  link: "Show this session",
  summary: {
    row: "The session",
    cost: {
      title: "Cost of the session",
      description: `USD within the range, of all processes that had this session. ${notes.estimate}`,
    },
    requests: {
      title: "Requests answered",
      description: `Requests within the range that were answered, those of subagents included. ${fromEvents}`,
    },
    duration: {
      title: "First to last request",
      description: `Time between the first and the last request within the range, to the minute; pauses count. ${fromEvents}`,
    },
    tokens: {
      title: "Tokens by type",
      description:
        "Tokens within the range. What is read from the cache is sent again with every request, and costs a tenth.",
    },
    models: { title: "Cost by model used", description: `USD within the range by model. ${notes.estimate}` },
  },
  course: {
    row: "Course",
    cost: {
      title: "Cost by source over time",
      description: `USD per interval by the part of the client that made the requests, each at its own time. ${fromEvents}`,
    },
    context: {
      title: "Context of each request",
      description: `Tokens that were sent with a request, new and cached, by source and model: of the last request of each interval. It grows from request to request and falls where the context is compacted or cleared. ${fromEvents}`,
    },
    compactions: {
      title: "Compactions",
      description: "Times per interval that the context was compacted, by what set it off.",
    },
  },
  timeline: {
    row: "Step by step",
    columns: {
      event: "Event",
      source: "Source",
      model: "Model",
      cost: "USD",
      input: "Input tokens",
      cacheRead: "From the cache",
      output: "Output tokens",
      tool: "Tool",
      duration: "Milliseconds",
      decision: "Decision",
      success: "Success",
    },
    steps: {
      title: "Prompts, requests and tools",
      description: "What happened in this session, newest first: the newest 1000 events of the range.",
      link: "All events of this session",
    },
    edits: {
      title: "Edits",
      description: "Results of the client's own tools that change files, newest first.",
    },
    tools: {
      title: "Time in tools",
      description: "How long tools ran within the range, by tool; those that run side by side add up.",
    },
    errors: {
      title: "Errors",
      description: `Requests that failed or were refused, tools and hooks without success, and errors of the client itself. ${lines}`,
    },
    traces: {
      title: "Traces of the session",
      description: "Traces within the range with a span of this session, up to 100: one for each prompt.",
    },
  },
} as const;
