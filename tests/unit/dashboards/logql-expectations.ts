import type { Said } from "./logql-events";

/** Picks of a reader: one value, or several of a variable that takes several. */
export type Picked = Readonly<Record<string, string | readonly string[]>>;

/** The right answer to a query: its events, its window, and the labels that they are counted or added up by. */
export interface Expectation {
  readonly keeps: (said: Said, picked: Picked) => boolean;
  readonly windowSeconds?: number;
  readonly by?: readonly string[];
  /** Default: one for each. */
  readonly value?: (said: Said) => number;
}

const ofSession = (said: Said, { session }: Picked) => said["session.id"] === session;
const named = (said: Said, ...names: readonly string[]) => names.includes(said["event.name"] as string);
const number = (value: unknown) => (Number.isFinite(Number(value)) ? Number(value) : 0);

const includes = (chosen: Picked[string] = [], value: unknown) =>
  chosen.length === 0 || chosen.includes(value as string);
const searched = [
  ...["tool_name", "tool_source", "model", "query_source", "decision", "status_code", "error_type", "command_name"],
  ...["skill.name", "plugin.name", "agent.name"],
];

const pickedEvents = (said: Said, picked: Picked) =>
  includes(picked["event"], said["event.name"]) &&
  includes(picked["user"], said["user"]) &&
  includes(picked["team"], said["team"] ?? "") &&
  (said["session.id"] as string).startsWith((picked["session"] as string | undefined) ?? "") &&
  searched.some((name) =>
    `${(said[name] as string | number | undefined) ?? ""}`
      .toLowerCase()
      .includes(((picked["text"] as string | undefined) ?? "").toLowerCase()),
  );

export const rangeSeconds = 3600;
const intervalSeconds = 15;

export const expectations: Readonly<Record<string, Expectation>> = {
  "claude-code-session: Compactions": {
    keeps: (said, picked) => ofSession(said, picked) && named(said, "compaction"),
    windowSeconds: intervalSeconds,
    by: ["trigger"],
  },
  "claude-code-session: Prompts, requests and tools": {
    keeps: (said, picked) =>
      ofSession(said, picked) &&
      named(said, "user_prompt", "api_request", "tool_decision", "tool_result", "subagent_completed", "compaction"),
  },
  "claude-code-session: Edits": {
    keeps: (said, picked) =>
      ofSession(said, picked) &&
      named(said, "tool_result") &&
      ["Edit", "MultiEdit", "Write", "NotebookEdit"].includes(said["tool_name"] as string),
  },
  "claude-code-session: Time in tools": {
    keeps: (said, picked) =>
      ofSession(said, picked) && named(said, "tool_result") && !Number.isNaN(Number(said["duration_ms"])),
    windowSeconds: rangeSeconds,
    by: ["tool_name"],
    value: (said) => number(said["duration_ms"]),
  },
  "claude-code-session: Errors": {
    keeps: (said, picked) =>
      ofSession(said, picked) &&
      (said["success"] === "false" ||
        named(said, "api_error", "api_retries_exhausted", "api_refusal", "internal_error")),
  },
  "claude-code-events: Events in range": { keeps: pickedEvents, windowSeconds: rangeSeconds },
  "claude-code-events: Failed requests": {
    keeps: (said, picked) => pickedEvents(said, picked) && named(said, "api_error"),
    windowSeconds: rangeSeconds,
  },
  "claude-code-events: Failed tool calls": {
    keeps: (said, picked) => pickedEvents(said, picked) && named(said, "tool_result") && said["success"] === "false",
    windowSeconds: rangeSeconds,
  },
  "claude-code-events: Cost of picked events": {
    keeps: (said, picked) => pickedEvents(said, picked) && said["cost_usd"] !== undefined,
    windowSeconds: rangeSeconds,
    value: (said) => number(said["cost_usd"]),
  },
  "claude-code-events: Events over time": { keeps: pickedEvents, windowSeconds: intervalSeconds, by: ["event.name"] },
  "claude-code-events: Events by name": { keeps: pickedEvents, windowSeconds: rangeSeconds, by: ["event.name"] },
  "claude-code-events: Events by user": { keeps: pickedEvents, windowSeconds: rangeSeconds, by: ["user"] },
  "claude-code-events: Cost of these events": {
    keeps: (said, picked) => pickedEvents(said, picked) && said["cost_usd"] !== undefined,
    windowSeconds: rangeSeconds,
    by: ["model"],
    value: (said) => number(said["cost_usd"]),
  },
  "claude-code-events: Events": { keeps: pickedEvents },
  "claude-code-events: All fields": { keeps: pickedEvents },
};
