import assert from "node:assert/strict";

import { evaluationPhaseMs, xxHash64 } from "../../dashboards/rollups/evaluation-phase";

/** From the hash's specification and, for the longer ones, from the Go module that Prometheus itself uses. */
const vectors: Readonly<Record<string, string>> = {
  "": "ef46db3751d8e999",
  a: "d24ec4f1a98c6e5b",
  abc: "44bc2cf5ad770999",
  "1234": "d8316e61d84f6ba4",
  "12345678": "d2d02f08cf7cfd4a",
  "123456789012345": "c377d78ade001a3c",
  "0123456789abcdef0123456789abcdef": "642a94958e71e6c5",
  "Nobody inspects the spammish repetition": "fbcea83c8a378bf1",
  "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef!": "2020b26dbc09cee8",
};

describe("XXH64", () => {
  for (const [text, expected] of Object.entries(vectors)) {
    it(`of "${text}"`, () => {
      assert.equal(xxHash64(Buffer.from(text)).toString(16).padStart(16, "0"), expected);
    });
  }

  it("of every length up to 200 bytes", () => {
    let folded = 0n;
    for (let length = 0; length <= 200; length += 1) {
      const bytes = Buffer.from(Array.from({ length }, (_, index) => (index * 7 + 3) & 0xff));
      folded = BigInt.asUintN(64, folded * 31n + xxHash64(bytes));
    }
    // The same fold in Go, with the module that Prometheus uses.
    assert.equal(folded.toString(16), "a92c646cf714b211");
  });
});

describe("the phase of a rule group", () => {
  const file = "/etc/prometheus/rules/claude-code.yml";

  it("is the hash of its name and file, modulo the interval", () => {
    // Computed in Go as Prometheus does, from the label set {file, name}.
    assert.equal(evaluationPhaseMs(file, "claude-code-rollups-5m-pass-0", 300), 57_682);
    assert.equal(evaluationPhaseMs(file, "claude-code-rollups-1h-pass-3", 3600), 902_010);
    assert.equal(evaluationPhaseMs(file, "claude-code-rollups-check", 3600), 1_819_479);
  });

  it("lies within the interval, and differs between groups and files", () => {
    const phases = ["a", "b"].flatMap((group) => ["/x", "/y"].map((path) => evaluationPhaseMs(path, group, 300)));
    assert.equal(new Set(phases).size, 4);
    assert.ok(phases.every((phase) => phase >= 0 && phase < 300_000));
  });

  it("is not known for a name whose length takes more than a byte", () => {
    assert.equal(typeof evaluationPhaseMs("/x", "a".repeat(254), 300), "number");
    assert.throws(
      () => evaluationPhaseMs("/x", "a".repeat(255), 300),
      /found a text of 255 bytes; expected at most 254/,
    );
    assert.throws(() => evaluationPhaseMs("/x", "é".repeat(128), 300), /found a text of 256 bytes/);
  });
});
