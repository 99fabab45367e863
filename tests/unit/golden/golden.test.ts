import assert from "node:assert/strict";
import * as fs from "node:fs";
import * as path from "node:path";

import { goldenDashboards, goldenDump, goldenStacks, readGolden } from "./golden";

describe("golden dumps", () => {
  for (const stack of goldenStacks) {
    it(`stack ${stack} is what tests/unit/golden/${stack}.yaml says (npm run golden, with a named assertion beside it)`, async () => {
      assert.equal(await goldenDump(stack), readGolden(stack));
    });

    it(`stack ${stack}'s dump holds no password`, () => {
      assert.doesNotMatch(readGolden(stack), /password: (?!"?\[secret\])|admin:admin|generated-password/);
    });
  }

  const dashboards = goldenDashboards();
  for (const [file, text] of dashboards) {
    it(`dashboard ${path.basename(file, ".json")} is what its file says (npm run golden)`, () => {
      assert.equal(fs.readFileSync(file, "utf8"), text);
    });
  }

  it("are of no dashboard that is gone", () => {
    const [first] = dashboards.keys();
    const folder = path.dirname(first!);
    assert.deepEqual(
      fs.readdirSync(folder).map((name) => path.join(folder, name)),
      [...dashboards.keys()].sort(),
    );
  });
});
