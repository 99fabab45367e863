import type { Attributes } from "./client-metrics";
import type { Model, Usage } from "./prices";

/** A request to the API, answered or not. */
export interface RequestStep {
  readonly kind: "request";
  readonly model: Model;
  readonly source: "main" | "subagent" | "auxiliary";
  /** The fine name of the source, as events have it: `repl_main_thread`, `agent:builtin:Explore`, `compact`, … */
  readonly querySource: string;
  /** Attribution: effort, agent, skill, plugin, MCP server. */
  readonly attributes: Attributes;
  readonly usage: Usage;
  readonly outcome: Outcome;
}

/** The end of a request: an answer, an answer that refuses, or a status after which the client gave up. */
export type Outcome = "answered" | "refused" | 429 | 500 | 529;

/** A person's, a rule's or a hook's answer to a tool. */
export interface Decision {
  readonly decision: "accept" | "reject";
  readonly source: "config" | "hook" | "user_permanent" | "user_temporary" | "user_reject";
}

/** A call of a tool. */
export interface ToolStep {
  readonly kind: "tool";
  /** Name on events and spans. */
  readonly tool: string;
  readonly decision: Decision;
  readonly success: boolean;
  readonly resultBytes: number;
  /** Set for edits. */
  readonly edit?: { readonly language: string; readonly added: number; readonly removed: number };
  /** Set where the tool makes a commit. */
  readonly commit?: { readonly pullRequest: boolean };
  /** Set for the tool that runs a subagent. */
  readonly subagent?: { readonly type: string; readonly model: Model; readonly steps: readonly Step[] };
}

/** A conversation that is replaced by its summary. */
export interface CompactionStep {
  readonly kind: "compaction";
  readonly request: RequestStep;
  readonly tokensBefore: number;
  readonly tokensAfter: number;
}

/** One thing that a client does after the other. */
export type Step = RequestStep | ToolStep | CompactionStep;

/** Number of a prompt's requests, tools and compactions, those of subagents included. */
export function countSteps(steps: readonly Step[]): number {
  return steps.reduce((sum, step) => sum + 1 + (step.kind === "tool" ? countSteps(step.subagent?.steps ?? []) : 0), 0);
}
