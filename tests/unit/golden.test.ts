import assert from "node:assert/strict";

import { goldenDump, goldenStacks, readGolden } from "./golden";

describe("golden dumps", () => {
  for (const stack of goldenStacks) {
    it(`stack ${stack} is what tests/unit/golden/${stack}.yaml says (npm run golden, with a named assertion beside it)`, async () => {
      assert.equal(await goldenDump(stack), readGolden(stack));
    });

    it(`stack ${stack}'s dump holds no password`, () => {
      assert.doesNotMatch(readGolden(stack), /password: (?!"?\[secret\])|admin:admin|generated-password/);
    });
  }
});
