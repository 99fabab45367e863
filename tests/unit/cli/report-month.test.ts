import assert from "node:assert/strict";

import { monthBefore, monthOf, readMonth, readTimeZone } from "../../../cli/report/month";
import { hour } from "../../../units";

const at = (text: string) => Date.parse(text) / 1000;

describe("the month of a report", () => {
  // Offsets by the zones' law: Berlin UTC+1 and +2, New York −5 and −4, Taipei +8.
  for (const [name, zone, start, end, odd] of [
    ["2026-11", "UTC", "2026-11-01T00:00Z", "2026-12-01T00:00Z", {}],
    ["2026-02", "UTC", "2026-02-01T00:00Z", "2026-03-01T00:00Z", {}],
    ["2028-02", "UTC", "2028-02-01T00:00Z", "2028-03-01T00:00Z", {}],
    ["2026-10", "Europe/Berlin", "2026-09-30T22:00Z", "2026-10-31T23:00Z", { "2026-10-25": 25 }],
    ["2026-03", "Europe/Berlin", "2026-02-28T23:00Z", "2026-03-31T22:00Z", { "2026-03-29": 23 }],
    ["2026-11", "America/New_York", "2026-11-01T04:00Z", "2026-12-01T05:00Z", { "2026-11-01": 25 }],
    ["2026-03", "America/New_York", "2026-03-01T05:00Z", "2026-04-01T04:00Z", { "2026-03-08": 23 }],
    ["2026-11", "Asia/Taipei", "2026-10-31T16:00Z", "2026-11-30T16:00Z", {}],
    ["2026-12", "Asia/Kolkata", "2026-11-30T18:30Z", "2026-12-31T18:30Z", {}],
  ] as const) {
    it(`${name} in ${zone} is from local midnight to local midnight`, () => {
      const month = monthOf(name, zone);
      assert.deepEqual([month.start, month.end], [at(start), at(end)]);
      const hours = month.days.map(({ date, start: from, end: to }) => [date, (to - from) / hour] as const);
      const oddOnes: Readonly<Record<string, number>> = odd;
      assert.deepEqual(
        hours.filter(([, length]) => length !== 24),
        Object.entries(oddOnes),
      );
      assert.equal(month.days.length, new Date(Date.UTC(Number(name.slice(0, 4)), Number(name.slice(5)), 0)).getDate());
      month.days.forEach((day, index) => {
        assert.equal(day.date, `${name}-${String(index + 1).padStart(2, "0")}`);
        assert.equal(day.end, month.days[index + 1]?.start ?? month.end);
      });
    });
  }

  it("begins a day at the first instant that it has, where clocks are set at midnight", () => {
    // Cairo: 2026-04-24 begins at 01:00, UTC+3. Its last day of summer ends at midnight, and begins its last hour anew.
    const april = monthOf("2026-04", "Africa/Cairo").days;
    assert.deepEqual(april[23], { date: "2026-04-24", start: at("2026-04-23T22:00Z"), end: at("2026-04-24T21:00Z") });
    const october = monthOf("2026-10", "Africa/Cairo").days;
    assert.deepEqual(october[28], { date: "2026-10-29", start: at("2026-10-28T21:00Z"), end: at("2026-10-29T22:00Z") });
  });

  it("leaves out a day that a zone left out", () => {
    const days = monthOf("2011-12", "Pacific/Apia").days.map(({ date }) => date);
    assert.equal(days.length, 30);
    assert.ok(!days.includes("2011-12-30"));
  });

  it("is compared with the one before, of last year in January", () => {
    assert.deepEqual(["2026-12", "2026-01", "2026-03"].map(monthBefore), ["2026-11", "2025-12", "2026-02"]);
  });

  for (const text of ["2026-13", "2026-00", "2026-1", "11/2026", "1999-01", "2026-11-01", ""]) {
    it(`is refused as "${text}"`, () => {
      assert.throws(() => readMonth(text), { message: `--month: found "${text}"; expected a month such as 2026-11` });
    });
  }

  it("has a time zone that exists", () => {
    assert.deepEqual(["UTC", "Europe/Berlin"].map(readTimeZone), ["UTC", "Europe/Berlin"]);
    assert.throws(() => readTimeZone("Mars/Base"), {
      message: '--time-zone: found "Mars/Base"; expected an IANA name such as UTC or Europe/Berlin',
    });
  });
});
