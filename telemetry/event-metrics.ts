import { counter, metric, type Metric, type Unit } from "./metric";

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
  cost: counter("claude_code.event.cost", "USD"),
  /** Tokens of `api_request` events, by `type` as the client's own metric has it. */
  tokens: counter("claude_code.event.tokens", "tokens"),
};

/** Counts; `team` on all of them. */
export const countMetrics = {
  /** By `team` alone. */
  prompts: counter("claude_code.prompt.count"),
  /** `api_error` events, by `model`, `query_source`, `status_code` (`none` for no answer). */
  apiErrors: counter("claude_code.api_error.count"),
  /** By `model`, `status_code`. */
  retriesExhausted: counter("claude_code.api_retries_exhausted.count"),
  /** By `model`. */
  refusals: counter("claude_code.api_refusal.count"),
  /** By `tool_name`, `decision`, `source`. */
  toolDecisions: counter("claude_code.tool_decision.count"),
  /** Bytes that tools put into the context, by `tool_name`. */
  toolResultSize: counter("claude_code.tool_result.size", "By"),
  /** By `trigger`, `success`. */
  compactions: counter("claude_code.compaction.count"),
  /** Tokens that compactions took out of contexts. */
  compactedTokens: counter("claude_code.compaction.tokens", "tokens"),
  /** By `status`, `transport_type`, `server_scope`. */
  mcpConnections: counter("claude_code.mcp_connection.count"),
  /** Hooks that ran, by `hook_event` and `outcome` (`success`, `blocking`, `error`, `cancelled`). */
  hooks: counter("claude_code.hook.count"),
  /** By `skill_name`. */
  skills: counter("claude_code.skill.count"),
  /** Subagents that completed, by `agent_type`. */
  subagents: counter("claude_code.subagent.count"),
  /** Data points and events of other agents, by `agent_product` and `signal_name`, without a team. */
  otherAgents: counter("claude_code.other_agent.count"),
  /** Values that were folded into `other`, by `folded_label`. */
  foldedValues: counter("claude_code.folded_value.count"),
};

/** A count's distribution: deltas of classic histograms, so buckets of any window and collectors add up. */
export interface HistogramMetric extends Metric {
  /** Upper bounds in {@link Metric.unit}. */
  readonly buckets: readonly number[];
}

function histogram(name: string, unit: Unit, buckets: readonly number[]): HistogramMetric {
  return { ...metric(name, unit), buckets };
}

/** Histograms; `team` on all of them. Their `_count` is the number of requests, or of calls. */
export const histogramMetrics = {
  /** Last attempt of a request that was answered, by `model`, `query_source`. */
  requestDuration: histogram(
    "claude_code.api_request.duration",
    "s",
    [0.25, 0.5, 1, 1.5, 2, 3, 4, 5, 7.5, 10, 15, 20, 30, 45, 60, 90, 120, 180, 300, 600],
  ),
  /** By `model`, `query_source`. */
  timeToFirstToken: histogram(
    "claude_code.api_request.time_to_first_token",
    "s",
    [0.1, 0.25, 0.5, 0.75, 1, 1.5, 2, 3, 4, 5, 7.5, 10, 15, 20, 30, 60, 120],
  ),
  /** USD of one request, by `model`, `query_source`. */
  requestCost: histogram(
    "claude_code.api_request.cost",
    "USD",
    [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10],
  ),
  /** Input and cache tokens of one request: the size of its context. By `model`, `query_source`. */
  requestContext: histogram(
    "claude_code.api_request.context",
    "tokens",
    [1000, 2500, 5000, 10_000, 20_000, 40_000, 60_000, 80_000, 100_000, 150_000, 200_000, 500_000, 1_000_000],
  ),
  /** By `tool_name`, `success` (`true`, `false`). */
  toolDuration: histogram(
    "claude_code.tool.duration",
    "s",
    [0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 120, 300, 600],
  ),
  /** Time that tools waited for a person, of spans; by `decision`, `source`. */
  toolWait: histogram("claude_code.tool.wait", "s", [0.1, 0.5, 1, 2.5, 5, 10, 20, 30, 60, 120, 300, 600, 1800, 3600]),
};
