import assert from "node:assert/strict";
import * as fs from "node:fs";
import * as path from "node:path";

import { parse } from "yaml";

import { parseConfig } from "../../../config/schema";
import { project, root } from "../config/stack-config";

/** The production file that a README shows, by its keys; addresses of `example.com` replaced by others. */
function productionFile(readme: string): Record<string, unknown> {
  const text = fs.readFileSync(path.join(root, readme), "utf8");
  const block = /^```yaml\n(config:\n[^]*?)^```/m.exec(text)?.[1] ?? "";
  const { config } = parse(block.replaceAll("example.com", "monitoring.test")) as { config: Record<string, unknown> };
  return config;
}

for (const readme of ["README.md", "README.zh-TW.md"]) {
  describe(`the production file of ${readme}`, () => {
    const { "kubernetes:context": context, ...file } = productionFile(readme);
    const own = Object.fromEntries(Object.entries(file).map(([key, value]) => [key.replace(`${project}:`, ""), value]));

    it("is complete: production refuses nothing of it but the placeholders for addresses", () => {
      assert.equal(own["environment"], "production");
      assert.doesNotThrow(() => parseConfig(own, { namesCluster: context !== undefined }));
      const untouched = JSON.parse(JSON.stringify(own).replaceAll("monitoring.test", "example.com")) as typeof own;
      assert.throws(() => parseConfig(untouched, { namesCluster: true }), /grafanaUrl/);
    });

    it("names the stack's cluster", () => {
      assert.throws(() => parseConfig(own, { namesCluster: false }), /kubernetes:context/);
      assert.equal(typeof context, "string");
    });
  });
}
