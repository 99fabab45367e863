import assert from "node:assert/strict";
import * as fs from "node:fs";
import * as path from "node:path";

import { type RuleSimulation, type SimulatedSample, simulateRules } from "../support/prometheus/rule-simulation";
import { hour, hourMs, minuteMs } from "../../units";

const windowMs = 5 * minuteMs;
const startMs = Date.UTC(2026, 10, 20, 8);
const endMs = startMs + 3 * hourMs;
const file = "/etc/prometheus/recording.rules.yaml";
const group = "windows";

/** One group. `late` lies ten minutes back. */
const content = `
groups:
  - name: ${group}
    interval: 5m
    rules:
      - record: sum
        expr: sum(sum_over_time(m_total[5m]))
      - record: late
        expr: sum(sum_over_time(m_total[5m] offset 10m))
      - record: twice
        expr: 2 * sum
`;

const always = { fromMs: 0, untilMs: Number.MAX_SAFE_INTEGER };

/** Two series, a sample of each every 20 seconds, no two of one value. They arrive three seconds later. */
const samples = ["a", "b"].flatMap((name, series) =>
  Array.from({ length: 540 }, (_, index) => {
    const timeMs = startMs + index * 20_000;
    return sample(timeMs, 2 * index + series + 0.25, timeMs + 3_000, name);
  }),
);

function sample(timeMs: number, value: number, arrivesMs: number, name = "a"): SimulatedSample {
  return { labels: { __name__: "m_total", name }, timeMs, value, arrivesMs };
}

function scenario(changes: Partial<RuleSimulation> = {}): RuleSimulation {
  const rules = [{ file, content, ...always }];
  return { outOfOrderTimeWindowSeconds: 30 * hour, rules, samples, startMs, endMs, ...changes };
}

/** Recorded values of each series, by their instants in milliseconds. */
async function recorded(simulation: RuleSimulation, names: readonly string[]): Promise<Map<number, number>[]> {
  const ranges = names.map((name) => ({ query: `${name}[1d]`, timeMs: simulation.endMs + hourMs }));
  const answer = await simulateRules({ ...simulation, ranges });
  return answer.ranges.map((found) => {
    assert.equal(found.length, 1);
    return new Map(found[0]!.values.map(([seconds, text]) => [Math.round(seconds * 1000), Number(text)]));
  });
}

/** What was sent of the window that ends at an instant, and had arrived when it was evaluated. */
function sent(all: readonly SimulatedSample[], windowEnd: number, evaluated: number): number {
  return all
    .filter(({ timeMs, arrivesMs }) => timeMs > windowEnd - windowMs && timeMs <= windowEnd && arrivesMs <= evaluated)
    .reduce((sum, { value }) => sum + value, 0);
}

/** How far after full five minutes Prometheus evaluates the group, as it did once: always the same. */
async function phaseOf(path: string): Promise<number> {
  const [sums] = await recorded(scenario({ rules: [{ file: path, content, ...always }] }), ["sum"]);
  return [...sums!.keys()][0]! % windowMs;
}

/** A group's instants after one instant and before another. */
function instants(fromMs: number, untilMs: number, phaseMs: number): number[] {
  const first = fromMs - (fromMs % windowMs) + phaseMs;
  const all = Array.from({ length: 100 }, (_, index) => first + index * windowMs);
  return all.filter((instant) => instant > fromMs && instant < untilMs);
}

describe("rules in simulated time", function () {
  this.timeout(120_000);
  let phaseMs: number;

  before(async () => {
    phaseMs = await phaseOf(file);
  });

  it("are evaluated by the Prometheus of the stack", () => {
    const folders = ["tests/support/prometheus/rule-simulation", "lab/toolchain/prometheus"];
    const [simulated, real] = folders.map((folder) => {
      const module = fs.readFileSync(path.join(__dirname, "../..", folder, "go.mod"), "utf8");
      return /github\.com\/prometheus\/prometheus (v\S+)/.exec(module)?.[1];
    });
    assert.match(simulated!, /^v\d/);
    assert.equal(simulated, real);
  });

  it("sum each window to what was sent, at the group's own instants", async () => {
    const [sums, twice] = await recorded(scenario(), ["sum", "twice"]);
    const expected = instants(startMs, endMs, phaseMs).map((at) => [at, sent(samples, at, at)] as const);
    assert.equal(expected.length, 36);
    assert.deepEqual([...sums!], expected);
    assert.deepEqual(
      [...twice!],
      expected.map(([at, sum]) => [at, 2 * sum]),
    );
  });

  it("record as much earlier as the group's query offset says", async () => {
    const moved = content.replace("interval: 5m", `interval: 5m\n    query_offset: ${phaseMs}ms`);
    const [sums] = await recorded(scenario({ rules: [{ file, content: moved, ...always }] }), ["sum"]);
    const expected = instants(startMs, endMs, phaseMs).map((at) => [at - phaseMs, sent(samples, at - phaseMs, at)]);
    assert.equal(expected[0]![0]! % windowMs, 0);
    assert.deepEqual([...sums!], expected);
  });

  it("see a late sample from its arrival on", async () => {
    const timeMs = startMs + hourMs;
    const late = [
      sample(timeMs + 1, 1e6, timeMs + 7 * minuteMs),
      sample(timeMs + 2, 2e7, timeMs + hourMs),
      sample(startMs - 27 * hourMs, 3e8, endMs - minuteMs),
    ];
    const all = [...samples, ...late];
    const simulation = scenario({ samples: all });
    const [sums, later] = await recorded(simulation, ["sum", "late"]);
    const times = instants(startMs, endMs, phaseMs);
    assert.deepEqual(
      [...sums!.values()],
      times.map((at) => sent(all, at, at)),
    );
    const tenMinutes = 2 * windowMs;
    const expected = times.map((at) => sent(all, at - tenMinutes, at));
    assert.deepEqual(
      [...later!.values()],
      expected.filter((sum) => sum > 0),
    );
    // The first counts for the second rule only, the others for none.
    assert.ok(Math.max(...sums!.values()) < 1e6);
    assert.equal(expected.filter((sum) => sum > 1e6).length, 1);
    assert.ok(Math.max(...expected) < 2e6);
    const queries = [{ query: "sum(sum_over_time(m_total[3d]))", timeMs: endMs + hourMs }];
    const { results } = await simulateRules({ ...simulation, queries });
    assert.equal(
      Number(results[0]![0]!.value[1]),
      all.reduce((sum, { value }) => sum + value, 0),
    );
  });

  it("are not evaluated in an outage, whose samples wait until it ends", async () => {
    const outage = { fromMs: startMs + hourMs, untilMs: startMs + hourMs + 32 * minuteMs };
    const [sums, later] = await recorded(scenario({ outages: [outage] }), ["sum", "late"]);
    const waiting = samples.map((one) => {
      const waits = one.arrivesMs >= outage.fromMs && one.arrivesMs < outage.untilMs;
      return waits ? { ...one, arrivesMs: outage.untilMs } : one;
    });
    const times = [...instants(startMs, outage.fromMs, phaseMs), ...instants(outage.untilMs, endMs, phaseMs)];
    assert.ok(times.length >= 29 && times.length <= 30);
    assert.deepEqual(
      [...sums!],
      times.map((at) => [at, sent(waiting, at, at)]),
    );
    const [first] = instants(outage.untilMs, endMs, phaseMs);
    assert.equal(later!.get(first!), sent(samples, first! - 2 * windowMs, first!));
  });

  it("are cut off after the first ones", async () => {
    const times = instants(startMs, endMs, phaseMs);
    const cut = { atMs: times[10]! - minuteMs, afterRules: 2 };
    const [sums, later, twice] = await recorded(scenario({ cuts: [cut] }), ["sum", "late", "twice"]);
    assert.deepEqual(
      [...sums!],
      times.map((at) => [at, sent(samples, at, at)]),
    );
    assert.ok(later!.has(times[10]!));
    assert.deepEqual(
      [...twice!.keys()],
      times.filter((at) => at !== times[10]),
    );
  });

  it("have other instants once their file is renamed", async () => {
    const renamedMs = startMs + 90 * minuteMs;
    const renamed = "/etc/prometheus/renamed.rules.yaml";
    const rules = [
      { file, content, fromMs: 0, untilMs: renamedMs },
      { file: renamed, content, fromMs: renamedMs, untilMs: always.untilMs },
    ];
    const [sums] = await recorded(scenario({ rules }), ["sum"]);
    const [before, after] = [phaseMs, await phaseOf(renamed)];
    assert.notEqual(before, after);
    const times = [...instants(startMs, renamedMs, before), ...instants(renamedMs, endMs, after)];
    assert.deepEqual(
      [...sums!],
      times.map((at) => [at, sent(samples, at, at)]),
    );
  });

  it("leave stale series once they are removed", async () => {
    const removedMs = startMs + hourMs;
    const rules = [{ file, content, fromMs: 0, untilMs: removedMs }];
    const queries = [-1, 1].map((ms) => ({ query: "sum", timeMs: removedMs + ms }));
    const { results, evaluations } = await simulateRules(scenario({ rules, queries }));
    assert.deepEqual(
      results.map(({ length }) => length),
      [1, 0],
    );
    assert.equal(evaluations, instants(startMs, removedMs, phaseMs).length);
  });

  it("end the simulation if one fails or the storage refuses a sample", async () => {
    const failing = content.replace("2 * sum", "m_total * on() m_total");
    const rules = [{ file, content: failing, ...always }];
    await assert.rejects(simulateRules(scenario({ rules })), /rule twice of group windows.*many-to-many/);
    const tooLate = sample(startMs - 31 * hourMs, 1, startMs + hourMs);
    await assert.rejects(simulateRules(scenario({ samples: [...samples, tooLate] })), /refuses .*too old sample/);
  });

  it("go on, if wanted, when the storage refuses a result", async () => {
    const rules = [{ file, content: content.replace("record: late", "record: sum"), ...always }];
    await assert.rejects(simulateRules(scenario({ rules })), /rule sum of group windows.*duplicate/);
    const { refused, evaluations } = await simulateRules(scenario({ rules, allowRefused: true }));
    assert.equal(evaluations, 36);
    const times = instants(startMs, endMs, phaseMs).filter((at) => sent(samples, at - 2 * windowMs, at) > 0);
    assert.deepEqual(
      refused.map(({ timeMs }) => timeMs),
      times,
    );
    assert.deepEqual(new Set(refused.map(({ rule }) => rule)), new Set(["sum"]));
  });
});
