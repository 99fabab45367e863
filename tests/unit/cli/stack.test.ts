import type { EngineEvent, OpType } from "@pulumi/pulumi/automation";
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";

import { milestone, PulumiStack } from "../../../cli/stack";
import { killAtExit, removeTemporaryDirectory, temporaryDirectory } from "../../support/processes";

describe("what npm run up shows of the engine's events", () => {
  const type = "kubernetes:core/v1:ConfigMap";
  const metadata = (op: OpType, of = type, custom = true) => ({
    op,
    urn: `urn:pulumi:dev::claude-code-monitoring::${of}::otel-collector-config`,
    type: of,
    [op === "delete" ? "old" : "new"]: { type: of, custom },
    provider: "",
  });
  const ended = (...args: Parameters<typeof metadata>) =>
    milestone({ sequence: 1, timestamp: 1, resOutputsEvent: { metadata: metadata(...args) } });

  it("is what was done to a resource", () => {
    const shown = (["create", "update", "replace", "delete"] as const).map((op) => ended(op));
    assert.deepEqual(
      shown,
      ["created", "updated", "replaced", "deleted"].map((word) => `otel-collector-config ${word} (${type})`),
    );
  });

  it("is not what is under way, stays as it is, or is a mere part of the program", () => {
    const began = { sequence: 1, timestamp: 1, resourcePreEvent: { metadata: metadata("create") } } as EngineEvent;
    const left = [milestone(began), ended("same"), ended("read"), ended("create", "pulumi:providers:kubernetes")];
    assert.deepEqual(
      [...left, ended("create", "claude-monitoring:collector:Collector", false)],
      Array(5).fill(undefined),
    );
  });
});

describe("a stack whose engine was killed", () => {
  let folder: string;
  let said: string[];

  /** Answers as Pulumi does, and notes what it was asked. */
  const engine = `#!/bin/sh
echo "$@" >>"$(dirname "$0")/asked"
case "$1" in
  version) echo v3.256.0 ;;
  cancel) rm -r state/.pulumi/locks ;;
  stack) case "$2" in output) echo '{}' ;; history) echo '[]' ;; esac ;;
esac
`;

  beforeEach(() => {
    folder = temporaryDirectory("stack-test");
    said = [];
    fs.mkdirSync(path.join(folder, "bin"));
    fs.writeFileSync(path.join(folder, "bin", "pulumi"), engine, { mode: 0o755 });
  });

  afterEach(() => {
    removeTemporaryDirectory(folder);
  });

  function stack(): PulumiStack {
    return new PulumiStack({
      stack: "dev",
      workspace: path.join(folder, "workspace"),
      overrides: { "alerting.slackUrl": { secure: "v1:ciphertext" } },
      environment: {},
      pulumiRoot: folder,
      onLine: (line) => said.push(line),
    });
  }

  function lock(pid: number, hostname = os.hostname()): void {
    const locks = path.join(folder, "workspace/state/.pulumi/locks/organization/claude-code-monitoring/dev");
    fs.mkdirSync(locks, { recursive: true });
    fs.writeFileSync(path.join(locks, "0b5b.json"), JSON.stringify({ pid, hostname, username: "ada", timestamp: "" }));
  }

  const asked = () => fs.readFileSync(path.join(folder, "bin", "asked"), "utf8");

  it("is unlocked by the next command, which says so", async () => {
    lock(2 ** 22 + 1);
    await stack().refresh();
    assert.deepEqual(said, ["removing the lock of a command that was killed"]);
    assert.match(asked(), /^cancel [^]*^refresh /m);
  });

  it("keeps the lock of an engine that is at work, here or elsewhere", async () => {
    const program = path.join(folder, "pulumi");
    fs.copyFileSync("/bin/sleep", program);
    fs.chmodSync(program, 0o755);
    const running = spawn(program, ["60"], { stdio: "ignore" });
    killAtExit(running);
    lock(running.pid!);
    const here = `process ${running.pid} on ${os.hostname()}`;
    await assert.rejects(stack().up(), {
      message: `stack dev: found a lock of ${here}; expected one command at a time`,
    });
    running.kill();
    lock(1, "another-machine");
    await assert.rejects(stack().up(), /found a lock of process 1 on another-machine/);
    assert.ok(!/^(up|cancel)/m.test(asked()), asked());
  });

  it("has its configuration, passphrase and state where only their owner may read them", async () => {
    await stack().prepare();
    const modes = ["state", "passphrase", "Pulumi.dev.yaml", "Pulumi.yaml"].map((name) => {
      const { mode } = fs.statSync(path.join(folder, "workspace", name));
      return [name, (mode & 0o777).toString(8)];
    });
    assert.deepEqual(modes, [
      ["state", "700"],
      ["passphrase", "600"],
      ["Pulumi.dev.yaml", "600"],
      ["Pulumi.yaml", "600"],
    ]);
    const effective = fs.readFileSync(path.join(folder, "workspace", "Pulumi.dev.yaml"), "utf8");
    assert.match(effective, /slackUrl:\n +secure: v1:ciphertext/);
  });
});
