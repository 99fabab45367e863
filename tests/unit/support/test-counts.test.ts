import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";

import { closingLine, countsOfCommand, countsOfMocha, totalOf } from "../../test-counts";
import { root } from "../config/stack-config";

describe("the count of tests", () => {
  let folder: string;

  beforeEach(() => {
    folder = fs.mkdtempSync(path.join(os.tmpdir(), "test-counts-"));
  });

  afterEach(() => {
    fs.rmSync(folder, { recursive: true });
  });

  /** Runs mocha on a file with these tests, as a tier does. */
  function mocha(tests: string): { readonly status: number; readonly output: string } {
    const file = path.join(folder, "sample.test.js");
    fs.writeFileSync(file, `describe("a group", () => {\n${tests}\n});\n`);
    const program = path.join(root, "node_modules/.bin/mocha");
    const args = ["--reporter", "tests/skips-reporter.ts", file];
    const { status, stdout } = spawnSync(program, args, { cwd: root, encoding: "utf8" });
    return { status: status ?? -1, output: stdout };
  }

  it("has those that were skipped, by hand or by themselves, and names each", () => {
    const { status, output } = mocha(`
      it("passes", () => {});
      it.skip("is left out", () => {});
      it("lacks something", function () { this.skip(); });
      describe("of more", () => {
        before(function () { this.skip(); });
        it("is never reached", () => {});
      });`);
    assert.deepEqual(countsOfMocha(output, status), { passed: 1, failed: 0, skipped: 3 });
    for (const title of ["is left out", "lacks something", "of more is never reached"]) {
      assert.ok(output.includes(`  skipped: a group ${title}\n`), output);
    }
  });

  it("has those that failed, and a run that ended badly without one", () => {
    const { status, output } = mocha(`
      it("passes", () => {});
      it("fails", () => { throw new Error("3 pending"); });`);
    assert.deepEqual(countsOfMocha(output, status), { passed: 1, failed: 1, skipped: 0 });
    assert.deepEqual(countsOfMocha("\n  2 passing (1s)\n", 1), { passed: 2, failed: 1, skipped: 0 });
  });

  it("ends in a line that tells of skipped tests where there are any", () => {
    const checks = [countsOfCommand(0), countsOfCommand(2)];
    assert.equal(closingLine(totalOf(checks)), "1 passed, 1 failed");
    assert.equal(
      closingLine(totalOf([...checks, { passed: 5, failed: 0, skipped: 2 }])),
      "6 passed, 1 failed, 2 skipped",
    );
  });

  /** The last line of `.ci/run` and its status, where the tiers end in these lines and with these statuses. */
  function ciRun(tiers: Readonly<Record<string, readonly [closing: string, status: number]>>) {
    const cases = Object.entries(tiers).map(
      ([tier, [closing, status]]) => `*" ${tier}") echo '${closing}'; exit ${status};;`,
    );
    fs.writeFileSync(path.join(folder, "npm"), `#!/bin/sh\ncase " $*" in ${cases.join("\n")} esac\n`, { mode: 0o755 });
    const PATH = [folder, process.env["PATH"] ?? ""].join(path.delimiter);
    const result = spawnSync(path.join(root, ".ci/run"), { encoding: "utf8", env: { ...process.env, PATH } });
    return { closing: result.stdout.trimEnd().split("\n").at(-1), status: result.status };
  }

  it("is added up over the tiers, whether they skipped a test or not", () => {
    const tiers = {
      test: ["7 passed, 0 failed", 0],
      "test:pipeline": ["5 passed, 0 failed, 2 skipped", 0],
      "test:cluster": ["3 passed, 0 failed, 1 skipped", 0],
    } as const;
    assert.deepEqual(ciRun(tiers), { closing: "15 passed, 0 failed, 3 skipped", status: 0 });
    assert.deepEqual(
      ciRun({ ...tiers, "test:pipeline": ["5 passed, 0 failed", 0], "test:cluster": ["1 passed, 0 failed", 0] }),
      {
        closing: "13 passed, 0 failed",
        status: 0,
      },
    );
  });

  it("has a failure for a tier that fails, with or without a count of its own", () => {
    const tiers = {
      test: ["7 passed, 2 failed, 1 skipped", 1],
      "test:pipeline": ["5 passed, 0 failed, 1 skipped", 1],
      "test:cluster": ["Killed", 137],
    } as const;
    assert.deepEqual(ciRun(tiers), { closing: "12 passed, 4 failed, 2 skipped", status: 1 });
  });
});
