import { type RecordingRule, recordingRules } from "../../dashboards/rollups/rules";
import { defaultConfig } from "../../cli/stack-file";
import type { PrometheusReader } from "../support/prometheus/prometheus-reader";
import type { HistorySpec, LevelSpec } from "./history-spec";
import type { TrueTotals, Truth } from "./truth";

/** Relative difference up to which two sums of the same samples are the same. */
const tolerance = 1e-9;

/** What a check found. */
export interface CheckResult {
  /** Number of values that were compared. */
  readonly compared: number;
  /** Where they differ, in words. */
  readonly differences: readonly string[];
}

type Values = ReadonlyMap<string, number>;

/**
 * Compares what the generator wrote at evaluations spread over the history with what the recording rules give there: when
 * a window of the rule's level is recorded, and at the evaluation before, which leaves out a level with longer windows.
 *
 * @param instants how many windows of each rule, the last one at the history's end
 */
export async function checkRollups(
  reader: PrometheusReader,
  spec: HistorySpec,
  { parameters }: Truth,
  instants: number,
): Promise<CheckResult> {
  const results: CheckResult[] = [];
  for (const rule of generatedRules(spec)) {
    const { stepSeconds, phaseSeconds } = levelOf(rule, spec);
    const phase = phaseSeconds + spec.delaySeconds;
    const newest = Math.floor((parameters.end - phase) / stepSeconds) * stepSeconds + phase;
    for (let index = 0; index < instants; index++) {
      const back = Math.floor((index * parameters.days * 86_400) / instants / stepSeconds) * stepSeconds;
      results.push(await checkRule(reader, spec, rule, newest - back));
      results.push(await checkRule(reader, spec, rule, newest - back - spec.intervalSeconds));
    }
  }
  return joined(results);
}

/** The stack's own rules of what is generated, late passes included: those must not find anything. */
function generatedRules(spec: HistorySpec): RecordingRule[] {
  const { outOfOrderWindow, retention } = defaultConfig().prometheus;
  const { groups } = recordingRules({
    promisedLateness: outOfOrderWindow,
    retentionSeconds: retention,
  });
  const generated = new Set([spec.marker, ...spec.rollups.map(({ record }) => record)]);
  return groups.flatMap(({ rules }) => rules.filter(({ record }) => generated.has(record)));
}

function levelOf({ record, labels }: RecordingRule, { levels, stepLabel }: HistorySpec): LevelSpec {
  const level = levels.find(({ step }) => step === labels[stepLabel]);
  if (level === undefined) {
    throw new Error(`${record}: found ${stepLabel}="${String(labels[stepLabel])}", which the generator does not know`);
  }
  return level;
}

async function checkRule(
  reader: PrometheusReader,
  { stepLabel }: HistorySpec,
  { record, expr, labels }: RecordingRule,
  at: number,
): Promise<CheckResult> {
  const step = String(labels[stepLabel]);
  const expected = await reader.query(expr, { at });
  // One millisecond: only a sample at this very instant.
  const written = await reader.query(
    `sum without (${stepLabel}) (sum_over_time(${record}{${stepLabel}="${step}"}[1ms]))`,
    { at },
  );
  return compared(`${record} ${step} at ${at}`, byLabels(expected), byLabels(written));
}

/** Compares that every window is marked as evaluated, once. */
export async function checkMarkers(reader: PrometheusReader, spec: HistorySpec, truth: Truth): Promise<CheckResult> {
  const { end, days } = truth.parameters;
  const expected = spec.levels.map(({ step, stepSeconds }) => [step, (days * 86_400) / stepSeconds] as const);
  const found = await reader.query(`sum by (${spec.stepLabel}) (sum_over_time(${spec.marker}[${days}d]))`, { at: end });
  const written = found.map(({ labels, value }) => [labels[spec.stepLabel] ?? "", value] as const);
  return compared(spec.marker, new Map(expected), new Map(written));
}

/** Compares the raw series' sums over every window and day with the truth: in all, by team and by model. */
export async function checkTotals(reader: PrometheusReader, spec: HistorySpec, truth: Truth): Promise<CheckResult> {
  const results: CheckResult[] = [];
  for (const { days, total, teams, models } of truth.windows) {
    const asked = (label: string | undefined, of: Readonly<Record<string, TrueTotals>>) =>
      checkWindow(reader, spec, { at: truth.parameters.end, days, label }, of);
    results.push(await asked(undefined, { "": total }), await asked("team", teams), await asked("model", models));
  }
  for (const { end, total } of truth.days) {
    results.push(await checkWindow(reader, spec, { at: end, days: 1, label: undefined }, { "": total }));
  }
  return joined(results);
}

interface Window {
  readonly at: number;
  readonly days: number;
  readonly label: string | undefined;
}

async function checkWindow(
  reader: PrometheusReader,
  { metrics }: HistorySpec,
  { at, days, label }: Window,
  expected: Readonly<Record<string, TrueTotals>>,
): Promise<CheckResult> {
  const by = label === undefined ? "" : ` by (${label}) `;
  const results: CheckResult[] = [];
  for (const [name, selector, value] of comparisons(metrics)) {
    if (label === "model" && !modelled.has(name)) {
      continue;
    }
    const inner = name === "users" ? `sum by (user, ${label ?? ""}) ` : "";
    const outer = name === "users" ? "count" : "sum";
    const found = await reader.query(`${outer}${by}(${inner}(sum_over_time(${selector}[${days}d])))`, { at });
    const sums = found
      .filter(({ labels }) => label === undefined || labels[label] !== undefined)
      .map(({ labels, value }) => [label === undefined ? "" : (labels[label] ?? ""), value] as const);
    const wanted = Object.entries(expected).map(([key, totals]) => [key, value(totals)] as const);
    results.push(compared(`${name}, ${days} d before ${at}${by}`, new Map(wanted), new Map(sums)));
  }
  return joined(results);
}

/** What has a model, so that the truth by model has it. */
const modelled = new Set(["cost", "tokensInput", "tokensOutput", "tokensCacheRead", "linesAdded", "users"]);

type Comparison = readonly [name: string, selector: string, value: (totals: TrueTotals) => number];

function comparisons(metrics: HistorySpec["metrics"]): Comparison[] {
  return [
    ["cost", metrics.cost, ({ costMicroUsd }) => costMicroUsd / 1e6],
    ["tokensInput", `${metrics.tokens}{type="input"}`, ({ tokensInput }) => tokensInput],
    ["tokensOutput", `${metrics.tokens}{type="output"}`, ({ tokensOutput }) => tokensOutput],
    ["tokensCacheRead", `${metrics.tokens}{type="cacheRead"}`, ({ tokensCacheRead }) => tokensCacheRead],
    ["tokensCacheCreation", `${metrics.tokens}{type="cacheCreation"}`, (totals) => totals.tokensCacheCreation],
    ["sessions", metrics.sessions, ({ sessions }) => sessions],
    ["linesAdded", `${metrics.lines}{type="added"}`, ({ linesAdded }) => linesAdded],
    ["linesRemoved", `${metrics.lines}{type="removed"}`, ({ linesRemoved }) => linesRemoved],
    ["commits", metrics.commits, ({ commits }) => commits],
    ["pullRequests", metrics.pullRequests, ({ pullRequests }) => pullRequests],
    ["editDecisions", metrics.editDecisions, ({ editDecisions }) => editDecisions],
    ["activeTime", metrics.activeTime, ({ activeMilliseconds }) => activeMilliseconds / 1e3],
    ["users", metrics.cost, ({ users }) => users],
  ];
}

function byLabels(samples: readonly { labels: Readonly<Record<string, string>>; value: number }[]): Values {
  return new Map(samples.map(({ labels, value }) => [JSON.stringify(Object.entries(labels).sort()), value]));
}

/** A value that is missing on either side is a difference, unless the truth of it is zero. */
export function compared(what: string, expected: Values, found: Values): CheckResult {
  const keys = new Set([...expected.keys(), ...found.keys()]);
  const differences = [...keys].flatMap((key) => {
    const [wanted, actual] = [expected.get(key), found.get(key)];
    const same = actual === undefined ? wanted === 0 : wanted !== undefined && close(wanted, actual);
    return same ? [] : [`${what} ${key}: expected ${String(wanted)}, found ${String(actual)}`];
  });
  return { compared: keys.size, differences };
}

function close(a: number, b: number): boolean {
  return Math.abs(a - b) <= tolerance * Math.max(Math.abs(a), Math.abs(b));
}

/** All results as one. */
export function joined(results: readonly CheckResult[]): CheckResult {
  return {
    compared: results.reduce((sum, result) => sum + result.compared, 0),
    differences: results.flatMap((result) => result.differences),
  };
}
