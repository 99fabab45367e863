import type { Metric } from "./metric";

/**
 * The metrics that clients send. Any other is dropped by the collector. All are delta sums, so each sample is an amount:
 * add them up with `sum_over_time`, never `rate` or `increase`. Seen with client 2.1.330; see docs/telemetry.md.
 */
export const metrics = {
  /** Process starts, also on resume. By `start_type`. */
  sessions: { name: "claude_code.session.count", unit: "", prometheus: "claude_code_session_count_total" },
  /** Tokens of successful API responses. By `type` and the request's attributes. */
  tokens: { name: "claude_code.token.usage", unit: "tokens", prometheus: "claude_code_token_usage_tokens_total" },
  /** USD, estimated by the client from list prices. By the request's attributes. */
  cost: { name: "claude_code.cost.usage", unit: "USD", prometheus: "claude_code_cost_usage_USD_total" },
  /** Lines of successful edits. By `type` (`added`, `removed`) and `model`. */
  lines: { name: "claude_code.lines_of_code.count", unit: "", prometheus: "claude_code_lines_of_code_count_total" },
  /** Successful `git commit`s. */
  commits: { name: "claude_code.commit.count", unit: "", prometheus: "claude_code_commit_count_total" },
  /** Pull or merge requests created. */
  pullRequests: {
    name: "claude_code.pull_request.count",
    unit: "",
    prometheus: "claude_code_pull_request_count_total",
  },
  /** Decisions on edits. By `tool_name`, `decision`, `source`, `language`. */
  editDecisions: {
    name: "claude_code.code_edit_tool.decision",
    unit: "",
    prometheus: "claude_code_code_edit_tool_decision_total",
  },
  /** Seconds of active time. By `type` (`user`, `cli`). */
  activeTime: { name: "claude_code.active_time.total", unit: "s", prometheus: "claude_code_active_time_seconds_total" },
} as const satisfies Record<string, Metric>;
