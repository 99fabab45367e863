import { offsetBy, selector } from "../queries/selector";
import { rollupName, type Signal, signals } from "../signals";
import { checkedDayEnd, type Level, rollupNames, type Timing, timing as stackTiming, usualLateness } from "./levels";
import { derivedRollups, Passes, primaryRollups, type Rollup } from "./passes";
import { day } from "../../units";

/** The signals whose roll-ups are compared with raw samples. */
const checkedSignals = { cost: signals.cost, tokens: signals.tokens };

/** One recording rule. */
export interface RecordingRule {
  readonly record: string;
  readonly expr: string;
  readonly labels: Readonly<Record<string, string>>;
}

/** Rules that Prometheus evaluates one after the other, at the same instant. */
export interface RuleGroup {
  readonly name: string;
  readonly interval: string;
  readonly rules: readonly RecordingRule[];
}

/** A Prometheus rules file. */
export interface RulesFile {
  readonly groups: readonly RuleGroup[];
}

/** Arguments of {@link recordingRules}. */
export interface RecordingRulesArgs {
  /** Out-of-order window, in seconds. */
  readonly promisedLateness: number;
  /** Retention of Prometheus, in seconds. A pass over windows that are gone would take back their corrections. */
  readonly retentionSeconds: number;
  /** Default: the stack's. */
  readonly timing?: Timing;
}

/**
 * With this name, in the file of the stack, Prometheus 3.16 evaluates the group 81 seconds after full five minutes. Any
 * other moment is as right, and up to five minutes later.
 */
const groupName = "claude-code-roll-ups";

/** All rules, in one group: each sees what the rules before it have booked of the same window. */
export function recordingRules({
  promisedLateness,
  retentionSeconds,
  timing = stackTiming,
}: RecordingRulesArgs): RulesFile {
  const isKept = (lag: number): boolean =>
    lag < retentionSeconds - timing.coarse.stepSeconds && (lag <= usualLateness || promisedLateness > usualLateness);
  const kept = { ...timing, lateLags: timing.lateLags.filter(isKept) };
  const passes = new Passes(kept);
  const derived = derivedRollups(kept);
  const ofLevel = ({ step }: Level, rollups: readonly Rollup[]): RecordingRule[] => [
    ...rollups
      .filter(({ level }) => level.step === step)
      .map((rollup) => ({
        record: rollupName(rollup.signal, rollup.scope),
        expr: passes.bookings(rollup),
        labels: { [rollupNames.step]: step },
      })),
    { record: rollupNames.evaluated, expr: "vector(1)", labels: { [rollupNames.step]: step } },
  ];
  const coarse = [...ofLevel(kept.coarse, derived), ...checkRules(passes, kept, checkedDayEnd(promisedLateness))];
  const rules = [
    ...ofLevel(kept.fine, [...primaryRollups(kept), ...derived]),
    ...coarse.map((rule) => ({ ...rule, expr: `(${rule.expr}) and on () (${kept.coarseTurn})` })),
  ].map((rule) => ({ ...rule, expr: passes.atWindowEnd(rule.expr) }));
  return { groups: [{ name: groupName, interval: kept.fine.step, rules }] };
}

/**
 * A final day of money and tokens: each roll-up less what it is computed from. 0, or an alert fires. All other signals
 * have the same rules.
 */
function checkRules(passes: Passes, timing: Timing, end: number): RecordingRule[] {
  // Roll-ups of an earlier version had other windows.
  const own = selector(rollupNames.evaluated, [`${rollupNames.step}="${timing.fine.step}"`, `${rollupNames.pass}=""`]);
  const known = `count_over_time(${own}[${timing.fine.step}]${offsetBy(end + day - passes.newestFor)})`;
  return [...primaryRollups(timing), ...derivedRollups(timing)].flatMap((rollup) =>
    Object.entries<Signal>(checkedSignals)
      .filter(([, signal]) => signal === rollup.signal)
      .map(([name]) => ({
        record: rollupNames.difference,
        expr: `${passes.dayDifference(rollup, end)} and on () ${known}`,
        labels: {
          [rollupNames.signal]: name,
          [rollupNames.scope]: rollup.scope,
          [rollupNames.step]: rollup.level.step,
        },
      })),
  );
}
