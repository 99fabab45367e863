import { execa } from "execa";
import * as assert from "node:assert/strict";
import * as fs from "node:fs";
import * as path from "node:path";

import { claudeCodeSettings } from "../../client/settings";
import { metrics } from "../../telemetry/client-metrics";
import { PipelineStack } from "../support/collectors/pipeline-stack";

const repository = path.join(__dirname, "..", "..");

describe("npm run doctor", function () {
  this.timeout(90_000);
  let stack: PipelineStack;

  before(async () => {
    stack = await PipelineStack.start();
  });

  after(async () => {
    await stack.stop();
  });

  /** The doctor on a machine whose managed settings are those that the stack hands out, filled in. */
  async function doctor(changes: Readonly<Record<string, string>>, ...args: readonly string[]) {
    const home = path.join(stack.directory, "home");
    fs.mkdirSync(home, { recursive: true });
    const { env } = claudeCodeSettings({
      otlpHttpUrl: stack.otlpHttpUrl,
      metricsIntervalSeconds: 60,
      logsIntervalSeconds: 5,
      resourceAttributes: { user: "ada", team: "the core", location: "Zürich", device: "laptop" },
    });
    const settings = path.join(home, "managed-settings.json");
    fs.writeFileSync(settings, JSON.stringify({ env: { ...env, ...changes } }));
    const command = ["--require", "./cli/typescript.cjs", path.join(repository, "cli", "main.ts"), "doctor"];
    return execa(process.execPath, [...command, "--settings", settings, ...args], {
      cwd: repository,
      env: { PATH: process.env["PATH"], HOME: home, INIT_CWD: home },
      extendEnv: false,
      reject: false,
    });
  }

  const protocols: readonly (readonly [string, (stack: PipelineStack) => Record<string, string>])[] = [
    ["http/protobuf", () => ({})],
    ["http/json", () => ({ OTEL_EXPORTER_OTLP_PROTOCOL: "http/json" })],
    ["grpc", ({ otlpGrpcUrl }) => ({ OTEL_EXPORTER_OTLP_PROTOCOL: "grpc", OTEL_EXPORTER_OTLP_ENDPOINT: otlpGrpcUrl })],
  ];
  for (const [protocol, changes] of protocols) {
    it(`${protocol}: finds nothing wrong, and its marked export in Prometheus`, async () => {
      const { exitCode, stdout, stderr } = await doctor(changes(stack), "--prometheus", stack.reader.url);
      assert.equal(exitCode, 0, stdout + stderr);
      assert.match(stdout, /\n\d+ ok, 0 warnings, 0 failed$/);
      for (const signal of ["metrics", "logs", "traces"]) {
        assert.match(stdout, new RegExp(`^ok {7}${signal}: http.* accepts exports$`, "m"));
      }
      assert.match(stdout, /^ok {7}clock: /m);
      assert.match(stdout, /^ok {7}arrival: the marked export was in Prometheus after \d+\.\d s$/m);
      const id = /doctor\.id ([0-9a-f-]{36})$/m.exec(stdout)?.[1] ?? "";
      const stored = await stack.reader.query(`sum_over_time({doctor_id="${id}"}[10m])`);
      assert.deepEqual(
        stored.map(({ value }) => value),
        [1],
      );
    });
  }

  it("adds to nothing that dashboards count", async () => {
    const names = Object.values(metrics).map(({ prometheus }) => prometheus);
    const counted = await stack.reader.query(`count({__name__=~"${names.join("|")}"})`);
    assert.deepEqual(counted, []);
    const labels = await stack.reader.query(`count by (user, team) ({__name__=~"claude_code_.*"})`);
    assert.deepEqual(
      labels.map((sample) => sample.labels),
      [{}],
    );
  });

  it("gRPC's port over HTTP, and the reverse: failed, with the cause", async () => {
    const grpcPort = await doctor({ OTEL_EXPORTER_OTLP_ENDPOINT: stack.otlpGrpcUrl });
    assert.equal(grpcPort.exitCode, 1);
    assert.match(grpcPort.stdout, /^FAILED {3}metrics: .*does not speak HTTP\/1\.1/m);
    const httpPort = await doctor({ OTEL_EXPORTER_OTLP_PROTOCOL: "grpc" });
    assert.equal(httpPort.exitCode, 1);
    assert.match(httpPort.stdout, /^FAILED {3}metrics: .*does not speak HTTP\/2/m);
  });

  it("an endpoint with /v1/metrics: failed twice, by its looks and by the collector's 404", async () => {
    const { exitCode, stdout } = await doctor({ OTEL_EXPORTER_OTLP_ENDPOINT: `${stack.otlpHttpUrl}/v1/metrics` });
    assert.equal(exitCode, 1);
    assert.match(stdout, /^FAILED {3}endpoint: .*appends/m);
    assert.match(stdout, /^FAILED {3}metrics: \/v1\/metrics\/v1\/metrics answered 404/m);
  });

  it("Prometheus stopped: the collector accepts, and nothing arrives", async () => {
    await stack.prometheus.stop();
    try {
      const { exitCode, stdout } = await doctor({}, "--prometheus", stack.reader.url, "--wait", "1");
      assert.equal(exitCode, 1);
      assert.match(stdout, /^ok {7}marked export: accepted/m);
      assert.match(stdout, /^FAILED {3}arrival: .*ECONNREFUSED/m);
    } finally {
      await stack.prometheus.start();
    }
  });

  it("the collector stopped: failed, with cause and cure", async () => {
    await stack.collector.stop();
    for (const [, changes] of protocols) {
      const { exitCode, stdout } = await doctor(changes(stack), "--prometheus", stack.reader.url);
      assert.equal(exitCode, 1);
      assert.match(stdout, /^FAILED {3}connection: .*refuses connections: nothing listens there\n {9}Check the port/m);
      assert.doesNotMatch(stdout, /accepts exports|marked export/);
    }
  });
});
