import assert from "node:assert/strict";

import { parse } from "yaml";

import { parseConfig } from "../../../config/schema";
import { privacyArgs } from "../../../config/privacy";
import { deploy } from "../components/deployment";
import { one } from "../components/registered";
import { stackConfig } from "./stack-config";

describe("what may be stored, as configured", () => {
  const parsed = (overrides: Readonly<Record<string, string>>) => parseConfig(stackConfig("prod", overrides));

  it("is no contents, with identities, by default", () => {
    assert.deepEqual(privacyArgs(parsed({})), {
      contents: [],
      identity: "keep",
      attributeLength: 1024,
      resourceAttributes: [],
    });
    assert.deepEqual(parsed({}).labelValues, {});
  });

  it("is read from lists", () => {
    const config = parsed({
      keepContents: "prompts, toolDetails, prompts",
      resourceAttributes: "cost.center, room",
      labelValues: "tool_name=MyTool|Other, team=core",
    });
    assert.deepEqual(config.keepContents, ["prompts", "toolDetails"]);
    assert.deepEqual(config.resourceAttributes, ["cost.center", "room"]);
    assert.deepEqual(config.labelValues, { tool_name: ["MyTool", "Other"], team: ["core"] });
  });

  for (const [key, value, expected] of [
    ["keepContents", "everything", /keepContents: found "everything"; expected some of prompts, responses/],
    ["identity", "hash", /identity: found "hash"; expected one of keep, drop, pseudonym/],
    ["attributeLength", "10", /attributeLength: found "10"; expected a whole number from 64 to 65536/],
    ["resourceAttributes", "cost center", /resourceAttributes: found "cost center"; expected attribute names/],
    ["labelValues", "team", /labelValues: found "team"; expected names and values/],
    ["labelValues", "team=", /expected names and values/],
    ["labelValues", "team=a, team=b", /expected names and values/],
    ["labelValues", "=a", /expected names and values/],
  ] as const) {
    it(`refuses ${key} = "${value}"`, () => {
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
    const exportersOf = async (overrides: Readonly<Record<string, string>>) => {
      const config = one(await deploy("prod", overrides), "otel-collector-config").inputs["data"] as {
        "collector.yaml": string;
      };
      const { exporters } = parse(config["collector.yaml"]) as { exporters: Record<string, { endpoint: string }> };
      return exporters;
    };
    const both = await exportersOf({});
    assert.equal(both["otlp_http/loki"]?.endpoint, "http://prod-loki.claude-monitoring-prod.svc:3100/otlp");
    assert.equal(both["otlp_http/tempo"]?.endpoint, "http://prod-tempo.claude-monitoring-prod.svc:4318");
    const none = await exportersOf({ loki: "false", tempo: "false" });
    assert.equal(none["otlp_http/loki"], undefined);
    assert.equal(none["otlp_http/tempo"], undefined);
  });
});
