/**
 * Other coding agents, whose telemetry may be sent here too. Nothing of it is stored: it is counted by product and name.
 * Names are those of their public documents, read in November 2026.
 */
export const otherAgents = {
  codex: {
    /** Begin of the names of its metrics and events. */
    prefix: "codex",
    metrics: [
      "codex.turn.token_usage",
      "codex.turn.e2e_duration_ms",
      "codex.turn.ttft.duration_ms",
      "codex.tool.call",
      "codex.api_request",
      "codex.thread.started",
      "codex.guardian.review",
    ],
    events: [
      "codex.conversation_starts",
      "codex.user_prompt",
      "codex.api_request",
      "codex.sse_event",
      "codex.tool_decision",
      "codex.tool_result",
    ],
  },
  gemini: {
    prefix: "gemini_cli",
    metrics: [
      "gemini_cli.session.count",
      "gemini_cli.token.usage",
      "gemini_cli.tool.call.count",
      "gemini_cli.api.request.count",
      "gemini_cli.api.request.latency",
      "gemini_cli.lines.changed",
      "gemini_cli.file.operation.count",
      "gemini_cli.agent.run.count",
    ],
    events: [
      "gemini_cli.user_prompt",
      "gemini_cli.api_request",
      "gemini_cli.api_response",
      "gemini_cli.api_error",
      "gemini_cli.tool_call",
      "gemini_cli.model_routing",
    ],
  },
  copilot: {
    prefix: "github.copilot",
    metrics: [
      "github.copilot.agent.turn.count",
      "github.copilot.tool.call.count",
      "github.copilot.tool.call.duration",
      "github.copilot.mcp.server.connection.count",
    ],
    events: [],
  },
  cursor: {
    prefix: "cursor",
    metrics: ["token.usage", "cost.usage"],
    events: [],
  },
} as const satisfies Record<string, OtherAgent>;

interface OtherAgent {
  readonly prefix: string;
  readonly metrics: readonly string[];
  readonly events: readonly string[];
}

/** Metrics of OpenTelemetry's conventions for generative AI: several agents send them. */
export const sharedMetrics = ["gen_ai.client.token.usage", "gen_ai.client.operation.duration"] as const;

/** Name that the collector gives to their events. */
export const otherAgentEvent = "other_agent";

/** Labels of the count of data points and events that are not Claude Code's. */
export const otherAgentAttributes = {
  /** A key of {@link otherAgents}, `claude-code` for a metric that is not known yet, or `other`. */
  product: "agent_product",
  /** Name of the metric or event, if it is one of those above; else `other`. */
  signal: "signal_name",
} as const;
