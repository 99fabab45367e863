/**
 * Claude Code's events (OTLP log records), by their attribute `event.name`. Seen with client 2.1.330, or documented for
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

/** Spans by name. */
export const spans = {
  interaction: "claude_code.interaction",
  llmRequest: "claude_code.llm_request",
  tool: "claude_code.tool",
  /** A tool that waits for a person's permission. */
  toolBlockedOnUser: "claude_code.tool.blocked_on_user",
  toolExecution: "claude_code.tool.execution",
  hook: "claude_code.hook",
} as const;

/** The `service.name` that clients send, and the one stream label that events have in Loki, as `service_name`. */
export const serviceName = "claude-code";
