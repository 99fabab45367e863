import assert from "node:assert/strict";
import * as fs from "node:fs";
import * as path from "node:path";

import { panelsReference } from "../../../docs/generate/panels";
import { defaultConfig } from "../../../cli/stack-file";
import { dashboardsFor, english, seats } from "../dashboards/dashboard-model";
import { root } from "../config/stack-config";
import { formatted } from "./formatted";

describe("docs/panels.md", () => {
  const reference = panelsReference();
  const lines = reference.split("\n");

  it("is what the dashboards say (npm run docs)", async () => {
    const file = path.join(root, "docs/panels.md");
    assert.equal(fs.readFileSync(file, "utf8"), await formatted(reference));
  });

  it("has a section for every dashboard, a heading for every group and a line for every panel, in their order", () => {
    const always = new Set(english.flatMap(({ uid, panels }) => panels.map(({ id }) => `${uid} ${id}`)));
    const expected = dashboardsFor({ plan: seats, rawRangeSeconds: defaultConfig().dashboards.rawRange }).flatMap(
      ({ uid, title, panels }) => [
        `## ${title}`,
        ...panels.map(({ id, type, title: name, description = "" }) => {
          const note = always.has(`${uid} ${id}`) ? "" : " (with `plan.seats`)";
          return type === "row" ? `### ${name}${note}` : `- **${name}${note}**: ${description.replaceAll("\n\n", " ")}`;
        }),
      ],
    );
    assert.deepEqual(
      lines.filter((line) => /^(##|- )/.test(line)),
      expected,
    );
    assert.equal(expected.filter((line) => line.includes("(with `plan.seats`)")).length, 5);
  });

  it("is short enough to read: it says what panels show, and nothing of queries", () => {
    assert.ok(lines.length <= 400, `found ${lines.length} lines`);
    for (const internal of ["```", "sum_over_time", "rollup_step", "$", "{{"]) {
      assert.ok(!reference.includes(internal), internal);
    }
  });
});
