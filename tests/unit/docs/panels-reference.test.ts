import assert from "node:assert/strict";
import * as fs from "node:fs";
import * as path from "node:path";

import { panelsReference } from "../../../docs/generate/panels";
import { defaultConfig } from "../../../cli/stack-file";
import { bill, dashboardsFor, english, type Panel, seats } from "../dashboards/dashboard-model";
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
    const changes = { rawRangeSeconds: defaultConfig().dashboards.rawRange };
    const panelLine = ({ type, title, description = "" }: Panel, note: string) =>
      type === "row" ? `### ${title}${note}` : `- **${title}${note}**: ${description.replaceAll("\n\n", " ")}`;
    const usual = dashboardsFor(changes);
    const expected = dashboardsFor({ ...changes, plan: seats, bill }).flatMap(({ uid, title, panels }, index) => [
      `## ${title}`,
      ...usual[index]!.panels.map((panel) => panelLine(panel, "")),
      ...panels
        .filter(({ id }) => !always.has(`${uid} ${id}`))
        .map((panel) => panelLine(panel, uid === "claude-code-bill" ? " (with `bill.key`)" : " (with `plan.seats`)")),
    ]);
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
