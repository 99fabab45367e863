import { hookCounts } from "./event-attributes";

/** Attributes of spans and of the events on them, beyond the standard ones. */
export const ownSpanAttributes = [
  ...["span.type", "gen_ai.provider.name", "gen_ai.conversation.id", "gen_ai.system", "gen_ai.operation.name"],
  ...["gen_ai.request.model", "gen_ai.response.id", "gen_ai.response.model", "gen_ai.tool.call.id"],
  ...["gen_ai.usage.input_tokens", "gen_ai.usage.output_tokens", "gen_ai.usage.cache_read.input_tokens"],
  "gen_ai.usage.cache_write.input_tokens",
  // interaction
  ...["interaction.sequence", "interaction.duration_ms", "parent.source", "queued_sends", "user_prompt_length"],
  // llm_request
  ...["query_source_safe", "llm_request.context", "duration_ms", "ttft_ms", "first_content_ms", "input_tokens"],
  ...["output_tokens", "cache_read_tokens", "cache_creation_tokens", "attempt", "success", "status_code"],
  ...["error_class", "error.type", "stop_reason", "request_id", "client_request_id"],
  // tool, and what is below it
  ...["tool_name_safe", "tool_use_id", "bash_command_class", "decision", "source"],
  // mcp.rpc, bash.subprocess, compaction
  ...["rpc.system", "rpc.method", "shell.type", "command_length", "timeout_ms", "exit_code", "stdout_bytes"],
  ...["stderr_bytes", "interrupted", "backgrounded", "trigger", "message_count"],
  // hook
  ...["hook_event", ...hookCounts],
] as const;
