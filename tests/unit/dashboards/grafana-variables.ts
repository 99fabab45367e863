import assert from "node:assert/strict";

import { type Dashboard, type Variable, variablesOf } from "./dashboard-model";
import { answered } from "./label-replace";
import { day, hour } from "../../../units";

/** Ranges that are answered from raw series; from the finest roll-up, twice; and from the coarsest. */
const ranges = { raw: 6 * hour, day, "5m": 7 * day, "1h": 30 * day } as const;

/** Kinds of a range: short, a day, long and very long. */
export type RangeCase = keyof typeof ranges;

export const rangeCases = Object.keys(ranges) as RangeCase[];

/** What a reader picked in some filters; All in the others. */
export type Picked = Readonly<Record<string, readonly string[]>>;

/** Sets of filters that lead to each scope of roll-ups, by what the hidden variable for it must hold. */
export const scopeCases: readonly { readonly picked: Picked; readonly scope: string }[] = [
  { picked: {}, scope: "team" },
  { picked: { team: ["a", "b"], location: ["c"] }, scope: "team" },
  { picked: { user: ["a.b@example.com"] }, scope: "user" },
  { picked: { user: ["a", "b"], team: ["c"] }, scope: "user" },
  { picked: { device: ["laptop"] }, scope: "device" },
  { picked: { repository: ["one", "two"] }, scope: "device" },
  { picked: { user: ["a"], device: ["laptop"], repository: ["one"] }, scope: "device" },
];

/** What Grafana replaces by itself. */
function builtIns(rangeSeconds: number): Readonly<Record<string, string>> {
  return {
    __range: `${rangeSeconds}s`,
    __range_s: String(rangeSeconds),
    __range_ms: String(rangeSeconds * 1000),
    __interval: "5m",
    __interval_ms: "300000",
  };
}

/** A variable, `$name` or `${name}`. */
const variablePattern = /\$(?:\{(\w+)\}|(\w+))/g;

/** Names of the variables in a text. */
export function variableNames(text: string): string[] {
  const names = [...text.matchAll(variablePattern)].map(([, braced, plain]) => (braced ?? plain)!);
  return names.filter((name) => !/^\d+$/.test(name));
}

/** Whether Grafana knows a variable without being told. */
export function isBuiltIn(name: string): boolean {
  return name in builtIns(1);
}

/** A text as Grafana sends it. Groups of a regular expression, as `$1`, stay. */
export function interpolated(text: string, dashboard: Dashboard, range: RangeCase, picked: Picked = {}): string {
  const { shown, hidden } = variablesOf(dashboard);
  return withValues(text, {
    ...builtIns(ranges[range]),
    ...variableValues([...shown, ...hidden], ranges[range], picked),
  });
}

/** Values of variables, as they go into a query: the hidden ones as Prometheus and Grafana would choose them. */
export function variableValues(
  variables: readonly Variable[],
  rangeSeconds: number,
  picked: Picked = {},
): Record<string, string> {
  let values = builtIns(rangeSeconds);
  for (const { name, type, query, regex, hide, allValue } of variables) {
    const value =
      type === "constant"
        ? query
        : hide === 2
          ? chosen(withValues(query, values), regex)
          : pickedValue(picked[name], allValue);
    values = { ...values, [name]: value };
  }
  return Object.fromEntries(variables.map(({ name }) => [name, values[name]!]));
}

function withValues(text: string, values: Readonly<Record<string, string>>): string {
  return text.replaceAll(variablePattern, (found, braced: string | undefined, plain: string) => {
    return values[braced ?? plain] ?? found;
  });
}

/** What Grafana's Prometheus data source writes for a filter: one value, or alternatives, escaped; `All` as it is. */
function pickedValue(values: readonly string[] | undefined, allValue = ""): string {
  const escaped = (values ?? []).map((value) =>
    value.replaceAll("\\", "\\\\\\\\").replaceAll(/[$^*{}[\]'+?.()|]/g, "\\\\$&"),
  );
  return escaped.length === 0 ? allValue : escaped.length === 1 ? escaped[0]! : `(${escaped.join("|")})`;
}

/** The value that a hidden variable takes from the one series of its query's answer. */
function chosen(query: string, regex = ""): string {
  const samples = answered(/^query_result\((.*)\)$/s.exec(query)?.[1] ?? "");
  assert.equal(samples.length, 1, query);
  const { labels, value } = samples[0]!;
  const pairs = Object.entries(labels).map(([name, text]) => `${name}=${JSON.stringify(text)}`);
  const [, pattern = ""] = /^\/(.*)\/$/.exec(regex)!;
  return new RegExp(pattern).exec(`{${pairs.join(", ")}} ${value} 1700000000000`)![1]!;
}
