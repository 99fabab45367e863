import assert from "node:assert/strict";
import * as fs from "node:fs";
import * as path from "node:path";

import { findTarget, forgetTarget, saveTarget, stackFolder } from "../../../cli/stack-folder";
import { removeTemporaryDirectory, temporaryDirectory } from "../../support/processes";

describe("the folder of what is kept of a stack", () => {
  const before = process.env;
  let root: string;

  beforeEach(() => {
    root = temporaryDirectory("stack-folder-test");
    process.env = {
      ...before,
      CLAUDE_MONITORING_DATA: undefined,
      CLAUDE_MONITORING_CACHE: path.join(root, "cache"),
      XDG_DATA_HOME: path.join(root, "data"),
    };
  });

  afterEach(() => {
    process.env = before;
    removeTemporaryDirectory(root);
  });

  const modeOf = (file: string) => (fs.statSync(file).mode & 0o777).toString(8);

  it("is in the user's data, which no clean-up of caches empties, and for nobody else to read", () => {
    const folder = stackFolder("dev");
    assert.equal(folder, path.join(root, "data", "claude-code-monitoring", "stacks", "dev"));
    saveTarget("dev", { kind: "node", overrides: { grafana: "none" }, given: {} });
    assert.deepEqual([path.dirname(folder), folder, path.join(folder, "target.json")].map(modeOf), [
      "700",
      "700",
      "600",
    ]);
    assert.deepEqual(findTarget("dev"), { kind: "node", overrides: { grafana: "none" }, given: {} });
    forgetTarget("dev");
    assert.equal(findTarget("dev"), undefined);
  });

  it("is where CLAUDE_MONITORING_DATA says", () => {
    process.env["CLAUDE_MONITORING_DATA"] = path.join(root, "elsewhere");
    assert.equal(stackFolder("prod"), path.join(root, "elsewhere", "stacks", "prod"));
  });

  it("gets once what an earlier release kept in the cache, and keeps it private", () => {
    const earlier = path.join(root, "cache", "stacks", "dev");
    fs.mkdirSync(path.join(earlier, "state", ".pulumi"), { recursive: true });
    fs.writeFileSync(path.join(earlier, "passphrase"), "secret", { mode: 0o644 });
    fs.writeFileSync(path.join(earlier, "state", ".pulumi", "dev.json"), "{}");
    fs.symlinkSync(root, path.join(earlier, "program"));
    const folder = stackFolder("dev");
    assert.equal(fs.readFileSync(path.join(folder, "passphrase"), "utf8"), "secret");
    const kept = ["state", "state/.pulumi", "state/.pulumi/dev.json", "passphrase"];
    assert.deepEqual(
      kept.map((name) => modeOf(path.join(folder, name))),
      ["700", "700", "600", "600"],
    );
    assert.ok(!fs.existsSync(earlier));
    assert.notEqual(modeOf(root), "600", "what the link leads to is left alone");
    fs.mkdirSync(earlier, { recursive: true });
    fs.writeFileSync(path.join(earlier, "passphrase"), "another");
    assert.equal(fs.readFileSync(path.join(stackFolder("dev"), "passphrase"), "utf8"), "secret");
  });
});
