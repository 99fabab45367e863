import * as assert from "node:assert/strict";

/**
 * Asserts that two amounts are the same.
 *
 * @param tolerance in USD. Default: far less than a cent, because sums of decimals in binary differ in the last digits
 */
export function assertNear(found: number, expected: number, what: string, tolerance = 1e-6): void {
  assert.ok(Math.abs(found - expected) < tolerance, `${what}: found ${found} USD; expected ${expected}`);
}
