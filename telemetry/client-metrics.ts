import { counter } from "./metric";

/**
 * The metrics that clients send. Any other is dropped by the collector. All are delta sums, so each sample is an amount:
 * add them up with `sum_over_time`, never `rate` or `increase`. Seen with client 2.1.332; see docs/telemetry.md.
 */
export const metrics = {
  /** Process starts, also on resume. By `start_type`. */
  sessions: counter("claude_code.session.count"),
  /** Tokens of successful API responses. By `type` and the request's attributes. */
  tokens: counter("claude_code.token.usage", "tokens"),
  /** USD, estimated by the client from list prices. By the request's attributes. */
  cost: counter("claude_code.cost.usage", "USD"),
  /** Lines of successful edits. By `type` (`added`, `removed`) and `model`. */
  lines: counter("claude_code.lines_of_code.count"),
  /** Successful `git commit`s. */
  commits: counter("claude_code.commit.count"),
  /** Pull or merge requests created. */
  pullRequests: counter("claude_code.pull_request.count"),
  /** Decisions on edits. By `tool_name`, `decision`, `source`, `language`. */
  editDecisions: counter("claude_code.code_edit_tool.decision"),
  /** Seconds of active time. By `type` (`user`, `cli`). */
  activeTime: counter("claude_code.active_time.total", "s"),
};
