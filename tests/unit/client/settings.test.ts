import assert from "node:assert/strict";

import { claudeCodeSettings } from "../../../client/settings";

describe("settings for clients", () => {
  const args = { otlpHttpUrl: "http://localhost:30318", metricsIntervalSeconds: 1.5, logsIntervalSeconds: 5 };

  it("escape what is filled in, and leave the rest to fill in", () => {
    const { env } = claudeCodeSettings({ ...args, resourceAttributes: { user: "ann lee", team: "core,ui" } });
    assert.equal(env["OTEL_RESOURCE_ATTRIBUTES"], "user=ann%20lee,team=core%2Cui,location=FILL_IN,device=FILL_IN");
  });

  it("give intervals in milliseconds", () => {
    const { env } = claudeCodeSettings(args);
    assert.equal(env["OTEL_METRIC_EXPORT_INTERVAL"], "1500");
    assert.equal(env["OTEL_LOGS_EXPORT_INTERVAL"], "5000");
    assert.equal(env["OTEL_TRACES_EXPORT_INTERVAL"], undefined);
    assert.equal(claudeCodeSettings({ ...args, traces: true }).env["OTEL_TRACES_EXPORT_INTERVAL"], "5000");
  });

  it("have prices of one's own in the client's form, and none otherwise", () => {
    const modelPricing = {
      multiplier: 0.8,
      overrides: { "claude-opus-5": { input: 4, output: 20, cacheRead: 0.4, cacheWrite: 5 } },
    };
    assert.deepEqual(claudeCodeSettings({ ...args, modelPricing }).modelPricing, modelPricing);
    assert.ok(!("modelPricing" in claudeCodeSettings(args)));
  });

  it("send spans where they are stored, and contents by their own switches", () => {
    const { env: plain } = claudeCodeSettings(args);
    assert.equal(plain["OTEL_TRACES_EXPORTER"], undefined);
    assert.equal(plain["OTEL_LOG_USER_PROMPTS"], undefined);
    assert.equal(plain["OTEL_LOG_ASSISTANT_RESPONSES"], "0");
    const { env } = claudeCodeSettings({ ...args, traces: true, contents: ["prompts", "toolDetails"] });
    assert.equal(env["OTEL_TRACES_EXPORTER"], "otlp");
    assert.equal(env["CLAUDE_CODE_ENHANCED_TELEMETRY_BETA"], "1");
    assert.equal(env["OTEL_LOG_USER_PROMPTS"], "1");
    assert.equal(env["OTEL_LOG_TOOL_DETAILS"], "1");
    // Prompts would bring responses with them.
    assert.equal(env["OTEL_LOG_ASSISTANT_RESPONSES"], "0");
    assert.equal(claudeCodeSettings({ ...args, contents: ["responses"] }).env["OTEL_LOG_ASSISTANT_RESPONSES"], "1");
  });

  it("name the machine, unless that would name its owner", () => {
    assert.equal(claudeCodeSettings(args).env["OTEL_RESOURCE_INCLUDE_HOST"], "true");
    assert.equal(claudeCodeSettings({ ...args, machineName: false }).env["OTEL_RESOURCE_INCLUDE_HOST"], "false");
  });
});
