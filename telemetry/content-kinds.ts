/** Attributes that the collector drops unless their kind is allowed. */
export interface ContentKind {
  /** Environment variable that makes a client send it. */
  readonly clientSwitch: string;
  readonly eventAttributes: readonly string[];
  readonly spanAttributes: readonly string[];
}

/** Contents of conversations, by kind. Each kind has a switch of its own. */
export const contentKinds = {
  prompts: {
    clientSwitch: "OTEL_LOG_USER_PROMPTS",
    eventAttributes: ["prompt", "prompt_text"],
    spanAttributes: ["user_prompt"],
  },
  responses: {
    clientSwitch: "OTEL_LOG_ASSISTANT_RESPONSES",
    eventAttributes: ["response"],
    spanAttributes: [],
  },
  /** Commands, paths, arguments, errors and real names. */
  toolDetails: {
    clientSwitch: "OTEL_LOG_TOOL_DETAILS",
    eventAttributes: [
      "tool_parameters",
      "tool_input",
      "error",
      "server_name",
      "category",
      "classifier_category",
      "hook_name",
      "hook_matcher",
      "plugin_id",
      "vcs.ref.head.revision",
      "vcs.ref.head.name",
      "vcs.ref.head.type",
    ],
    spanAttributes: [
      "tool_name",
      "gen_ai.tool.name",
      "bash_argv0",
      "file_path",
      "full_command",
      "subagent_type",
      "skill_name",
      "error",
      "agent_type",
      "hook_name",
      "rpc.service",
      "mcp_tool",
      "anthropic.mcp.server.name",
      "command",
      "command_prefix",
      "mcp_args",
      "tool_input",
      "exception.type",
      "exception.message",
    ],
  },
  toolContent: {
    clientSwitch: "OTEL_LOG_TOOL_CONTENT",
    eventAttributes: [],
    spanAttributes: ["tool.output", "output", "content", "diff", "bash_command"],
  },
  rawBodies: {
    clientSwitch: "OTEL_LOG_RAW_API_BODIES",
    eventAttributes: ["body", "body_ref"],
    spanAttributes: [],
  },
} as const satisfies Record<string, ContentKind>;

/** Name of a kind in {@link contentKinds}. */
export type ContentKindName = keyof typeof contentKinds;

/** All kinds. */
export const contentKindNames = Object.keys(contentKinds) as readonly ContentKindName[];
