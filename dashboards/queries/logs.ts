import { serviceName } from "../../telemetry/events";
import { sumBy } from "./amount";

/**
 * LogQL as pure functions. They know nothing of panels.
 *
 * Every event is an entry of one stream. Its attributes are structured metadata, which filters see without a parser; a
 * missing one is the empty text. All values are texts: numbers are unwrapped.
 */

/** Fields of events besides the labels of metrics, in Loki's spelling; see `telemetry/attributes.ts`. */
export const eventFields = {
  event: "event_name",
  cost: "cost_usd",
  /** Milliseconds. */
  duration: "duration_ms",
  inputTokens: "input_tokens",
  outputTokens: "output_tokens",
  cacheReadTokens: "cache_read_tokens",
  toolSource: "tool_source",
  errorType: "error_type",
  command: "command_name",
  /** Of a subagent's work; the main agent has none. */
  agent: "agent_id",
  /** The subagent that started this one. */
  parentAgent: "parent_agent_id",
  trace: "trace_id",
  /** Loki's own: why a value could not be read. */
  failure: "__error__",
} as const;

/** A text in LogQL. Both quotes and backslashes are escaped as in Go. */
function quoted(text: string): string {
  return JSON.stringify(text);
}

/** A filter: a field is this. */
export function is(field: string, value: string): string {
  return `${field}=${quoted(value)}`;
}

/** A filter: a field as a whole matches one of these patterns. */
export function isOneOf(field: string, patterns: readonly string[]): string {
  return `${field}=~${quoted(patterns.join("|"))}`;
}

/** A filter: at least one of the filters lets it through. */
export function either(filters: readonly string[]): string {
  return filters.join(" or ");
}

/** Entries that all filters let through. */
export function entries(filters: readonly string[]): string {
  return [`{${is("service_name", serviceName)}}`, ...filters].join(" | ");
}

/** Number of entries in a window, by field; of all together without a field. */
export function countEntries(logs: string, by: readonly string[], window: string): string {
  return sumBy(by, `count_over_time(${logs} [${window}])`);
}

/** Sum of a field over a window, by another; entries without a number in it are left out. */
export function sumEntries(logs: string, field: string, by: readonly string[], window: string): string {
  const numbers = `${logs} | unwrap ${field} | ${is(eventFields.failure, "")}`;
  return sumBy(by, `sum_over_time(${numbers} [${window}])`);
}
