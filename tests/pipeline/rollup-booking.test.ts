import * as assert from "node:assert/strict";

import { Random } from "../../synthetic/random";
import { stringify } from "yaml";

import { rollupNames } from "../../dashboards/rollups/levels";
import { recordingRules } from "../../dashboards/rollups/rules";
import { rollupDimensions, rollupName, type Scope, signals } from "../../dashboards/signals";
import {
  type RuleSimulation,
  type SimulatedSample,
  type SimulatedValues,
  simulateRules,
} from "../support/prometheus/rule-simulation";
import { dayMs, hourMs, minuteMs } from "../../units";

/**
 * Forty days of a team in simulated time, through Prometheus' own rules, storage and queries. All amounts are whole
 * millionths of a dollar, so that sums can be compared to the last one.
 */

const start = Date.parse("2026-03-02T00:00:00Z");
const days = 40;
/** After the last sample, all late passes come. */
const end = start + (days + 10) * dayMs;
const rulesFile = "/etc/prometheus/recording.rules.yaml";
const metric = signals.cost.metric;
const every: readonly Scope[] = ["team", "user", "device"];

/** The rules of the cost, of all signals the one with most scopes. */
function rules(): string {
  const { groups } = recordingRules({ promisedLateness: 30 * 3600, retentionSeconds: 400 * 86_400 });
  const own = new Set(every.map((scope) => rollupName(signals.cost, scope)));
  return stringify({
    groups: groups.map((group) => ({
      ...group,
      rules: group.rules.filter(({ record, labels }) =>
        record === rollupNames.difference
          ? labels[rollupNames.signal] === "cost"
          : own.has(record) || record === rollupNames.evaluated,
      ),
    })),
  });
}

interface Usage {
  /** Share of the samples that arrive late, by up to 30 hours. */
  readonly late: number;
}

/** Six people, a session a day each, a sample about every 20 minutes; some are sent again through another collector. */
function usage({ late }: Usage): SimulatedSample[] {
  const random = new Random(7);
  const samples: SimulatedSample[] = [];
  for (let index = 0; index < days; index += 1) {
    for (let person = 0; person < 6; person += 1) {
      const labels = {
        __name__: metric,
        session_id: `session-${index}-${person}`,
        // Nobody has all labels: what narrower scopes leave out is empty for some.
        user: `user-${person}`,
        team: `team-${person % 2}`,
        model: person % 3 === 0 ? "claude-opus-5" : "claude-sonnet-5",
        ...(person < 4 ? { device: `device-${index % 2}` } : {}),
      };
      for (let sent = 0; sent < 24; sent += 1) {
        const timeMs =
          start + index * dayMs + Math.floor((sent * 20 + random.next() * 20) * minuteMs) + person * hourMs;
        const delay = random.next() < late ? random.next() * 30 * hourMs : random.next() * 30_000;
        const sample = {
          labels,
          timeMs,
          value: (1 + Math.floor(random.next() * 5_000_000)) / 1e6,
          arrivesMs: Math.ceil(timeMs + delay),
        };
        samples.push(sample);
        if (random.next() < 0.1) {
          samples.push({ ...sample, arrivesMs: sample.arrivesMs + Math.floor(random.next() * 5 * minuteMs) });
        }
      }
    }
  }
  return samples;
}

/** The samples that count: what was delivered twice counts once, when it came first. */
function delivered(samples: readonly SimulatedSample[]): SimulatedSample[] {
  const first = new Map<string, SimulatedSample>();
  for (const sample of [...samples].sort((a, b) => a.arrivesMs - b.arrivesMs)) {
    const key = `${JSON.stringify(sample.labels)} ${sample.timeMs}`;
    first.set(key, first.get(key) ?? sample);
  }
  return [...first.values()];
}

function micro(value: number): number {
  return Math.round(value * 1e6);
}

/** Millionths of a dollar by group. */
type Amounts = ReadonlyMap<string, number>;

function add(sums: Map<string, number>, key: string, amount: number): void {
  sums.set(key, (sums.get(key) ?? 0) + amount);
}

function withoutZeros(sums: Amounts): [string, number][] {
  return [...sums].filter(([, amount]) => amount !== 0).sort(([a], [b]) => (a < b ? -1 : 1));
}

function groupOf(labels: Readonly<Record<string, string>>, scope: Scope): string {
  return rollupDimensions(signals.cost, scope)
    .map((label) => labels[label] ?? "")
    .join(" ");
}

/** What a scope's roll-up holds, instant by instant, all passes together: `<milliseconds> <group>`. */
function booked(series: readonly SimulatedValues[], scope: Scope): Map<string, number> {
  const sums = new Map<string, number>();
  for (const { metric: labels, values } of series) {
    for (const [time, value] of values) {
      add(sums, `${Math.round(time * 1000)} ${groupOf(labels, scope)}`, micro(Number(value)));
    }
  }
  return sums;
}

function totals(amounts: Amounts, fromMs = 0, untilMs = Number.POSITIVE_INFINITY): Map<string, number> {
  const sums = new Map<string, number>();
  for (const [key, amount] of amounts) {
    const [time = "", ...group] = key.split(" ");
    if (Number(time) > fromMs && Number(time) <= untilMs) {
      add(sums, group.join(" "), amount);
    }
  }
  return sums;
}

const steps = ["5m", "1h"] as const;
type Step = (typeof steps)[number];

interface Outcome {
  readonly samples: readonly SimulatedSample[];
  /** By step and scope. */
  readonly rollups: ReadonlyMap<string, Map<string, number>>;
  readonly differences: readonly number[];
}

async function play(samples: readonly SimulatedSample[], more: Partial<RuleSimulation> = {}): Promise<Outcome> {
  const wholeTime = `[${Math.ceil((end - start) / 1000) + 3600}s]`;
  const asked = steps.flatMap((step) => every.map((scope) => ({ step, scope })));
  const answer = await simulateRules({
    outOfOrderTimeWindowSeconds: 31 * 3600,
    rules: [{ file: rulesFile, content: rules(), fromMs: start, untilMs: end }],
    samples,
    startMs: start,
    endMs: end,
    ranges: [
      ...asked.map(({ step, scope }) => ({
        query: `${rollupName(signals.cost, scope)}{${rollupNames.step}="${step}"}${wholeTime}`,
        timeMs: end,
      })),
      { query: `${rollupNames.difference}${wholeTime}`, timeMs: end },
    ],
    ...more,
  });
  return {
    samples: delivered(samples),
    rollups: new Map(
      asked.map(({ step, scope }, index) => [`${step} ${scope}`, booked(answer.ranges[index] ?? [], scope)]),
    ),
    differences: (answer.ranges[asked.length] ?? []).flatMap(({ values }) => values.map(([, value]) => Number(value))),
  };
}

/** What was sent, by group. */
function truth(samples: readonly SimulatedSample[], scope: Scope): Map<string, number> {
  const sums = new Map<string, number>();
  for (const { labels, value } of samples) {
    add(sums, groupOf(labels, scope), micro(value));
  }
  return sums;
}

/** Every level and scope holds, group by group, what was sent; and so do the ranges of any partition together. */
function checkTotals({ samples, rollups }: Outcome): void {
  const random = new Random(11);
  for (const step of steps) {
    for (const scope of every) {
      const amounts = rollups.get(`${step} ${scope}`) ?? new Map<string, number>();
      const sent = withoutZeros(truth(samples, scope));
      assert.deepEqual(withoutZeros(totals(amounts)), sent, `${step} ${scope}`);
      const edges = Array.from({ length: 60 }, () => start + Math.floor(random.next() * (end - start)));
      const inOrder = [0, ...edges.sort((a, b) => a - b), Number.POSITIVE_INFINITY];
      const sum = new Map<string, number>();
      for (const [index, from] of inOrder.slice(0, -1).entries()) {
        for (const [group, amount] of totals(amounts, from, inOrder[index + 1])) {
          add(sum, group, amount);
        }
      }
      assert.deepEqual(withoutZeros(sum), sent, `${step} ${scope}, in ${inOrder.length - 1} ranges`);
    }
  }
}

/** Instants of the fine level: all lie a step apart. */
function phaseOf(amounts: Amounts): number {
  const phases = new Set([...amounts.keys()].map((key) => Number(key.split(" ")[0]) % (5 * minuteMs)));
  assert.equal(phases.size, 1, "more than one phase");
  return [...phases][0] ?? 0;
}

function instantFrom(timeMs: number, stepMs: number, phase: number): number {
  return Math.ceil((timeMs - phase) / stepMs) * stepMs + phase;
}

describe("roll-ups of forty days, late data and faults included", function () {
  this.timeout(600_000);

  it("book each window as it arrives: at once, or by the pass that finds it", async () => {
    const outcome = await play(usage({ late: 0.2 }));
    const fine = outcome.rollups.get("5m device") ?? new Map<string, number>();
    const phase = phaseOf(fine);
    assert.ok(phase >= minuteMs && phase <= 2 * minuteMs, `first pass ${phase} ms after the end of a window`);
    const lags = [0, 2 * hourMs, 6 * hourMs, 30 * hourMs, 8 * dayMs];
    const expected: Record<Step, Map<string, number>> = { "5m": new Map(), "1h": new Map() };
    const late = new Set<number>();
    for (const { labels, timeMs, value, arrivesMs } of outcome.samples) {
      const instant = Math.ceil(timeMs / (5 * minuteMs)) * 5 * minuteMs + phase;
      const lag = lags.find((one) => arrivesMs <= instant + one) ?? Number.NaN;
      late.add(lag);
      const group = groupOf(labels, "device");
      add(expected["5m"], `${instant + lag} ${group}`, micro(value));
      const coarse = instantFrom(instant + lag, hourMs, phase + 55 * minuteMs);
      add(expected["1h"], `${coarse} ${group}`, micro(value));
    }
    assert.deepEqual(
      [...late].sort((a, b) => a - b),
      lags.slice(0, 4),
      "each pass but the last has something to find",
    );
    for (const step of steps) {
      const found = outcome.rollups.get(`${step} device`) ?? new Map<string, number>();
      assert.deepEqual(withoutZeros(found), withoutZeros(expected[step]), step);
    }
    checkTotals(outcome);
    assert.ok(outcome.differences.length > 6 * 24 * 30, "the check has run");
    assert.deepEqual(
      outcome.differences.filter((one) => Math.abs(one) > 1e-6),
      [],
    );
  });

  it("add up to the truth after an outage, kills in the middle of an evaluation, and a renamed file", async () => {
    const renamedAt = start + 20 * dayMs + 7 * hourMs + 3 * minuteMs;
    const outcome = await play(usage({ late: 0.5 }), {
      rules: [
        { file: rulesFile, content: rules(), fromMs: start, untilMs: renamedAt },
        { file: "/etc/prometheus/renamed.rules.yaml", content: rules(), fromMs: renamedAt, untilMs: end },
      ],
      outages: [
        { fromMs: start + 9 * dayMs + 10 * hourMs, untilMs: start + 9 * dayMs + 13 * hourMs },
        { fromMs: start + 21 * dayMs + 3 * hourMs, untilMs: start + 21 * dayMs + 6 * hourMs },
      ],
      // Before, between and after the rules of the fine level, and in the coarse one.
      cuts: [0, 1, 2, 3, 4, 5, 6, 7].map((afterRules) => ({
        atMs: start + (12 + afterRules) * dayMs + 8 * hourMs + 51 * minuteMs,
        afterRules,
      })),
    });
    checkTotals(outcome);
  });
});
