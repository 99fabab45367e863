import assert from "node:assert/strict";

import { claudeCodeSettings } from "../../../client/settings";
import { settingsChecks } from "../../../doctor/checks/mistakes";
import { effectiveOf, goodSettings, troubles } from "./machine";

const endpoint = "OTEL_EXPORTER_OTLP_ENDPOINT";
const metricsEndpoint = "OTEL_EXPORTER_OTLP_METRICS_ENDPOINT";
const temporality = "OTEL_EXPORTER_OTLP_METRICS_TEMPORALITY_PREFERENCE";
const attributes = "OTEL_RESOURCE_ATTRIBUTES";
const url = "https://otlp.example.com";

describe("the doctor names mistakes in settings", () => {
  const protocol = "OTEL_EXPORTER_OTLP_PROTOCOL";
  /** Changes to good settings, empty for left out, and the troubles that they make. */
  const cases: readonly (readonly [string, Readonly<Record<string, string>>, readonly RegExp[]])[] = [
    ["none", {}, []],
    ["telemetry not enabled", { CLAUDE_CODE_ENABLE_TELEMETRY: "" }, [/^failed telemetry: .*not set/]],
    ["telemetry switched off", { CLAUDE_CODE_ENABLE_TELEMETRY: "0" }, [/^failed telemetry: .*"0"/]],
    ["metrics exporter none", { OTEL_METRICS_EXPORTER: "none" }, [/^failed metrics exporter: .*"none", so no amounts/]],
    ["metrics exporter missing", { OTEL_METRICS_EXPORTER: "" }, [/^failed metrics exporter: .*not set/]],
    ["metrics exporter unknown", { OTEL_METRICS_EXPORTER: "oltp" }, [/^failed metrics exporter: .*"oltp"/]],
    ["logs exporter unknown", { OTEL_LOGS_EXPORTER: "otlp,prometheus" }, [/^failed logs exporter: .*"prometheus"/]],
    ["logs off", { OTEL_LOGS_EXPORTER: "none" }, [/^warning logs exporter: .*no events/]],
    ["traces off though switched on", { OTEL_TRACES_EXPORTER: "none" }, [/^warning traces exporter: .*no traces/]],
    [
      "traces without their switch",
      { CLAUDE_CODE_ENHANCED_TELEMETRY_BETA: "" },
      [/^warning traces exporter: .*without/],
    ],
    ["no traces at all", { OTEL_TRACES_EXPORTER: "", CLAUDE_CODE_ENHANCED_TELEMETRY_BETA: "" }, []],
    ["temporality cumulative", { [temporality]: "cumulative" }, [/^failed temporality: cumulative/]],
    ["temporality unknown", { [temporality]: "deltas" }, [/^failed temporality: "deltas" is unknown/]],
    ["temporality lowmemory", { [temporality]: "lowmemory" }, [/^warning temporality: lowmemory/]],
    ["temporality left to the client", { [temporality]: "" }, []],
    [
      "attributes cut by the SDK",
      { OTEL_ATTRIBUTE_VALUE_LENGTH_LIMIT: "20" },
      [/^warning limits: .*cuts longer values/],
    ],
    [
      "attributes left off by the SDK",
      { OTEL_LOGRECORD_ATTRIBUTE_COUNT_LIMIT: "10" },
      [/^warning limits: .*leaves off attributes/],
    ],
    ["traces left out", { OTEL_TRACES_SAMPLER: "traceidratio" }, [/^warning limits: .*traces are missing/]],
    ["all traces kept", { OTEL_TRACES_SAMPLER: "always_on" }, []],
    ["a sampler that the client does not know", { OTEL_TRACES_SAMPLER: "half" }, []],
    ["protocol unknown", { [protocol]: "http" }, [/^failed protocol: "http" is unknown/]],
    ["protocol left to the client", { [protocol]: "" }, []],
    ["no endpoint", { [endpoint]: "" }, [/^failed endpoint: no endpoint/]],
    ["endpoint without scheme", { [endpoint]: "otlp.example.com:4318" }, [/^failed endpoint: .*no URL/]],
    [
      "endpoint with a signal's path",
      { [endpoint]: `${url}/v1/metrics` },
      [1, 2, 3].map(() => /^failed endpoint: .*appends/),
    ],
    ["own endpoint without path", { [metricsEndpoint]: url }, [/^failed endpoint: .*as it is, without \/v1\/metrics/]],
    ["own endpoint with another path", { [metricsEndpoint]: `${url}/x` }, [/^warning endpoint: .*as it is/]],
    ["own endpoint with its path", { [metricsEndpoint]: `${url}/v1/metrics` }, []],
    ["gRPC's port over HTTP", { [endpoint]: "http://c:4317" }, [/^warning endpoint: .*port for gRPC/]],
    [
      "HTTP's port over gRPC",
      { [endpoint]: "http://c:30318", [protocol]: "grpc" },
      [/^warning endpoint: .*port for HTTP/],
    ],
    [
      "a path over gRPC",
      { [endpoint]: "http://c:4317/x", [protocol]: "grpc" },
      [/^warning endpoint: .*path is ignored/],
    ],
    [
      "an address over gRPC with TLS",
      { [endpoint]: "https://10.0.0.1:4317", [protocol]: "grpc" },
      [/^failed endpoint: .*IP/],
    ],
    ["no scheme over gRPC", { [endpoint]: "c:4317", [protocol]: "grpc" }, []],
    ["session id off", { OTEL_METRICS_INCLUDE_SESSION_ID: "false" }, [/^failed session id: .*"false"/]],
    ["attributes missing", { [attributes]: "" }, [/^warning OTEL_RESOURCE_ATTRIBUTES: is not set/]],
    ["a space in an attribute", { [attributes]: "team=a b,user=x" }, [/^failed .*"team=a b" has a space/]],
    ["a letter outside ASCII", { [attributes]: "location=Zürich" }, [/^failed .*outside ASCII/]],
    ["a semicolon", { [attributes]: "team=a;b" }, [/^failed .*"team=a;b" has a space, a semicolon/]],
    ["a backslash", { [attributes]: "team=a\\b" }, [/^failed .*a backslash/]],
    ["percent-encoded attributes", { [attributes]: "location=Z%C3%BCrich,team=a%20b" }, []],
    ["a broken percent code", { [attributes]: "team=50%" }, [/^failed .*% that begins no code/]],
    ["an attribute without =", { [attributes]: "team" }, [/^failed .*has no =/]],
    ["an attribute with two =", { [attributes]: "team=a=b" }, [/^failed .*more than one =/]],
    ["a key with a space", { [attributes]: "my team=a" }, [/^failed .*has a key with other/]],
    ["a long value", { [attributes]: `team=${"a".repeat(256)}` }, [/^failed .*more than 255/]],
    [
      "placeholders",
      { [attributes]: "user=FILL_IN,team=YOUR_TEAM,device=$(hostname)" },
      [/user=FILL_IN/, /YOUR_TEAM/, /hostname/],
    ],
    ["attributes off metrics", { OTEL_METRICS_INCLUDE_RESOURCE_ATTRIBUTES: "false" }, [/^failed .*carry no team/]],
    ["a header that is none", { OTEL_EXPORTER_OTLP_HEADERS: "Bearer secret" }, [/^failed headers: .*no name=value/]],
    ["a header in percent codes", { OTEL_EXPORTER_OTLP_HEADERS: "a=b%20c" }, [/^warning headers: .*percent codes/]],
    ["the same over gRPC", { OTEL_EXPORTER_OTLP_HEADERS: "a=b%20c", [protocol]: "grpc" }, []],
  ];
  for (const [name, changes, expected] of cases) {
    it(name, () => {
      const all = Object.entries({ ...goodSettings(url), ...changes }).filter(([, value]) => value !== "");
      const checks = settingsChecks(effectiveOf({ managed: Object.fromEntries(all) }));
      const found = troubles({ checks });
      assert.equal(found.length, expected.length, found.join("\n"));
      found.forEach((trouble, index) => {
        assert.match(trouble, expected[index]!);
        assert.ok(!trouble.includes("secret"));
      });
      assert.ok(checks.every(({ status, cure = "" }) => status === "ok" || cure !== ""));
    });
  }

  it("what a project changes, and what of it is ignored", () => {
    const settings = {
      user: goodSettings(url),
      project: { [attributes]: "team=other", [endpoint]: "http://elsewhere" },
    };
    assert.deepEqual(troubles({ checks: settingsChecks(effectiveOf(settings)) }), [
      "warning overridden: OTEL_RESOURCE_ATTRIBUTES: the project file changes it in this folder only",
      "warning ignored: OTEL_EXPORTER_OTLP_ENDPOINT in the project file: a project's settings cannot set it",
    ]);
  });

  it("nothing but placeholders in the settings that the stack hands out", () => {
    const args = { otlpHttpUrl: url, metricsIntervalSeconds: 60, logsIntervalSeconds: 5 };
    for (const [machineName, expected] of [
      // A machine that names itself is the device.
      [true, ["user", "team", "location"]],
      [false, ["user", "team", "location", "device"]],
    ] as const) {
      const { env } = claudeCodeSettings({ ...args, machineName });
      const found = troubles({ checks: settingsChecks(effectiveOf({ managed: env })) });
      assert.deepEqual(
        found.map((trouble) => /(\w+)=FILL_IN/.exec(trouble)?.[1]),
        expected,
      );
    }
  });
});
