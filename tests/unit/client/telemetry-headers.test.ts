import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";

import { root } from "../config/stack-config";

describe("the headers helper", () => {
  let home: string;

  before(() => {
    home = fs.mkdtempSync(path.join(os.tmpdir(), "telemetry-headers-"));
  });

  after(() => {
    fs.rmSync(home, { recursive: true });
  });

  /** Runs it as the client does, with `stored` in the file that only its owner may read. */
  function helper(stored: string | undefined) {
    const folder = path.join(home, "claude-code-monitoring");
    fs.rmSync(folder, { recursive: true, force: true });
    if (stored !== undefined) {
      fs.mkdirSync(folder);
      fs.writeFileSync(path.join(folder, "authorization"), stored, { mode: 0o600 });
    }
    const env = { PATH: "/usr/bin:/bin", HOME: home, XDG_CONFIG_HOME: home };
    return spawnSync(path.join(root, "client", "telemetry-headers.sh"), { env, encoding: "utf8" });
  }

  it("prints the header that is stored", () => {
    const { status, stdout } = helper("Basic d2ViLjI6c2VjcmV0Lw==\n");
    assert.equal(status, 0);
    assert.deepEqual(JSON.parse(stdout), { Authorization: "Basic d2ViLjI6c2VjcmV0Lw==" });
  });

  for (const stored of [undefined, "", "d2ViLjI6c2Vj", 'Basic a"b', "Basic "]) {
    it(`prints nothing but an error for ${stored === undefined ? "no file" : JSON.stringify(stored)}`, () => {
      const { status, stdout, stderr } = helper(stored);
      assert.notEqual(status, 0);
      assert.equal(stdout, "");
      assert.match(stderr, /claude-code-monitoring/);
      if (stored !== undefined && stored.length > "Basic ".length) {
        assert.ok(!stderr.includes(stored), "what is stored is a secret");
      }
    });
  }
});
