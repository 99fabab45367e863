import { rollupDimensions, rollupName, type Scope, type Signal, signals, signalScopes } from "../telemetry";
import { evaluationPhaseMs } from "./evaluation-phase";
import { onceWrittenOn } from "./remote-write";
import { checkedDayEnd, lagLabel, type Level, levels, rollupNames } from "./levels";

/** One recording rule. */
export interface RecordingRule {
  readonly record: string;
  readonly expr: string;
  readonly labels: Readonly<Record<string, string>>;
}

/** A group of rules that are evaluated one after the other. */
export interface RuleGroup {
  readonly name: string;
  readonly interval: string;
  readonly query_offset: string;
  readonly rules: readonly RecordingRule[];
}

/** A Prometheus rules file. */
export interface RulesFile {
  readonly groups: readonly RuleGroup[];
}

/** What {@link recordingRules} depends on. */
export interface RecordingRulesArgs {
  /** The rules file's path as Prometheus knows it. */
  readonly file: string;
  /** How late a sample may arrive and still be stored, in seconds. */
  readonly promisedLateness: number;
  /** Default: {@link levels}. */
  readonly levels?: readonly Level[];
  /** Whether what is recorded must also reach a distributed store. Default false. */
  readonly remoteWrite?: boolean;
}

/** Smallest difference that a later pass records; what is below is rounding of sums. */
const smallestCorrection = "1e-9";
/** How long Prometheus may wait after an instant before it evaluates a group about it, in milliseconds. */
const longestWait = 60_000;

/** All rules: roll-ups of every signal at every level, pass by pass, and the standing check of them. */
export function recordingRules(args: RecordingRulesArgs): RulesFile {
  const written = args.remoteWrite === true ? onceWrittenOn : (group: RuleGroup) => group;
  const rollups = (args.levels ?? Object.values<Level>(levels)).flatMap((level) => [
    ...level.passes.map((offset, pass) =>
      ruleGroup(args.file, `claude-code-rollups-${level.step}-pass-${pass}`, level, offset, passRules(level, pass)),
    ),
    ...level.lags.map((lag) =>
      ruleGroup(args.file, `claude-code-rollups-${level.step}-lag-${lag}s`, level, 0, lagRules(level, lag)),
    ),
  ]);
  const check = ruleGroup(args.file, "claude-code-rollups-check", levels["1h"], 0, checkRules(args.promisedLateness));
  return { groups: [...rollups.map(written), check] };
}

/**
 * A group whose instants are multiples of its interval, evaluated `offset` seconds after them and at most a minute
 * more. Prometheus chooses the moment by the group's name; so a name is sought that suits.
 */
function ruleGroup(
  file: string,
  baseName: string,
  level: Pick<Level, "step" | "stepSeconds">,
  offset: number,
  rules: readonly RecordingRule[],
  attempt = 0,
): RuleGroup {
  const intervalMs = level.stepSeconds * 1000;
  const name = attempt === 0 ? baseName : `${baseName}-${attempt}`;
  const phase = evaluationPhaseMs(file, name, level.stepSeconds);
  const wait = (((phase - offset * 1000) % intervalMs) + intervalMs) % intervalMs;
  return wait < longestWait
    ? { name, interval: level.step, query_offset: `${offset * 1000 + wait}ms`, rules }
    : ruleGroup(file, baseName, level, offset, rules, attempt + 1);
}

/** Every signal at every scope that it has. */
export const everyRollup = Object.values<Signal>(signals).flatMap((signal) =>
  signalScopes(signal).map((scope) => ({ signal, scope })),
);

function passRules(level: Level, pass: number): RecordingRule[] {
  const labels = { [rollupNames.step]: level.step, [rollupNames.pass]: String(pass) };
  return [
    ...everyRollup.map(({ signal, scope }) => ({
      record: rollupName(signal, scope),
      expr: pass === 0 ? windowSum(signal, scope, level, 0) : missingFrom(signal, scope, level, 0, [0]),
      labels,
    })),
    { record: rollupNames.evaluated, expr: "vector(1)", labels },
  ];
}

function lagRules(level: Level, lag: number): RecordingRule[] {
  const labels = { [rollupNames.step]: level.step, [rollupNames.pass]: "late", [rollupNames.lag]: lagLabel(lag) };
  const earlier = [0, ...level.lags.filter((other) => other < lag)];
  return [
    ...everyRollup.map(({ signal, scope }) => ({
      record: rollupName(signal, scope),
      expr: missingFrom(signal, scope, level, lag, earlier),
      labels,
    })),
    { record: rollupNames.evaluated, expr: "vector(1)", labels },
  ];
}

/** The raw samples of the window that ends at the instant of evaluation, or `ago` seconds before, without session. */
function windowSum(signal: Signal, scope: Scope, { step }: Level, ago: number): string {
  const by = rollupDimensions(signal, scope).join(", ");
  return `sum by (${by}) (sum_over_time(${signal.metric}[${step}]${offsetBy(ago)}))`;
}

/**
 * What the roll-up lacks at the instant of evaluation, or `ago` seconds before: a series that other passes did not see,
 * or an amount above theirs. Recording it again changes nothing, so a span can be recomputed as often as one likes.
 *
 * @param lags of the passes to compare with
 */
export function missingFrom(signal: Signal, scope: Scope, level: Level, ago: number, lags: readonly number[]): string {
  const stored = windowSum(signal, scope, level, ago);
  const passes = lags.map((lag) => {
    const labels = `${rollupNames.step}="${level.step}",${rollupNames.lag}="${lagLabel(lag)}"`;
    return `sum_over_time(${rollupName(signal, scope)}{${labels}}[1s]${offsetBy(ago - lag)})`;
  });
  const recorded = `sum by (${rollupDimensions(signal, scope).join(", ")}) (${passes.join(" or ")})`;
  return `(${stored} unless ${recorded}) or (${stored} - ${recorded} > ${smallestCorrection})`;
}

/** PromQL's offset by seconds, negative ones included; nothing for none. */
export function offsetBy(seconds: number): string {
  return seconds === 0 ? "" : ` offset ${seconds}s`;
}

/** A day's sum of every signal, from raw samples and from each level and scope: equal, or an alert fires. */
function checkRules(promisedLateness: number): RecordingRule[] {
  const end = checkedDayEnd(promisedLateness);
  return Object.entries<Signal>(signals).flatMap(([name, signal]) => {
    const named = { [rollupNames.signal]: name };
    return [
      {
        record: rollupNames.checkRaw,
        expr: `sum(sum_over_time(${signal.metric}[1d]${offsetBy(end)})) or vector(0)`,
        labels: named,
      },
      ...Object.values<Level>(levels).flatMap((level) =>
        signalScopes(signal).map((scope) => ({
          record: rollupNames.checkRollup,
          expr: daySum(signal, scope, level, end),
          labels: { ...named, [rollupNames.step]: level.step, [rollupNames.scope]: scope },
        })),
      ),
    ];
  });
}

function daySum(signal: Signal, scope: Scope, { step, lags }: Level, end: number): string {
  const passes = [0, ...lags].map((lag) => {
    const labels = `${rollupNames.step}="${step}",${rollupNames.lag}="${lagLabel(lag)}"`;
    return `sum_over_time(${rollupName(signal, scope)}{${labels}}[1d]${offsetBy(end - lag)})`;
  });
  return `sum(${passes.join(" or ")}) or vector(0)`;
}
