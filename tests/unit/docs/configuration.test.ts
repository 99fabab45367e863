import assert from "node:assert/strict";
import * as fs from "node:fs";
import * as path from "node:path";

import { parse } from "yaml";

import { configOfFile } from "../../../cli/stack-file";
import { features, settings } from "../../../config/schema";
import { configurationReference } from "../../../docs/generate/configuration";
import { examples } from "../../../docs/generate/configuration-examples";
import { root } from "../config/stack-config";
import { formatted } from "./formatted";

describe("docs/configuration.md", () => {
  const reference = configurationReference();

  it("is what the schemas say (npm run docs)", async () => {
    const file = path.join(root, "docs/configuration.md");
    assert.equal(fs.readFileSync(file, "utf8"), await formatted(reference));
  });

  it("has a row for every setting", () => {
    assert.ok(settings.length > 120);
    for (const { path: name } of settings) {
      assert.equal(reference.split(`\n| \`${name}\` |`).length, 2, name);
    }
  });

  it("has an example for every feature", () => {
    assert.deepEqual(
      features.map(({ title }) => title),
      Object.keys(examples),
    );
  });

  for (const [title, { yaml }] of Object.entries(examples)) {
    it(`has an example of ${title} that is valid`, () => {
      const config = parse(yaml) as Record<string, unknown>;
      configOfFile({ config: { "claude-code-monitoring:environment": "development", ...config } }, {});
      const keys = features.find((feature) => feature.title === title)!.schema;
      assert.ok(Object.keys(config).some((key) => key.replace("claude-code-monitoring:", "") in keys));
    });
  }
});
