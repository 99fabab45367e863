import { countMetrics, histogramMetrics, ledgerMetrics } from "../../telemetry/event-metrics";
import type { Collectors } from "./collectors";
import type { Point } from "./point";

/** A request of the known history, as its `api_request` event tells it. */
export interface RequestEvent {
  readonly timeMs: number;
  readonly labels: Readonly<Record<string, string>>;
  readonly model: string;
  readonly querySource: string;
  readonly costUsd: number;
  readonly tokens: Readonly<Record<"input" | "output" | "cacheRead" | "cacheCreation", number>>;
}

const ledgerLabels = ["session_id", "user", "team", "location", "device", "vcs_repository_name"];

/** Evenly spread over 0 to 1, the same in every run. */
function spread(timeMs: number, salt: number): number {
  return ((Math.floor(timeMs / 7) * 7919 + salt * 104_729) % 10_007) / 10_007;
}

/** True once in so many. */
function once(many: number, timeMs: number, salt: number): boolean {
  return Math.floor(spread(timeMs, salt) * 10_007) % many === 0;
}

/** One of several. */
function oneOf<T>(values: readonly [T, ...T[]], timeMs: number, salt: number): T {
  return values[Math.floor(spread(timeMs, salt) * values.length)] ?? values[0];
}

/** Those that are set. */
function only(labels: Readonly<Record<string, string>>, names: readonly string[]): Record<string, string> {
  return Object.fromEntries(Object.entries(labels).filter(([name]) => names.includes(name)));
}

/** What the collector's ledger holds of a request, at the request's own time. */
export function ledgerPoints({ timeMs, labels, model, querySource, costUsd, tokens }: RequestEvent): Point[] {
  const own = { ...only(labels, ledgerLabels), model, query_source: querySource, job: "claude-code" };
  return [
    { metric: ledgerMetrics.cost.prometheus, timeMs, labels: own, value: costUsd },
    ...Object.entries(tokens).map(([type, value]) => ({
      metric: ledgerMetrics.tokens.prometheus,
      timeMs,
      labels: { ...own, type },
      value,
    })),
  ];
}

/** What the collectors count of a request, of its failed siblings, and of the tools that it called. */
export function countRequest(collectors: Collectors, event: RequestEvent): void {
  const { timeMs, model, querySource, costUsd, tokens } = event;
  const team = only(event.labels, ["team"]);
  const request = { ...team, model, query_source: querySource };
  const at = [once(2, timeMs, 1) ? 1 : 0, timeMs] as const;
  // Some lie on a bucket's bound, and some above the last.
  const seconds = once(50, timeMs, 2) ? 900 : once(9, timeMs, 3) ? 1.5 : 0.15 * Math.exp(spread(timeMs, 4) * 7);
  collectors.observe(histogramMetrics.requestDuration, ...at, request, seconds);
  collectors.observe(histogramMetrics.timeToFirstToken, ...at, request, seconds * (0.1 + spread(timeMs, 5) / 2));
  collectors.observe(histogramMetrics.requestCost, ...at, request, costUsd);
  collectors.observe(
    histogramMetrics.requestContext,
    ...at,
    request,
    tokens.input + tokens.cacheRead + tokens.cacheCreation,
  );
  if (querySource === "main" && !once(3, timeMs, 6)) {
    collectors.count(countMetrics.prompts, ...at, team);
  }
  if (once(41, timeMs, 7)) {
    collectors.count(countMetrics.refusals, ...at, request);
  }
  if (once(6, timeMs, 8)) {
    failure(collectors, at[0], timeMs + 20_000, request);
  }
  const tools = oneOf([["Bash"], ["Read", "Edit"], [], ["mcp_tool", "Write"]], timeMs, 9);
  for (const [index, name] of tools.entries()) {
    tool(collectors, at[0], timeMs + index * 301, team, name);
  }
}

/** A request that was not answered. */
function failure(collectors: Collectors, collector: 0 | 1, timeMs: number, request: Record<string, string>): void {
  const failed = { ...request, status_code: oneOf(["429", "529", "500", "none"], timeMs, 10) };
  collectors.count(countMetrics.apiErrors, collector, timeMs, failed);
  if (once(2, timeMs, 11)) {
    collectors.count(countMetrics.retriesExhausted, collector, timeMs, failed);
  }
}

/** A call of a tool: decided on, perhaps after a person was asked, run and read. */
function tool(
  collectors: Collectors,
  collector: 0 | 1,
  timeMs: number,
  team: Record<string, string>,
  name: string,
): void {
  const named = { ...team, tool_name: name };
  const [decision, source] = oneOf<[string, string]>(
    [
      ["accept", "config"],
      ["accept", "user_temporary"],
      ["accept", "user_permanent"],
      ["accept", "hook"],
      ["reject", "config"],
      ["reject", "user_reject"],
    ],
    timeMs,
    12,
  );
  collectors.count(countMetrics.toolDecisions, collector, timeMs, { ...named, decision, source });
  if (source.startsWith("user_")) {
    const waited = 0.2 * Math.exp(spread(timeMs, 13) * 9);
    collectors.observe(histogramMetrics.toolWait, collector, timeMs, { ...team, decision, source }, waited);
  }
  if (decision === "accept") {
    const success = name !== "Read" && once(5, timeMs, 14) ? "false" : "true";
    const seconds = 0.004 * Math.exp(spread(timeMs, 15) * 11);
    collectors.observe(histogramMetrics.toolDuration, collector, timeMs, { ...named, success }, seconds);
    collectors.count(countMetrics.toolResultSize, collector, timeMs, named, Math.floor(spread(timeMs, 16) * 40_000));
  }
}

/** What the collectors count of the rest of a session. */
export function countSession(collectors: Collectors, timeMs: number, labels: Readonly<Record<string, string>>): void {
  const team = only(labels, ["team"]);
  const collector = once(2, timeMs, 17) ? 1 : 0;
  const count = (metric: keyof typeof countMetrics, own: Record<string, string> = {}, value = 1) => {
    collectors.count(countMetrics[metric], collector, timeMs, { ...team, ...own }, value);
  };
  for (const server_scope of ["user", "project"]) {
    const status = once(4, timeMs, server_scope.length) ? "failed" : "connected";
    count("mcpConnections", { status, transport_type: server_scope === "user" ? "stdio" : "http", server_scope });
  }
  if (once(3, timeMs, 18)) {
    count("mcpConnections", { status: "disconnected", transport_type: "stdio", server_scope: "user" });
  }
  count("hooks", { hook_event: "PreToolUse", outcome: once(3, timeMs, 19) ? "blocking" : "success" }, 2);
  count("hooks", { hook_event: "Stop", outcome: once(4, timeMs, 20) ? "error" : "success" });
  count("skills", { skill_name: oneOf(["custom", "third-party", "other"], timeMs, 21) });
  count("subagents", { agent_type: oneOf(["Explore", "Plan", "custom"], timeMs, 22) });
  if (once(2, timeMs, 23)) {
    const trigger = oneOf(["auto", "manual"], timeMs, 24);
    const success = once(3, timeMs, 25) ? "false" : "true";
    count("compactions", { trigger, success });
    if (success === "true") {
      count("compactedTokens", { trigger }, 40_000 + Math.floor(spread(timeMs, 26) * 100_000));
    }
  }
  if (once(2, timeMs, 29)) {
    const [agent_product, signal_name] = oneOf<[string, string]>(
      [
        ["codex", "codex.turn.token_usage"],
        ["codex", "other"],
        ["other", "other"],
      ],
      timeMs,
      30,
    );
    collectors.count(countMetrics.otherAgents, collector, timeMs, { agent_product, signal_name });
  }
  if (once(2, timeMs, 27)) {
    count("foldedValues", { folded_label: oneOf(["skill_name", "tool_name", "model"], timeMs, 28) });
  }
}
