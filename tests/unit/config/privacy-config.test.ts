import assert from "node:assert/strict";

import type { ConfigValues } from "../../../config/paths";
import { parse } from "yaml";

import { privacyArgs } from "../../../config/privacy";
import { deploy } from "../components/deployment";
import { one } from "../components/registered";
import { stackConfig } from "./stack-config";

describe("what may be stored, as configured", () => {
  const parsed = (overrides: ConfigValues) => stackConfig("prod", overrides);

  it("is no contents, with identities, by default", () => {
    assert.deepEqual(privacyArgs(parsed({})), {
      contents: [],
      identity: "keep",
      attributeLength: 1024,
      resourceAttributes: [],
    });
    assert.deepEqual(parsed({}).attributes.values, {});
  });

  it("is read from lists", () => {
    const config = parsed({
      contents: ["prompts", "toolDetails", "prompts"],
      "attributes.resource": ["cost.center", "room"],
      "attributes.values": { tool_name: ["MyTool", "Other"], team: ["core"] },
    });
    assert.deepEqual(config.contents, ["prompts", "toolDetails"]);
    assert.deepEqual(config.attributes.resource, ["cost.center", "room"]);
    assert.deepEqual(config.attributes.values, { tool_name: ["MyTool", "Other"], team: ["core"] });
  });

  for (const [key, value, expected] of [
    ["contents[0]", "everything", /contents\[0\]: found "everything"; expected one of prompts, responses/],
    ["contents", "prompts", /contents: found "prompts"; expected a list of kinds of contents/],
    ["identity", "hash", /identity: found "hash"; expected one of keep, drop, pseudonym/],
    ["attributes.maxLength", "10", /attributes.maxLength: found "10"; expected a whole number from 64 to 65536/],
    ["attributes.resource[0]", "cost center", /attributes.resource\[0\]: found "cost center"; expected an attribute/],
    ["attributes.values", "team", /attributes.values: found a single value; expected lists of values by attribute/],
    ["attributes.values.team", "core", /attributes.values.team: found "core"; expected a list of values/],
    ["attributes.values.team", [], /attributes.values.team: found a list; expected a value at least/],
    ["attributes.values.team[0]", "", /attributes.values.team\[0\]: found ""; expected a value/],
    ['attributes.values["a b"]', ["c"], /attributes.values.a b: found this key; expected an attribute's name/],
    [
      'attributes.values["cost.center"]',
      [[]],
      /attributes.values\["cost.center"\]\[0\]: found a list; expected a value/,
    ],
  ] as const) {
    it(`refuses ${key} = ${JSON.stringify(value)}`, () => {
      assert.throws(() => parsed({ [key]: value }), expected);
    });
  }
});

describe("pseudonyms", () => {
  it("have a key of their own, generated, protected like the data, and in a Secret only", async () => {
    const deployment = await deploy("prod", { identity: "pseudonym" });
    assert.equal(one(deployment, "pseudonym-key").options.protect, true);
    const secret = one(deployment, "otel-collector-pseudonym-key");
    // Wrapped, as the engine marks what is secret in the state.
    const wrapped = secret.inputs["stringData"] as { value: object };
    assert.deepEqual(Object.keys(wrapped.value), ["PSEUDONYM_KEY"]);
    const { template } = one(deployment, "otel-collector-workload").inputs["spec"] as {
      template: { spec: { containers: { env: { name: string; valueFrom?: { secretKeyRef?: { key: string } } }[] }[] } };
    };
    const [container] = template.spec.containers;
    const variable = container?.env.find(({ name }) => name === "PSEUDONYM_KEY");
    assert.equal(variable?.valueFrom?.secretKeyRef?.key, "PSEUDONYM_KEY");
  });

  it("are not made unless they are asked for", async () => {
    const deployment = await deploy("prod");
    assert.ok(!deployment.resources.some(({ name }) => name.includes("pseudonym")));
  });
});

describe("the collector that is deployed", () => {
  it("sends to the stores that are there, and to no others", async () => {
    const exportersOf = async (overrides: ConfigValues) => {
      const config = one(await deploy("prod", overrides), "otel-collector-config").inputs["data"] as {
        "collector.yaml": string;
      };
      const { exporters } = parse(config["collector.yaml"]) as { exporters: Record<string, { endpoint: string }> };
      return exporters;
    };
    const both = await exportersOf({});
    assert.equal(both["otlp_http/loki"]?.endpoint, "http://prod-loki:3100/otlp");
    assert.equal(both["otlp_http/tempo"]?.endpoint, "http://prod-tempo:4318");
    const none = await exportersOf({ "loki.enabled": "false", "tempo.enabled": "false" });
    assert.equal(none["otlp_http/loki"], undefined);
    assert.equal(none["otlp_http/tempo"], undefined);
  });
});
