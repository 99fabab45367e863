/** Of the hooks that one event runs. */
export const hookCounts = [
  "num_hooks",
  "num_success",
  "num_blocking",
  "num_non_blocking_error",
  "num_cancelled",
] as const;

/** Attributes of events beyond the standard ones; each named once, with the first kind of event that has it. */
export const ownEventAttributes = [
  ...["event.name", "event.timestamp", "event.sequence", "prompt.id", "message.uuid"],
  // user_prompt, assistant_response
  ...["prompt_length", "response_length", "command_name", "command_source"],
  // api_request, api_error, api_retries_exhausted, api_refusal
  ...["input_tokens", "output_tokens", "cache_read_tokens", "cache_creation_tokens"],
  ...["cache_creation_5m_tokens", "cache_creation_1h_tokens", "cost_usd", "cost_usd_micros"],
  ...["duration_ms", "ttft_ms", "request_id", "client_request_id", "status_code", "attempt", "total_attempts"],
  ...["total_retry_duration_ms", "server_fallback_hop", "has_category", "has_explanation"],
  // api_request_body, api_response_body
  ...["body_length", "body_truncated", "request_body_id", "message.id"],
  // tool_decision, tool_result, permission_mode_changed
  ...["tool_name", "tool_use_id", "tool_source", "decision", "source", "permission_mode", "success", "error_type"],
  ...["tool_input_size_bytes", "tool_result_size_bytes", "mcp_server_scope", "decision_type", "decision_source"],
  ...["from_mode", "to_mode", "trigger"],
  // Of decisions in automatic mode.
  "classifier_verdict",
  // safety_event; its `category` is stored as `safety_category`.
  ...["safety_category", "reason_type", "reason_code", "rule_source", "grant_scope", "circuit_breaker", "tool_class"],
  ...["sandbox_violation_count", "sandbox_enabled"],
  // mcp_server_connection
  ...["status", "transport_type", "server_scope", "is_plugin", "error_code"],
  // skill_activated, subagent_completed
  ...["invocation_trigger", "skill.source", "skill.kind", "agent_type", "agent.source", "is_built_in", "is_async"],
  ...["total_tokens", "total_tool_uses", "final_model", "model_swapped"],
  // hooks
  ...["hook_event", "hook_type", "hook_source", ...hookCounts, "total_duration_ms", "managed_only"],
  // Characters that hooks put into the context.
  ...["stdout_chars", "additional_context_chars", "system_message_chars", "initial_user_message_chars"],
  "num_outputs_persisted",
  // plugin_loaded, plugin_installed
  ...["plugin.scope", "plugin.version", "enabled_via", "plugin_id_hash", "has_hooks", "has_mcp", "host_owned_mcp"],
  ...["safe_mode", "skill_path_count", "command_path_count", "agent_path_count"],
  ...["marketplace.is_official", "install.trigger", "install.disabled_by_default"],
  // compaction, at_mention
  ...["pre_tokens", "post_tokens", "precompute_reuse", "mention_type"],
  // retention_sweep
  ...["result", "skip_reason", "period_days", "used_default", "error_count", "files_past_cutoff"],
  ...["files_retained_fresh", "session_files_deleted", "transcripts_deleted", "transcripts_exempted_desktop"],
  ...["artifacts_deleted", "history_entries_pruned"],
  // managed_settings_resolved; digests only with OTEL_LOG_MANAGED_SETTINGS, the list of sources as text.
  "managed_settings.sources",
  ...["managed_settings.trigger", "managed_settings.source_behavior", "managed_settings.helper.state"],
  ...["managed_settings.helper.applied", "managed_settings.helper.entry", "managed_settings.helper.script_sha256"],
  ...["managed_settings.resolved_sha256", "error.type"],
  // auth, internal_error
  ...["action", "auth_method", "error_category", "error_name"],
  // feedback_survey
  ...["event_type", "survey_type", "appearance_id", "trigger_type", "enabled_via_override"],
] as const;
