const live = "Counted from the events themselves over the range shown; a long range takes its time.";

/** Words of the dashboard about single events. */
export const events = {
  title: "Claude Code events",
  description: "Every event that clients have sent, to look through.",
  variables: { event: "Event", session: "Session begins with", text: "Text" },
  counts: {
    row: "How many",
    overTime: { title: "Events over time", description: `Events per interval by name. ${live}` },
    byEvent: { title: "Events by name", description: `Events within the range by name. ${live}` },
    byUser: { title: "Events by user", description: `Events within the range by user. ${live}` },
    cost: {
      title: "Cost of these events",
      description:
        "USD of the requests among the events that are picked, by model: what the events themselves say. It is what users cost only if all events are picked.",
    },
  },
  list: {
    row: "One by one",
    rows: {
      title: "Events",
      description:
        "The newest 1000 events of the range, newest first. The text is looked for in tools, models, sources, skills, plugins, agents, decisions, errors and commands, in small and capital letters.",
      columns: {
        event: "Event",
        user: "User",
        team: "Team",
        session: "Session",
        model: "Model",
        tool: "Tool",
        cost: "USD",
        duration: "Milliseconds",
        error: "Error",
      },
    },
    logs: {
      title: "All fields",
      description:
        "The same events as lines. An unfolded line shows all fields of its event, and the link to its trace.",
    },
  },
} as const;
