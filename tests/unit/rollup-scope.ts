import assert from "node:assert/strict";

import { rollupNames } from "../../dashboards/rollups/levels";
import { rollupDimensions, rollupName, type Scope, type Signal, signals } from "../../dashboards/telemetry";
import type { Selector } from "./promql";

/** The scopes of roll-ups, narrowest first. */
export const everyScope: readonly Scope[] = ["team", "user", "device"];

/** What each scope keeps of who used Claude Code: a format, as old roll-ups cannot be given more. */
export const scopeLabels: Readonly<Record<Scope, readonly string[]>> = {
  team: ["team", "location", "claude_monitoring_demo"],
  user: ["team", "location", "claude_monitoring_demo", "user"],
  device: ["team", "location", "claude_monitoring_demo", "user", "device", "vcs_repository_name"],
};

/** Every roll-up by its name. */
export const rollups: ReadonlyMap<string, { readonly signal: Signal; readonly scope: Scope }> = new Map(
  Object.values<Signal>(signals).flatMap((signal) =>
    scopesOf(signal).map((scope) => [rollupName(signal, scope), { signal, scope }] as const),
  ),
);

/** The scopes that a signal is rolled up by, narrowest first. */
export function scopesOf({ scopes = everyScope }: Signal): readonly Scope[] {
  return scopes;
}

/** What tells passes of a roll-up apart; no dimension. */
const passLabels: readonly string[] = [rollupNames.step, rollupNames.lag];

/**
 * Fails unless a roll-up is read that keeps every label grouped and filtered by, and the narrowest of those. Filters with
 * `All` picked are no question to it.
 */
export function checkScope({ metric, matchers, groupedBy }: Selector, query: string): void {
  const rollup = rollups.get(metric);
  if (rollup === undefined) {
    assert.doesNotMatch(metric, /:claude_code_\w+:sum$/, `unknown ${metric} in ${query}`);
    return;
  }
  const matched = matchers.filter((matcher) => !matcher.endsWith('=~".*"')).map((matcher) => /^\w+/.exec(matcher)![0]);
  const asked = [...groupedBy, ...matched].filter((label) => !passLabels.includes(label));
  const keeps = (scope: Scope) => asked.every((label) => rollupDimensions(rollup.signal, scope).includes(label));
  assert.ok(keeps(rollup.scope), `${metric} lacks one of ${asked.join(", ")} in ${query}`);
  assert.equal(rollup.scope, everyScope.find(keeps), `${metric} has more than ${asked.join(", ")} in ${query}`);
}
