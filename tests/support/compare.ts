import * as assert from "node:assert/strict";

/** Relative difference that floating-point addition in another order may make. */
const floatingPointNoise = 1e-9;

/** Amounts by name, e.g. `cost` or `tokens|input`. */
export type Amounts = Readonly<Record<string, number>>;

/** Whether two amounts differ by no more than floating-point noise. */
export function sameAmount(expected: number, actual: number): boolean {
  return Math.abs(expected - actual) <= floatingPointNoise * Math.max(Math.abs(expected), Math.abs(actual));
}

/** One line per name whose amounts differ; a name that is missing on one side counts as 0 there. */
function differences(expected: Amounts, actual: Amounts): string[] {
  const names = [...new Set([...Object.keys(expected), ...Object.keys(actual)])].sort();
  return names.flatMap((name) => {
    const [wanted, found] = [expected[name] ?? 0, actual[name] ?? 0];
    return sameAmount(wanted, found) ? [] : [`${name}: expected ${wanted}, found ${found}, off by ${found - wanted}`];
  });
}

/** Throws, naming every difference, unless the amounts are the same. */
export function assertSameAmounts(expected: Amounts, actual: Amounts, what: string): void {
  const found = differences(expected, actual);
  assert.deepEqual(found, [], `${what}:\n  ${found.join("\n  ")}`);
}
