import assert from "node:assert/strict";
import * as fs from "node:fs";
import * as path from "node:path";

import { root } from "../config/stack-config";

describe("README", () => {
  const readme = fs.readFileSync(path.join(root, "README.md"), "utf8");

  it("names only npm commands that exist", () => {
    const { scripts } = JSON.parse(fs.readFileSync(path.join(root, "package.json"), "utf8")) as { scripts: object };
    const named = [...readme.matchAll(/npm run (?:--silent )?([\w:]+)/g)].map(([, name]) => name!);
    assert.ok(named.length >= 3);
    for (const name of named) {
      assert.ok(name in scripts, `npm run ${name}`);
    }
  });
});
