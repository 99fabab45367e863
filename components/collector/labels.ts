import type { AttributeName } from "../../telemetry/attributes";
import { collectorAttributes } from "../../telemetry/collector-attributes";
import { foldedValue } from "../../telemetry/labels";

/**
 * A metric's label costs a series per value, so each label has a list of values. The collector folds any other value
 * into `other`, and counts it. Configuration adds the values of newer clients.
 */
export type LabelValues = Readonly<Record<string, readonly string[]>>;

/** Tools that the client brings; those of MCP servers are `mcp_tool`. */
const tools = [
  ...["Agent", "Artifact", "ArtifactCheck", "ArtifactComments", "ArtifactData", "AskUserQuestion", "Bash"],
  ...["BashOutput", "Brief", "CronCreate", "CronDelete", "CronList", "DesignSync", "Edit", "EnterPlanMode"],
  ...["EnterWorktree", "ExitPlanMode", "ExitWorktree", "Glob", "Grep", "KillBash", "KillShell", "LS"],
  ...["LSP", "ListAgents", "ListMcpResources", "ListMcpResourcesTool", "ListPeers", "Monitor", "MultiEdit"],
  ...["NotebookEdit", "NotebookRead", "PowerShell", "Projects", "ProposeGoal", "ProposeSkills"],
  ...["PushNotification", "REPL", "Read", "ReadMcpResource", "ReadMcpResourceDirTool"],
  ...["ReadMcpResourceTool", "ReadNotifications", "RefreshMcpTools", "RemoteTrigger", "ReportFindings"],
  ...["ScheduleWakeup", "SendFeedback", "SendMessage", "SendUserFile", "SendUserMessage"],
  ...["ShareOnboardingGuide", "Skill", "SlashCommand", "StructuredOutput", "Task", "TaskCreate", "TaskGet"],
  ...["TaskList", "TaskOutput", "TaskStop", "TaskUpdate", "TeamCreate", "TeamDelete", "TodoRead"],
  ...["TodoWrite", "ToolSearch", "WaitForMcpServers", "WebFetch", "WebSearch", "Workflow", "Write"],
  ...["mcp_tool", "other_tool"],
];

/** Lists by attribute. A value is a regular expression for the whole, without capturing. */
const knownValues: LabelValues = {
  // Names as nameModels() writes them. The only list that stands for more than it names.
  model: ["claude-[a-z0-9][a-z0-9-]{0,50}"],
  tool_name: tools,
  // sent_back: a hook hands a result back to the model (safety_event).
  decision: ["accept", "reject", "sent_back"],
  source: ["config", "hook", "classifier", "user_permanent", "user_temporary", "user_reject", "user_abort", "unknown"],
  success: ["true", "false"],
  status_code: ["[1-5][0-9][0-9]"],
  // The last three are those of permission_mode_changed.
  trigger: ["auto", "manual", "shift_tab", "exit_plan_mode", "auto_gate_denied"],
  status: ["connected", "failed", "disconnected", "needs-auth", "pending", "disabled"],
  transport_type: ["stdio", "sse", "http", "ws", "sdk", "sse-ide", "ws-ide", "claudeai-proxy"],
  server_scope: ["user", "project", "local", "enterprise", "managed", "dynamic", "claudeai", "plugin", "agent"],
  hook_event: [
    ...["ConfigChange", "CwdChanged", "DirectoryAdded", "Elicitation", "ElicitationResult", "FileChanged"],
    ...["InstructionsLoaded", "MessageDisplay", "Notification", "PermissionDenied", "PermissionRequest"],
    ...["PostCompact", "PostModelSwitch", "PostToolBatch", "PostToolUse", "PostToolUseFailure", "PreCompact"],
    ...["PreModelSwitch", "PreSkillShellCommand", "PreToolUse", "SessionEnd", "SessionStart", "Setup"],
    ...["Stop", "StopFailure", "SubagentStart", "SubagentStop", "TaskCompleted", "TaskCreated"],
    ...["TeammateIdle", "UserPromptExpansion", "UserPromptSubmit", "WorktreeCreate", "WorktreeRemove"],
    // As safety_event spells them.
    ...["pre_tool_use", "post_tool_use", "post_tool_use_failure", "stop", "subagent_stop"],
  ],
  "skill.name": ["custom", "custom_skill", "third-party"],
  agent_type: [
    ...["custom", "general-purpose", "Explore", "Plan", "claude", "claude-code-guide", "statusline-setup"],
    "comment-thread-analyst",
  ],
} satisfies Partial<Record<AttributeName, readonly string[]>>;

/** Attributes that have a list. */
export const foldable = Object.keys(knownValues);

/** Mark of an event whose attribute is folded where it is counted. */
export function foldedMark(label: string): string {
  return `${collectorAttributes.folded}.${label}`;
}

/** Marks an event whose attributes will be folded where it is counted. Stored, it keeps the values that it came with. */
export function markEvents(more: LabelValues): string[] {
  return foldings("log", foldable, more).flatMap(({ label, unknown }) =>
    foldable.includes(label) ? [`set(log.attributes["${foldedMark(label)}"], true) where ${unknown}`] : [],
  );
}

/** Folds an event's attributes. */
export function foldEvents(more: LabelValues): string[] {
  return foldings("log", foldable, more).flatMap(({ value, fold }) => [
    fold,
    // Sums of texts and of numbers would be two series.
    `set(${value}, String(${value})) where ${value} != nil`,
  ]);
}

/** Folds a span's attributes. */
export function foldSpans(more: LabelValues): string[] {
  return foldings("span", ["decision", "source"], more).map(({ fold }) => fold);
}

/** Folds what the client's own metrics are told apart by, and names the label that was folded. */
export function foldPoints(more: LabelValues): string[] {
  const labels: readonly AttributeName[] = ["model", "tool_name", "decision", "source"];
  return foldings("datapoint", labels, more).flatMap(({ label, unknown, fold }) => [
    `set(datapoint.attributes["${collectorAttributes.folded}"], "${label}") where ${unknown}`,
    fold,
  ]);
}

/** Parts of the statements that fold labels, and after them those that have a list by configuration alone. */
function foldings(context: string, labels: readonly string[], more: LabelValues) {
  const capped = Object.keys(more).filter((label) => !foldable.includes(label));
  return [...labels, ...capped].map((label) => {
    const value = `${context}.attributes["${label}"]`;
    // It is there, and on no list.
    const unknown = `${value} != nil and not IsMatch(String(${value}), ${pattern(label, more)})`;
    return { label, value, unknown, fold: `set(${value}, "${foldedValue}") where ${unknown}` };
  });
}

function pattern(label: string, more: LabelValues): string {
  const added = (more[label] ?? []).map((value) => value.replace(/[.*+?^${}()|[\]\\]/g, "\\\\$&"));
  return `"^(?:${[...(knownValues[label] ?? []), ...added, foldedValue].join("|")})$"`;
}
