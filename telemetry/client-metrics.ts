/** A metric that clients send. */
export interface ClientMetric {
  /** Name in OpenTelemetry's spelling. */
  readonly name: string;
  /** As clients state it; Prometheus' names hold it. */
  readonly unit: string;
}

/** The metrics that clients send. Any other is dropped by the collector. */
export const metrics = {
  sessions: { name: "claude_code.session.count", unit: "" },
  tokens: { name: "claude_code.token.usage", unit: "tokens" },
  cost: { name: "claude_code.cost.usage", unit: "USD" },
  lines: { name: "claude_code.lines_of_code.count", unit: "" },
  commits: { name: "claude_code.commit.count", unit: "" },
  pullRequests: { name: "claude_code.pull_request.count", unit: "" },
  editDecisions: { name: "claude_code.code_edit_tool.decision", unit: "" },
  activeTime: { name: "claude_code.active_time.total", unit: "s" },
} as const satisfies Record<string, ClientMetric>;
