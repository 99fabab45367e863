import assert from "node:assert/strict";

import { olderVersions } from "../../../dashboards/adoption/versions";

type Version = readonly [number, number, number];

/** As PromQL matches: the whole text. */
function isOlder(version: string, minimum: string): boolean {
  return new RegExp(`^(?:${olderVersions(minimum)!})$`, "s").test(version);
}

function compare(a: Version, b: Version): number {
  return a[0] - b[0] || a[1] - b[1] || a[2] - b[2];
}

/** Numbers at which a pattern of digits may go wrong. */
const numbers = [0, 1, 2, 9, 10, 11, 19, 20, 21, 99, 100, 101, 109, 110, 190, 199, 200, 329, 330, 331, 999, 1000, 1001];

/** Every number in every place, and a few hundred picked evenly. */
function versions(): Version[] {
  const single = numbers.flatMap((n): Version[] => [
    [n, 1, 330],
    [2, n, 330],
    [2, 1, n],
    [n, 0, 0],
    [0, n, 0],
  ]);
  const mixed = Array.from({ length: 300 }, (_, index): Version => {
    const pick = (factor: number) => numbers[(index * factor) % numbers.length]!;
    return [pick(1), pick(7), pick(11)];
  });
  return [...single, ...mixed];
}

describe("the pattern of older versions", () => {
  it("is none where every version will do", () => {
    assert.equal(olderVersions(undefined), undefined);
  });

  it("agrees with comparing numbers", () => {
    const all = versions();
    let older = 0;
    for (const minimum of all.slice(0, 160)) {
      for (const version of all) {
        const expected = compare(version, minimum) < 0;
        older += Number(expected);
        assert.equal(
          isOlder(version.join("."), minimum.join(".")),
          expected,
          `${version.join(".")} < ${minimum.join(".")}`,
        );
      }
    }
    assert.ok(older > 1000, "compared nothing");
  });

  it("knows versions with something after their numbers", () => {
    assert.ok(isOlder("2.1.329-beta.1", "2.1.330"));
    assert.ok(isOlder("2.0.999.4", "2.1.330"));
    assert.ok(!isOlder("2.1.330-beta.1", "2.1.330"));
    assert.ok(!isOlder("2.1.3300", "2.1.330"));
  });

  it("finds nothing older than 0.0.0, nor a series without a version", () => {
    for (const version of ["", "0.0.0", "0.0.1", "1.2.3", "unknown"]) {
      assert.ok(!isOlder(version, "0.0.0"), version);
    }
    assert.ok(!isOlder("", "2.1.330"));
  });

  it("needs no escaping in PromQL, nor is taken for a variable of Grafana", () => {
    for (const minimum of ["2.1.330", "10.20.30", "0.0.0"]) {
      assert.doesNotMatch(olderVersions(minimum)!, /[\\"'$]|\[\[/);
    }
  });
});
