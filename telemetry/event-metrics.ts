import type { Metric } from "./metric";

/*
 * Metrics that the collector makes of events and spans. All are deltas, like the client's own.
 *
 * Two kinds:
 * - The *ledger* keeps the session and carries the event's own time: like the client's metrics, an export that comes
 *   twice is stored once. It is set against the client's metrics.
 * - *Counts* have bounded labels only. Each collector adds them up for some seconds. They carry the time of arrival,
 *   and the collector's name, which keeps two collectors' points apart. An export that a client repeats after it was
 *   accepted is counted twice.
 */

/** Per session, at the event's own time. Labels: session, user, team, location, device, repository, model, query source. */
export const ledgerMetrics = {
  /** USD of `api_request` events. */
  cost: { name: "claude_code.event.cost", unit: "USD", prometheus: "claude_code_event_cost_USD_total" },
  /** Tokens of `api_request` events, by `type` as the client's own metric has it. */
  tokens: { name: "claude_code.event.tokens", unit: "tokens", prometheus: "claude_code_event_tokens_total" },
} as const satisfies Record<string, Metric>;

/** Counts; `team` on all of them. */
export const countMetrics = {
  /** By `team` alone. */
  prompts: { name: "claude_code.prompt.count", unit: "", prometheus: "claude_code_prompt_count_total" },
  /** `api_error` events, by `model`, `query_source`, `status_code` (`none` for no answer). */
  apiErrors: { name: "claude_code.api_error.count", unit: "", prometheus: "claude_code_api_error_count_total" },
  /** By `model`, `status_code`. */
  retriesExhausted: {
    name: "claude_code.api_retries_exhausted.count",
    unit: "",
    prometheus: "claude_code_api_retries_exhausted_count_total",
  },
  /** By `model`. */
  refusals: { name: "claude_code.api_refusal.count", unit: "", prometheus: "claude_code_api_refusal_count_total" },
  /** By `tool_name`, `decision`, `source`. */
  toolDecisions: {
    name: "claude_code.tool_decision.count",
    unit: "",
    prometheus: "claude_code_tool_decision_count_total",
  },
  /** Bytes that tools put into the context, by `tool_name`. */
  toolResultSize: {
    name: "claude_code.tool_result.size",
    unit: "By",
    prometheus: "claude_code_tool_result_size_bytes_total",
  },
  /** By `trigger`, `success`. */
  compactions: { name: "claude_code.compaction.count", unit: "", prometheus: "claude_code_compaction_count_total" },
  /** Tokens that compactions took out of contexts. */
  compactedTokens: {
    name: "claude_code.compaction.tokens",
    unit: "tokens",
    prometheus: "claude_code_compaction_tokens_total",
  },
  /** By `status`, `transport_type`, `server_scope`. */
  mcpConnections: {
    name: "claude_code.mcp_connection.count",
    unit: "",
    prometheus: "claude_code_mcp_connection_count_total",
  },
  /** Hooks that ran, by `hook_event` and `outcome` (`success`, `blocking`, `error`, `cancelled`). */
  hooks: { name: "claude_code.hook.count", unit: "", prometheus: "claude_code_hook_count_total" },
  /** By `skill_name`. */
  skills: { name: "claude_code.skill.count", unit: "", prometheus: "claude_code_skill_count_total" },
  /** Subagents that completed, by `agent_type`. */
  subagents: { name: "claude_code.subagent.count", unit: "", prometheus: "claude_code_subagent_count_total" },
  /** Values that were folded into `other`, by `folded_label`. */
  foldedValues: {
    name: "claude_code.folded_value.count",
    unit: "",
    prometheus: "claude_code_folded_value_count_total",
  },
} as const satisfies Record<string, Metric>;

/** A count's distribution: deltas of classic histograms, so buckets of any window and collectors add up. */
export interface HistogramMetric extends Metric {
  /** Upper bounds in {@link Metric.unit}. */
  readonly buckets: readonly number[];
}

/** Histograms; `team` on all of them. Their `_count` is the number of requests, or of calls. */
export const histogramMetrics = {
  /** Last attempt of a request that was answered, by `model`, `query_source`. */
  requestDuration: {
    name: "claude_code.api_request.duration",
    unit: "s",
    prometheus: "claude_code_api_request_duration_seconds",
    buckets: [0.25, 0.5, 1, 1.5, 2, 3, 4, 5, 7.5, 10, 15, 20, 30, 45, 60, 90, 120, 180, 300, 600],
  },
  /** By `model`, `query_source`. */
  timeToFirstToken: {
    name: "claude_code.api_request.time_to_first_token",
    unit: "s",
    prometheus: "claude_code_api_request_time_to_first_token_seconds",
    buckets: [0.1, 0.25, 0.5, 0.75, 1, 1.5, 2, 3, 4, 5, 7.5, 10, 15, 20, 30, 60, 120],
  },
  /** USD of one request, by `model`, `query_source`. */
  requestCost: {
    name: "claude_code.api_request.cost",
    unit: "USD",
    prometheus: "claude_code_api_request_cost_USD",
    buckets: [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10],
  },
  /** Input and cache tokens of one request: the size of its context. By `model`, `query_source`. */
  requestContext: {
    name: "claude_code.api_request.context",
    unit: "tokens",
    prometheus: "claude_code_api_request_context_tokens",
    buckets: [1000, 2500, 5000, 10_000, 20_000, 40_000, 60_000, 80_000, 100_000, 150_000, 200_000, 500_000, 1_000_000],
  },
  /** By `tool_name`, `success` (`true`, `false`). */
  toolDuration: {
    name: "claude_code.tool.duration",
    unit: "s",
    prometheus: "claude_code_tool_duration_seconds",
    buckets: [0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 120, 300, 600],
  },
  /** Time that tools waited for a person, of spans; by `decision`, `source`. */
  toolWait: {
    name: "claude_code.tool.wait",
    unit: "s",
    prometheus: "claude_code_tool_wait_seconds",
    buckets: [0.1, 0.5, 1, 2.5, 5, 10, 20, 30, 60, 120, 300, 600, 1800, 3600],
  },
} as const satisfies Record<string, HistogramMetric>;
