// Every attribute that is let through: the collector drops all others. Seen with client 2.1.330, or documented for it.

/** The keys of `OTEL_RESOURCE_ATTRIBUTES` that dashboards group by. */
export const groupingAttributes = ["user", "team", "location", "device"] as const;

/** Identity of a person. `user` belongs to it, because a team may set it to a name. */
export const identityAttributes = ["user", "user.email", "user.account_uuid", "user.account_id"] as const;

/** Of resources. The keys that a team adds come on top. */
export const resourceAttributes = [
  ...groupingAttributes,
  "team.id",
  "service.name",
  "service.version",
  "os.type",
  "os.version",
  "host.arch",
  "wsl.version",
] as const;

/** On points, events and spans alike. */
const standardAttributes = [
  ...groupingAttributes,
  ...identityAttributes,
  "team.id",
  "session.id",
  "user.id",
  "organization.id",
  "identity.source",
  "terminal.type",
  "app.version",
  "app.entrypoint",
  "vcs.repository.url.full",
  "vcs.owner.name",
  "vcs.repository.name",
  "vcs.provider.name",
  "anthropic.provider",
  "anthropic.custom_base_url",
  "workflow.run_id",
  "workflow.name",
] as const;

/** Attribution of a request. */
const requestAttributes = [
  "model",
  "query_source",
  "effort",
  "speed",
  "agent.name",
  "skill.name",
  "plugin.name",
  "marketplace.name",
  "mcp_server.name",
  "mcp_tool.name",
] as const;

/** Of the hooks that one event runs. */
const hookCounts = ["num_hooks", "num_success", "num_blocking", "num_non_blocking_error", "num_cancelled"] as const;

/** Of metric points. */
export const pointAttributes = [
  ...standardAttributes,
  ...requestAttributes,
  "type",
  "start_type",
  "tool_name",
  "decision",
  "source",
  "language",
] as const;

/** Of events. */
export const eventAttributes = [
  ...standardAttributes,
  ...requestAttributes,
  "event.name",
  "event.timestamp",
  "event.sequence",
  "prompt.id",
  "message.uuid",
  "agent_id",
  // user_prompt, assistant_response
  "prompt_length",
  "response_length",
  "command_name",
  "command_source",
  // api_request, api_error, api_retries_exhausted, api_refusal
  "input_tokens",
  "output_tokens",
  "cache_read_tokens",
  "cache_creation_tokens",
  "cache_creation_5m_tokens",
  "cache_creation_1h_tokens",
  "cost_usd",
  "cost_usd_micros",
  "duration_ms",
  "ttft_ms",
  "request_id",
  "client_request_id",
  "status_code",
  "attempt",
  "total_attempts",
  "total_retry_duration_ms",
  "server_fallback_hop",
  "has_category",
  "has_explanation",
  "body_length",
  "body_truncated",
  "request_body_id",
  "message.id",
  // tool_decision, tool_result, permission_mode_changed
  "tool_name",
  "tool_use_id",
  "tool_source",
  "decision",
  "source",
  "permission_mode",
  "success",
  "error_type",
  "tool_input_size_bytes",
  "tool_result_size_bytes",
  "mcp_server_scope",
  "decision_type",
  "decision_source",
  "from_mode",
  "to_mode",
  "trigger",
  // mcp_server_connection
  "status",
  "transport_type",
  "server_scope",
  "is_plugin",
  "error_code",
  // skill_activated, subagent_completed
  "invocation_trigger",
  "skill.source",
  "agent_type",
  "agent.source",
  "is_built_in",
  "is_async",
  "total_tokens",
  "total_tool_uses",
  "final_model",
  "model_swapped",
  // hooks
  "hook_event",
  "hook_type",
  "hook_source",
  ...hookCounts,
  "total_duration_ms",
  "managed_only",
  // plugin_loaded
  "plugin.scope",
  "enabled_via",
  "plugin_id_hash",
  "has_hooks",
  "has_mcp",
  "host_owned_mcp",
  "safe_mode",
  "skill_path_count",
  "command_path_count",
  "agent_path_count",
  // compaction, at_mention, retention_sweep
  "pre_tokens",
  "post_tokens",
  "precompute_reuse",
  "mention_type",
  "result",
  "period_days",
  "used_default",
  "error_count",
  "files_past_cutoff",
  "files_retained_fresh",
  "session_files_deleted",
  "transcripts_deleted",
  "transcripts_exempted_desktop",
  "artifacts_deleted",
  "history_entries_pruned",
  "managed_settings.trigger",
  "managed_settings.source_behavior",
  "managed_settings.helper.state",
  "managed_settings.helper.applied",
] as const;

/** Of spans and of the events on them. */
export const spanAttributes = [
  ...standardAttributes,
  ...requestAttributes,
  "span.type",
  "agent_id",
  "gen_ai.provider.name",
  "gen_ai.conversation.id",
  "gen_ai.system",
  "gen_ai.operation.name",
  "gen_ai.request.model",
  "gen_ai.response.id",
  "gen_ai.tool.call.id",
  "interaction.sequence",
  "interaction.duration_ms",
  "parent.source",
  "queued_sends",
  "user_prompt_length",
  "query_source_safe",
  "llm_request.context",
  "duration_ms",
  "ttft_ms",
  "first_content_ms",
  "input_tokens",
  "output_tokens",
  "cache_read_tokens",
  "cache_creation_tokens",
  "attempt",
  "success",
  "status_code",
  "error_class",
  "stop_reason",
  "request_id",
  "tool_name_safe",
  "tool_use_id",
  "bash_command_class",
  "decision",
  "source",
  "hook_event",
  ...hookCounts,
] as const;

/** Name of any attribute that is let through, but for contents. */
export type AttributeName = (
  | typeof resourceAttributes
  | typeof pointAttributes
  | typeof eventAttributes
  | typeof spanAttributes
)[number];
