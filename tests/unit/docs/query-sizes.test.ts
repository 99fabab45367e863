import assert from "node:assert/strict";
import * as fs from "node:fs";
import * as path from "node:path";

import { querySizes, withQuerySizes } from "../../../docs/generate/query-sizes";
import { texts } from "../../../dashboards/text/texts";
import { english, targetsOf, variants } from "../dashboards/dashboard-model";
import { root } from "../config/stack-config";
import { mostRuleBytes } from "../dashboards/rule-bytes";
import { formatted } from "./formatted";

describe("the length of panels' queries", () => {
  const all = variants.flatMap(({ dashboard }) => targetsOf(dashboard).map(({ target }) => target.expr));

  it("is such that a person can read them", () => {
    const lengths = english.flatMap(targetsOf).map(({ target }) => target.expr.length);
    const sorted = lengths.sort((a, b) => a - b);
    const median = sorted[Math.floor(sorted.length / 2)]!;
    assert.ok(median <= 300, `found a median of ${median} characters`);
  });

  it("is that of one sum where there is one: a price table is long", () => {
    const simple = all.filter((expr) => expr.split("sum_over_time(").length === 2 && !expr.includes("priced_model"));
    assert.ok(simple.length > all.length / 2, `found ${simple.length} of ${all.length}`);
    for (const expr of simple) {
      assert.ok(expr.length <= 600, expr);
    }
  });

  it("is what docs/queries.md says, as are the rules (npm run docs)", async () => {
    const sizes = querySizes();
    assert.ok(sizes.rules <= 400 && sizes.ruleBytes <= mostRuleBytes, JSON.stringify(sizes));
    assert.ok(sizes.median <= 300 && sizes.longestAmount <= 600, JSON.stringify(sizes));
    const file = path.join(root, "docs/queries.md");
    const document = fs.readFileSync(file, "utf8");
    assert.equal(document, await formatted(withQuerySizes(document)));
    assert.throws(() => withQuerySizes("no marks"), /found no "<!-- query sizes -->"/);
  });
});

describe("a panel's description", () => {
  it("says how far behind it is where roll-ups may answer it, and only there", () => {
    for (const { language, dashboard } of variants) {
      for (const { panel, target } of targetsOf(dashboard)) {
        const ofPanel = targetsOf(dashboard)
          .filter((one) => one.panel === panel)
          .map((one) => one.target.expr);
        const rolledUp = ofPanel.some((expr) => expr.includes("rollup_step="));
        const said = (panel.description ?? "").endsWith(`\n\n${texts[language as keyof typeof texts].behind}`);
        assert.equal(said, rolledUp, `${panel.title}: ${target.expr}`);
      }
    }
  });
});
