import assert from "node:assert/strict";

import { wallClock } from "../../../dashboards/queries/calendar";
import { zoneOffsets } from "../../../dashboards/queries/time-zone";

const now = new Date("2026-11-24T12:00:00Z");

function seconds(text: string): number {
  return Date.parse(text) / 1000;
}

describe("time zones", () => {
  it("are their clocks' changes, of the year before to the third after", () => {
    const { initial, transitions } = zoneOffsets("Europe/Berlin", now);
    assert.equal(initial, 3600);
    assert.equal(transitions.length, 2 * 5);
    assert.deepEqual(transitions[0], { at: seconds("2025-03-30T01:00:00Z"), change: 3600 });
    assert.deepEqual(transitions[2], { at: seconds("2026-03-29T01:00:00Z"), change: 3600 });
    assert.deepEqual(transitions.at(-1), { at: seconds("2029-10-28T01:00:00Z"), change: -3600 });
  });

  it("may be west of Greenwich, off by half an hour, or without changes", () => {
    assert.deepEqual(zoneOffsets("UTC", now), { initial: 0, transitions: [] });
    assert.deepEqual(zoneOffsets("Asia/Kolkata", now), { initial: 19_800, transitions: [] });
    assert.equal(zoneOffsets("America/St_Johns", now).initial, -12_600);
    assert.equal(zoneOffsets("Australia/Lord_Howe", now).transitions[0]?.change, -1800);
  });

  it("are the same all year, so that a deployment changes alerts at most once a year", () => {
    const at = (date: string) => zoneOffsets("Europe/Berlin", new Date(date));
    assert.deepEqual(at("2026-01-01T00:00:00Z"), at("2026-12-31T23:59:59Z"));
    assert.notDeepEqual(at("2026-12-31T23:59:59Z"), at("2027-01-01T00:00:00Z"));
  });

  it("are written into a query as steps in time, moved along with the instant", () => {
    const zone = { initial: 3600, transitions: [{ at: 1000, change: 1800 }] };
    assert.equal(wallClock(zone), "(time() + 3600 + 1800 * (time() >= bool 1000))");
    assert.equal(wallClock(zone, 300), "(time() + 3300 + 1800 * (time() >= bool 1300))");
  });
});
