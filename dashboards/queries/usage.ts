import { labels } from "../../telemetry/labels";
import { type Signal, signals } from "../signals";
import { amount, type AmountOptions, ratio, trend, type TrendOptions, type Window } from "./amount";
import type { Matchers } from "./selector";

function withMatchers(options: AmountOptions, ...more: string[]): AmountOptions {
  return { ...options, matchers: [...(options.matchers ?? []), ...more] };
}

/** Lines that were added or removed. */
export function changedLines(type: "added" | "removed", window: Window, options: AmountOptions = {}): string {
  return amount(signals.lines, window, withMatchers(options, `${labels.type}="${type}"`));
}

/** Lines added less lines removed; each counts as zero where only the other was reported. */
export function netLines(window: Window, options: AmountOptions = {}): string {
  const both = amount(signals.lines, window, { ...options, by: [labels.type] });
  return `sum(${both} * on (${labels.type}) group_left () (label_replace(vector(1), "${labels.type}", "added", "", "") or label_replace(vector(-1), "${labels.type}", "removed", "", "")))`;
}

/** A part of a whole. Where there is a whole and no part, it is zero and not missing. */
export function share(part: string, whole: string): string {
  return ratio(`(${part} or ${whole} * 0)`, whole);
}

/** Share of a signal's amount that a matcher picks, of all or of what others pick. */
function shareOf(signal: Signal, window: Window, options: AmountOptions, part: string, whole: Matchers = []): string {
  return share(
    amount(signal, window, withMatchers(options, part)),
    amount(signal, window, withMatchers(options, ...whole)),
  );
}

/** Share of what was sent as input that came from the cache. */
export function cacheHitShare(window: Window, options: AmountOptions = {}): string {
  const input = [`${labels.type}=~"input|cacheRead|cacheCreation"`];
  return shareOf(signals.tokens, window, options, `${labels.type}="cacheRead"`, input);
}

/** Share of decisions that accept: on edits, or on tools. */
export function acceptedShare(decisions: Signal, window: Window, options: AmountOptions = {}): string {
  return shareOf(decisions, window, options, `${labels.decision}="accept"`);
}

/** Share of calls of tools that succeeded, of those that ran. */
export function successShare(window: Window, options: AmountOptions = {}): string {
  return shareOf(signals.toolDurationCount, window, options, `${labels.success}="true"`);
}

/** Share of attempts to connect to an MCP server that failed. Connections that end are none. */
export function failedConnectionShare(window: Window, options: AmountOptions = {}): string {
  const attempts = [`${labels.status}=~"connected|failed"`];
  return shareOf(signals.mcpConnections, window, options, `${labels.status}="failed"`, attempts);
}

/** Amount per minute of each interval. */
export function perMinute(expression: string): string {
  return `${expression} / ($__interval_ms / 60000)`;
}

/** Number of users with a successful request within a window. */
export function users(window: Window, options: AmountOptions = {}): string {
  return `count(${amount(signals.cost, window, { ...options, by: [labels.user] })})`;
}

/**
 * The users of a shorter window as a share of those of a longer one. The longer one's answer may be behind, so its users
 * and the shorter one's are counted together: the share never exceeds 1.
 */
export function shareOfUsers(
  shorter: Window,
  longer: Window,
  ofShorter: AmountOptions,
  ofLonger: AmountOptions,
): string {
  const spent = (window: Window, options: AmountOptions) =>
    amount(signals.cost, window, { ...options, by: [labels.user] });
  return `${users(shorter, ofShorter)} / count(${spent(longer, ofLonger)} or ${spent(shorter, ofShorter)})`;
}

/** Number of users with a successful request within a window that ends with each interval. */
export function usersTrend(window: Window, interval: Window, options: TrendOptions = {}): string {
  return `count(${trend(signals.cost, { ...options, by: [labels.user] }, interval, window)})`;
}

/** Sources that decide without a person: configuration, hooks, and rules that a person has made once. */
export const automaticSources: Matchers = [`${labels.decisionSource}=~"config|hook|user_permanent"`];

/** Decisions that a person made on the very edit. */
export const personalSources: Matchers = [`${labels.decisionSource}!~"config|hook|user_permanent"`];

/** Users who sent a request within `known`, but not within `quiet`: with what they spent. */
export function stoppedUsers(known: Window, quiet: Window, options: AmountOptions = {}): string {
  const byUser = { ...options, by: [labels.user, labels.team] };
  return `${amount(signals.cost, known, byUser)} unless on (${labels.user}) ${amount(signals.cost, quiet, byUser)}`;
}

/** Seconds of users who were active in a window, and for whom no cost was reported in it. */
export function activeWithoutCost(window: Window, options: AmountOptions = {}): string {
  const active = amount(signals.activeTime, window, { ...options, by: [labels.user, labels.team] });
  return `${active} unless on (${labels.user}) ${amount(signals.cost, window, { ...options, by: [labels.user] })}`;
}

/** USD of users who count by their installation, because clients name nobody: a random id for each home directory. */
export function namelessCost(window: Window, options: AmountOptions = {}): string {
  const nameless = withMatchers(options, `${labels.user}=~"[0-9a-f]{64}"`);
  return amount(signals.cost, window, { ...nameless, by: [labels.user, labels.team, labels.device] });
}
