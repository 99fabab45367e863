/** Names that a client sends, and the collector drops on purpose. */
export interface Dropped {
  readonly names: readonly string[];
  /** The places where they occur: a kind of event or span, or the resource. */
  readonly on: string;
  readonly reason: string;
}

/** Everything that client 2.1.332 can send to the collector, and that is not stored under its name. */
export const dropped: readonly Dropped[] = [
  {
    names: ["host.id"],
    on: "the resource",
    reason: "Identifies a machine for good, and says nothing that `device` does not",
  },
  {
    names: ["user.groups"],
    on: "everything, with the gateway's sign-in",
    reason:
      "Groups of a directory tell more of a person than a cost needs (`teamRules` makes teams of them, `attributes.resource` lets them through)",
  },
  {
    names: ["ccr.session.id"],
    on: "points, of cloud sessions",
    reason: "A second id beside `session.id` in the index of every series; events and spans keep it",
  },
  {
    names: ["workspace.host_paths"],
    on: "events of the desktop",
    reason: "Folders of a person's machine, as a list",
  },
  {
    names: ["managed_settings.helper.path", "managed_settings.settings", "managed_settings.settings_truncated"],
    on: "`managed_settings_resolved`",
    reason: "A path of the machine, and whole settings, which may hold credentials",
  },
  {
    names: ["event_origin", "event_origin_server"],
    on: "events that a host program hands on",
    reason: "Names of the host's own choice",
  },
  {
    names: ["gen_ai.response.finish_reasons"],
    on: "`claude_code.llm_request`",
    reason: "A list of one; `stop_reason` has it as text",
  },
  {
    names: ["hook_definitions"],
    on: "`hook_execution_start`, `hook_execution_complete`, `claude_code.hook`",
    reason: "Commands and scripts of hooks as a whole, from detailed tracing",
  },
  {
    names: ["tool", "tool_hash", "tool_truncated", "tools", "tools_count", "tools_parse_error"],
    on: "`tool`, `claude_code.llm_request`",
    reason: "Schemas of all tools, from detailed tracing",
  },
  {
    names: [
      ...["system_prompt", "system_prompt_hash", "system_prompt_length", "system_prompt_preview"],
      ...["system_prompt_truncated", "user_system_prompt", "user_system_prompt_truncated"],
      ...["user_system_prompt_original_length", "new_context", "new_context_truncated", "new_context_original_length"],
      ...["new_context_message_count", "system_reminders", "system_reminders_count", "system_reminders_truncated"],
      ...["system_reminders_original_length", "response.model_output", "response.model_output_truncated"],
      ...["response.model_output_original_length", "response.has_tool_call"],
      ...["tool_input_truncated", "tool_input_original_length"],
    ],
    on: "`system_prompt`, `claude_code.interaction`, `claude_code.llm_request`",
    reason: "Whole conversations, from detailed tracing; `rawBodies` is the kind of contents for these",
  },
  {
    names: ["exception.stacktrace"],
    on: "the span event `exception`",
    reason: "Paths of a person's machine",
  },
];
