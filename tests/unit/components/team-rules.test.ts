import assert from "node:assert/strict";

import { parse } from "yaml";

import { nameTeams } from "../../../components/collector/team-rules";
import { deploy } from "./deployment";
import { one } from "./registered";

describe("rules that give teams", () => {
  const rules = [{ attribute: "user.groups", value: "a.b ($)", team: "web" }];

  it("stand before attributes are dropped, on every signal", async () => {
    const deployment = await deploy("prod", { teamRules: rules });
    const { inputs } = one(deployment, "otel-collector-config");
    const { "collector.yaml": text } = inputs["data"] as Record<string, string>;
    const { processors } = parse(text!) as { processors: Record<string, object> };
    for (const name of ["transform/points", "transform/events", "transform/spans"]) {
      const statements = JSON.stringify(processors[name]);
      const rule = statements.indexOf("user.groups");
      assert.ok(rule >= 0 && rule < statements.indexOf("keep_keys("), name);
    }
  });

  it("take a value as it is: a dollar sign doubled for the collector's configuration, others escaped", () => {
    const [{ statements }] = nameTeams("log", rules) as [{ statements: string[] }];
    assert.ok(statements[0]!.includes(String.raw`a\\.b \\(\\$$\\)`), statements[0]);
  });

  it("are no statements where there are none", () => {
    assert.deepEqual(nameTeams("span", []), []);
  });
});
