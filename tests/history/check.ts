import * as assert from "node:assert/strict";

import { asRunningTotals, type TargetExpectation } from "./expectation";
import { type Answer, ask, type Model, type Picked, type Target, variableValues } from "./grafana";
import { type Groups, type Point, PointIndex } from "./point";
import { sourceOfRange, View } from "./view";

/** What queries are checked against. */
export interface KnownData {
  readonly url: string;
  readonly points: readonly Point[];
  /** Ranges up to this are answered from raw series. In milliseconds. */
  readonly rawRangeMs: number;
}

const labelOf: Readonly<Record<string, string>> = { repository: "vcs_repository_name", session: "session_id" };

/**
 * Declares a test for every query of a dashboard: it answers what was worked out from the points, in every view, and
 * the common mistake answers something else in at least one. A query without an expectation fails, and the reverse.
 */
export function describeQueries(
  model: Model,
  expectations: Readonly<Record<string, TargetExpectation>>,
  views: (expectation: TargetExpectation) => readonly Picked[],
  data: () => KnownData,
): void {
  const targets = model.panels.flatMap(({ title, targets: own = [] }) =>
    own.map((target) => ({ name: `${title}/${target.refId}`, target })),
  );
  for (const { name, target } of targets) {
    it(`${model.uid}: ${name}`, async () => {
      const expectation = expectations[name];
      assert.ok(expectation, `no expectation for ${name}: every query has one`);
      await checkTarget(model, target, expectation, views(expectation), data(), name);
    });
  }

  it(`${model.uid}: no expectation without a query`, () => {
    assert.deepEqual(Object.keys(expectations).sort(), targets.map(({ name }) => name).sort());
  });
}

async function checkTarget(
  model: Model,
  target: Target,
  expectation: TargetExpectation,
  views: readonly Picked[],
  data: KnownData,
  name: string,
): Promise<void> {
  let mistakes = 0;
  let numbers = 0;
  for (const picked of views) {
    const values = await variableValues(data.url, model, picked);
    const { step, answer } = await ask(data.url, target, values, picked);
    const wanted = expectedAnswer(model, target, expectation, picked, step, answer, data);
    const problems = differences(answer, wanted);
    assert.deepEqual(problems.slice(0, 5), [], `${name}, ${JSON.stringify(picked)}`);
    numbers += [...wanted.values()].reduce((sum, groups) => sum + groups.size, 0);
    const mistaken = await ask(data.url, target, values, picked, expectation.wrong ?? asRunningTotals);
    mistakes += differences(mistaken.answer, wanted).length > 0 ? 1 : 0;
  }
  assert.ok(numbers > 0, `${name}: the history has nothing to show`);
  assert.ok(mistakes > 0, `${name}: the common mistake gives the same`);
}

function expectedAnswer(
  model: Model,
  target: Target,
  { right, ignores }: TargetExpectation,
  picked: Picked,
  step: number,
  answer: Answer,
  { points, rawRangeMs }: KnownData,
): Answer {
  const kept = filtered(points, obeyed(model, picked, ignores));
  const rangeMs = picked.rangeSeconds * 1000;
  const source = sourceOfRange(rangeMs, rawRangeMs);
  if (target.instant === true) {
    return new Map([[picked.toMs, right(new View(kept, picked.toMs, rangeMs, source, "range", rangeMs))]]);
  }
  const wanted = new Map<number, Groups>();
  const startMs = Math.floor((picked.toMs - rangeMs) / (step * 1000)) * step * 1000;
  for (let bar = startMs; bar <= picked.toMs; bar += step * 1000) {
    const groups = right(new View(kept, bar, step * 1000, source, "bar", rangeMs));
    if (groups.size > 0 || answer.has(bar)) {
      wanted.set(bar, groups);
    }
  }
  return wanted;
}

type Filters = NonNullable<Picked["filters"]>;

/** Those of the filters that the dashboard has and the query does not ignore. */
function obeyed(model: Model, { filters = {} }: Picked, ignores: readonly string[] = []): Filters {
  const known = (model.templating?.list ?? []).map(({ name }) => name);
  return Object.fromEntries(
    Object.entries(filters).filter(([name]) => known.includes(name) && !ignores.includes(name)),
  );
}

/** Every query asks for the same few. */
const filteredBefore = new WeakMap<readonly Point[], Map<string, PointIndex>>();

function filtered(points: readonly Point[], chosen: Filters): PointIndex {
  const known = filteredBefore.get(points) ?? new Map<string, PointIndex>();
  filteredBefore.set(points, known);
  const key = JSON.stringify(chosen);
  const index = known.get(key) ?? new PointIndex(points.filter((point) => isChosen(point, chosen)));
  known.set(key, index);
  return index;
}

function isChosen({ labels }: Point, chosen: Filters): boolean {
  return Object.entries(chosen).every(([name, values]) => values.includes(labels[labelOf[name] ?? name] ?? ""));
}

function differences(answer: Answer, wanted: Answer): string[] {
  const times = new Set([...answer.keys(), ...wanted.keys()]);
  return [...times].flatMap((time) => {
    const [found, expected] = [answer.get(time), wanted.get(time)];
    const keys = new Set([...(found?.keys() ?? []), ...(expected?.keys() ?? [])]);
    return [...keys].flatMap((key) => {
      const [a, b] = [found?.get(key), expected?.get(key)];
      return a !== undefined && b !== undefined && Math.abs(a - b) <= 1e-9 * Math.max(1, Math.abs(b))
        ? []
        : [`${new Date(time).toISOString()} ${key}: found ${a}, expected ${b}`];
    });
  });
}
