/**
 * Claude Code's metrics under the names that Prometheus' OTLP receiver gives them (default translation strategy).
 * All are delta sums, so each sample is an amount: add them up with `sum_over_time`, never `rate` or `increase`.
 * Seen with client 2.1.330; see docs/telemetry.md.
 */
export const metrics = {
  /** Process starts, also on resume. By `start_type`. */
  sessions: "claude_code_session_count_total",
  /** Tokens of successful API responses. By `type` and the request's attributes. */
  tokens: "claude_code_token_usage_tokens_total",
  /** USD, estimated by the client from list prices. By the request's attributes. */
  cost: "claude_code_cost_usage_USD_total",
  /** Lines of successful edits. By `type` (`added`, `removed`) and `model`. */
  lines: "claude_code_lines_of_code_count_total",
  /** Successful `git commit`s. */
  commits: "claude_code_commit_count_total",
  /** Pull or merge requests created. */
  pullRequests: "claude_code_pull_request_count_total",
  /** Decisions on edits. By `tool_name`, `decision`, `source`, `language`. */
  editDecisions: "claude_code_code_edit_tool_decision_total",
  /** Seconds of active time. By `type` (`user`, `cli`). */
  activeTime: "claude_code_active_time_seconds_total",
} as const;

/** Labels of the metrics above, as Prometheus spells them. */
export const labels = {
  /** What keeps the series of different clients apart; unbounded, so roll-ups sum it away. */
  session: "session_id",
  model: "model",
  type: "type",
  /** The four keys that a team sets in `OTEL_RESOURCE_ATTRIBUTES`. */
  user: "user",
  team: "team",
  location: "location",
  device: "device",
} as const;
