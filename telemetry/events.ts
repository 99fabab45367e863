/**
 * Claude Code's events (OTLP log records), by their attribute `event.name`. Seen with client 2.1.332, or read in
 * it; see docs/telemetry.md.
 */
export const events = {
  userPrompt: "user_prompt",
  assistantResponse: "assistant_response",
  apiRequest: "api_request",
  /** Only after the client gave up. */
  apiError: "api_error",
  apiRetriesExhausted: "api_retries_exhausted",
  apiRefusal: "api_refusal",
  /** Whole conversations; only with `OTEL_LOG_RAW_API_BODIES`. */
  apiRequestBody: "api_request_body",
  apiResponseBody: "api_response_body",
  toolDecision: "tool_decision",
  toolResult: "tool_result",
  /** A tool's whole schema; detailed tracing only. */
  tool: "tool",
  /** Whole; detailed tracing only. */
  systemPrompt: "system_prompt",
  /** A refusal by rules, sandbox, hook or automatic mode. Off, unless Anthropic switches it on. */
  safetyEvent: "safety_event",
  permissionModeChanged: "permission_mode_changed",
  mcpServerConnection: "mcp_server_connection",
  skillActivated: "skill_activated",
  subagentCompleted: "subagent_completed",
  hookRegistered: "hook_registered",
  hookExecutionStart: "hook_execution_start",
  hookExecutionComplete: "hook_execution_complete",
  pluginLoaded: "plugin_loaded",
  pluginInstalled: "plugin_installed",
  hookPluginMetrics: "hook_plugin_metrics",
  compaction: "compaction",
  atMention: "at_mention",
  retentionSweep: "retention_sweep",
  managedSettingsResolved: "managed_settings_resolved",
  auth: "auth",
  internalError: "internal_error",
  feedbackSurvey: "feedback_survey",
} as const;

/** Events that hold contents as a whole: stored with `rawBodies` alone. */
export const bodyEvents = [events.apiRequestBody, events.apiResponseBody, events.tool, events.systemPrompt] as const;

/** Spans by name. */
export const spans = {
  interaction: "claude_code.interaction",
  llmRequest: "claude_code.llm_request",
  tool: "claude_code.tool",
  /** A tool that waits for a person's permission. */
  toolBlockedOnUser: "claude_code.tool.blocked_on_user",
  toolExecution: "claude_code.tool.execution",
  hook: "claude_code.hook",
  // In the client, and switched off in 2.1.332.
  subagentSpawn: "claude_code.subagent.spawn",
  mcpRpc: "claude_code.mcp.rpc",
  bashSubprocess: "claude_code.bash.subprocess",
  compaction: "claude_code.compaction",
} as const;

/** The `service.name` that clients send, and the one stream label that events have in Loki, as `service_name`. */
export const serviceName = "claude-code";
