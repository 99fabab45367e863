import assert from "node:assert/strict";

import { imageTag } from "../../components/kubernetes/images";
import { durationSeconds, formatDuration, parseCpu, parseQuantity } from "../../units";

describe("units", () => {
  const durations: readonly (readonly [string, number])[] = [
    ["90s", 90],
    ["1h30m", 5400],
    ["15d", 1_296_000],
    ["2w", 1_209_600],
    ["1500ms", 1.5],
  ];
  for (const [text, seconds] of durations) {
    it(`reads ${text}`, () => {
      assert.equal(durationSeconds(text), seconds);
    });
  }

  it("writes durations that Go and Prometheus both read", () => {
    assert.deepEqual([720_000, 5400, 90, 1.5].map(formatDuration), ["200h", "90m", "90s", "1500ms"]);
  });

  it("reads quantities in both systems", () => {
    assert.equal(parseQuantity("1.5Gi")?.bytes, 1.5 * 2 ** 30);
    assert.equal(parseQuantity("10G")?.bytes, 1e10);
    assert.equal(parseQuantity("512")?.bytes, 512);
    assert.equal(parseQuantity("1Zi"), undefined);
  });

  it("reads CPU quantities", () => {
    assert.deepEqual(
      ["250m", "2", "1.5", "x"].map((text) => parseCpu(text)?.cores),
      [0.25, 2, 1.5, undefined],
    );
  });

  it("refuses an image without a tag", () => {
    assert.equal(imageTag("registry:5000/prom/prometheus:v3.16.0"), "v3.16.0");
    assert.throws(() => imageTag("prom/prometheus"), /image "prom\/prometheus" has no tag/);
    assert.throws(() => imageTag("registry:5000/prometheus"), /has no tag/);
  });
});
