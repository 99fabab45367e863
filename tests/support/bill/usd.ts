import * as assert from "node:assert/strict";

/** Far less than a cent: sums of decimals in binary differ in the last digits. */
const tolerance = 1e-6;

/** Asserts that two amounts are the same. */
export function assertNear(found: number, expected: number, what: string): void {
  assert.ok(Math.abs(found - expected) < tolerance, `${what}: found ${found} USD; expected ${expected}`);
}
