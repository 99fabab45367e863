import assert from "node:assert/strict";

import { claudeCodeSettings } from "../../client/settings";

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
  });
});
