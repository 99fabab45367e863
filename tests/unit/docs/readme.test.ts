import assert from "node:assert/strict";
import * as fs from "node:fs";
import * as path from "node:path";

import { configReference, withConfigReference } from "../../../docs/generate/configuration";
import { root } from "../config/stack-config";

/** Markdown tables are padded by the formatter. */
function withoutPadding(text: string): string {
  return text.replaceAll(/ +/g, " ").replaceAll(/-{3,}/g, "---");
}

describe("docs/configuration.md", () => {
  const page = fs.readFileSync(path.join(root, "docs/configuration.md"), "utf8");

  it("has the configuration reference of Pulumi.yaml (npm run docs)", () => {
    assert.ok(withoutPadding(page).includes(withoutPadding(configReference())));
    assert.equal(withoutPadding(withConfigReference(page)), withoutPadding(page));
  });

  it("cannot be brought up to date without its markers", () => {
    assert.throws(() => withConfigReference("# Title"), /configuration\.md: found no/);
  });
});

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
