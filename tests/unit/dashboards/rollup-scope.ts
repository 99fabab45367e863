import assert from "node:assert/strict";

import { levels, rollupNames } from "../../../dashboards/rollups/levels";
import { rollupDimensions, rollupName, type Scope, type Signal, signals } from "../../../dashboards/signals";
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

/** What tells steps and passes of a roll-up apart; no dimension. Raw series have none of these. */
const passLabels: readonly string[] = [rollupNames.step, rollupNames.lag, rollupNames.pass];

/** Whether a matcher takes a value; empty: series without the label. */
function takes(matcher: string, value: string): boolean {
  const [, operator = "", text = ""] = /^\w+(=~|!~|!=|=)(".*")$/s.exec(matcher) ?? [];
  const wanted = JSON.parse(text) as string;
  const found = operator.endsWith("~") ? new RegExp(`^(?:${wanted})$`, "s").test(value) : value === wanted;
  return operator.startsWith("!") ? !found : found;
}

function labelOf(matcher: string): string {
  return /^\w+/.exec(matcher)![0];
}

/** Which of a selector's names have series that its matchers take, by the labels that they have. */
export function namesRead({ names, matchers }: Selector): string[] {
  return names.filter((name) => {
    const rollup = rollups.get(name);
    return matchers.every((matcher) => {
      const label = labelOf(matcher);
      if (label === rollupNames.step) {
        return (rollup === undefined ? [""] : Object.keys(levels)).some((step) => takes(matcher, step));
      }
      const known: readonly string[] = rollup === undefined ? [] : rollupDimensions(rollup.signal, rollup.scope);
      const has = rollup === undefined ? !passLabels.includes(label) : [...known, ...passLabels].includes(label);
      return has || takes(matcher, "");
    });
  });
}

/**
 * Fails unless one metric or roll-up is read, and of roll-ups one that keeps every label grouped and filtered by, and the
 * narrowest of those. Filters with `All` picked are no question to it.
 */
export function checkScope(selector: Selector, query: string): void {
  const { names, matchers, groupedBy } = selector;
  const known = names.flatMap((name) => rollups.get(name) ?? []);
  for (const name of names) {
    assert.ok(rollups.has(name) || !/:claude_code_\w+:sum$/.test(name), `unknown ${name} in ${query}`);
    const metrics = known.map(({ signal }) => signal.metric);
    assert.ok(
      metrics.every((metric) => metric === (rollups.get(name)?.signal.metric ?? name)),
      `${name} in ${query}`,
    );
  }
  if (known.length === 0) {
    return;
  }
  const [name, ...others] = namesRead(selector);
  assert.ok(name !== undefined && others.length === 0, `found ${[name, ...others].join(", ")}; expected one: ${query}`);
  const rollup = rollups.get(name);
  if (rollup === undefined) {
    return;
  }
  assert.ok(
    matchers.some((matcher) => labelOf(matcher) === rollupNames.step),
    `${name} at every step in ${query}`,
  );
  const matched = matchers.filter((matcher) => !matcher.endsWith('=~".*"')).map(labelOf);
  const asked = [...groupedBy, ...matched].filter((label) => !passLabels.includes(label));
  const keeps = (scope: Scope) => asked.every((label) => rollupDimensions(rollup.signal, scope).includes(label));
  assert.ok(keeps(rollup.scope), `${name} lacks one of ${asked.join(", ")} in ${query}`);
  // Single passes are those over raw samples, which the widest scope alone has.
  const expected = matched.includes(rollupNames.lag)
    ? scopesOf(rollup.signal).at(-1)
    : scopesOf(rollup.signal).find(keeps);
  assert.equal(rollup.scope, expected, `${name} is of another scope than ${asked.join(", ")} in ${query}`);
}
