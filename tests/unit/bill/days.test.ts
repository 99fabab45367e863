import assert from "node:assert/strict";

import { daysToRead } from "../../../bill/days";
import { billDay } from "../../../telemetry/bill";

const nowMs = Date.parse("2026-11-29T12:20:00Z");

/** Names of the days that a run reads, if each was read last so many hours ago; undefined for never. */
function read(days: number, hoursAgo: (day: string) => number | undefined, at = nowMs): string[] {
  const lastRead = new Map<string, number>();
  for (let day = at - days * 86_400_000; day <= at; day += 86_400_000) {
    const hours = hoursAgo(billDay(day));
    if (hours !== undefined) {
      lastRead.set(billDay(day), at / 1000 - hours * 3600);
    }
  }
  return daysToRead({ nowMs: at, days, lastRead }).map(billDay);
}

describe("days that the bill's job reads", () => {
  it("are all of them at first, today the last", () => {
    assert.deepEqual(
      read(3, () => undefined),
      ["2026-11-27", "2026-11-28", "2026-11-29"],
    );
  });

  it("are today's from noon on, where its figures lie", () => {
    const noon = Date.parse("2026-11-29T12:00:00Z");
    const never = () => undefined;
    assert.deepEqual(read(2, never, noon), ["2026-11-28", "2026-11-29"]);
    assert.deepEqual(read(2, never, noon - 1), ["2026-11-28"]);
  });

  it("are the youngest each time, and others once a day while they may change", () => {
    const young = ["2026-11-26", "2026-11-27", "2026-11-28", "2026-11-29"];
    assert.deepEqual(
      read(40, () => 1),
      young,
    );
    const day = read(40, () => 25);
    assert.deepEqual([day[0], day.length], ["2026-10-29", 32]);
  });

  it("are read once more after their last change, and then no more", () => {
    const old = "2026-10-25";
    // Read 30 days after its end, and before.
    assert.ok(!read(40, (day) => (day === old ? 24 * 4 : 1)).includes(old));
    assert.ok(read(40, (day) => (day === old ? 24 * 10 : 1)).includes(old));
  });

  it("begin with 2026, before which the provider has none", () => {
    const at = Date.parse("2026-01-03T15:00:00Z");
    assert.deepEqual(
      read(35, () => undefined, at),
      ["2026-01-01", "2026-01-02", "2026-01-03"],
    );
  });
});
