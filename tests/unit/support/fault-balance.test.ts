import assert from "node:assert/strict";

import { balance, type Sent } from "../../faults/balance";

const sent = (session: string, amount: number, outcome: Sent["outcome"] = "accepted"): Sent => ({
  ...{ session, amount, outcome },
});
const usd = (exports: readonly Sent[], stored: Readonly<Record<string, number>>) =>
  balance("metrics", "USD", exports, new Map(Object.entries(stored)));

describe("the balance of a fault", () => {
  it("is even where every session has what was accepted of it", () => {
    const { lost, surplus, wrongSessions, accepted, stored } = usd(
      [sent("a", 1_000_000), sent("a", 500_000), sent("b", 250_000), sent("b", 99, "refused")],
      { a: 1.5, b: 0.25 },
    );
    assert.deepEqual([lost, surplus, wrongSessions, accepted, stored], [0, 0, [], 1.75, 1.75]);
  });

  it("does not let one session's surplus hide another's loss", () => {
    const { lost, surplus, wrongSessions } = usd([sent("a", 1_000_000), sent("b", 1_000_000)], { a: 2, b: 0 });
    assert.deepEqual([lost, surplus, wrongSessions.length], [1, 1, 2]);
  });

  it("finds a loss of one export among many, a session that is not there, and one that nobody sent", () => {
    assert.equal(usd([sent("a", 10_001), sent("a", 10_002)], { a: 0.010001 }).lost, 0.010002);
    assert.equal(usd([sent("a", 10_001)], {}).lost, 0.010001);
    assert.equal(usd([], { a: 1 }).surplus, 1);
  });

  it("allows an export without an answer to be stored or not, and nothing between", () => {
    const exports = [sent("a", 10_000), sent("a", 3_000, "unknown"), sent("a", 5_000, "unknown")];
    for (const stored of [0.01, 0.013, 0.015, 0.018]) {
      assert.deepEqual(usd(exports, { a: stored }).wrongSessions, [], String(stored));
    }
    for (const stored of [0.009, 0.012, 0.019]) {
      assert.equal(usd(exports, { a: stored }).wrongSessions.length, 1, String(stored));
    }
  });
});
