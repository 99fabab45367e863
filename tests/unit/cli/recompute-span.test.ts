import assert from "node:assert/strict";

import { levels } from "../../../dashboards/rollups/levels";
import { pieces, readSpan, recomputeHint, withoutDueWindows } from "../../../cli/recompute/span";
import { hour } from "../../../units";

const now = Date.parse("2026-03-18T14:02:40Z") / 1000;

describe("the span that roll-ups are computed again for", () => {
  it("is read from two times", () => {
    const span = readSpan("2026-03-01T00:00:00Z", "2026-03-02", now);
    assert.deepEqual(span, { from: 1772323200, to: 1772409600 });
  });

  it("is refused with the option, what was found and what is expected", () => {
    assert.throws(() => readSpan(undefined, "2026-03-02", now), /^Error: --from: found ""; expected a time such as/);
    assert.throws(() => readSpan("2026-03-01", "soon", now), /^Error: --to: found "soon"; expected a time/);
    assert.throws(
      () => readSpan("2026-03-02", "2026-03-01", now),
      /--from: found "2026-03-02"; expected a time before/,
    );
    assert.deepEqual(readSpan("2026-03-01", "2026-03-18T13:52:40Z", now).to, now - 600);
    assert.throws(
      () => readSpan("2026-03-01", "2026-03-18T13:52:41Z", now),
      /--to: .*expected at least ten minutes ago, what is younger is still being rolled up/,
    );
  });

  it("is named after a long outage, and not where passes repair all of it", () => {
    assert.equal(recomputeHint("prod", 4 * hour - 1, now), undefined);
    assert.equal(
      recomputeHint("prod", 7.2 * hour, now),
      "rules were not evaluated for 7 hours of the last eight days; long ranges may lack an hour of it until you type: " +
        "npm run recompute -- --stack prod --from 2026-03-10T14:02:40Z --to 2026-03-18T13:52:40Z",
    );
  });

  it("leaves windows to the pass that is due", () => {
    const span = { from: now - 40 * hour, to: now - 3 * hour };
    const { parts, skipped } = withoutDueWindows(span, now);
    // Those of raw samples, and the one that repairs what is computed from roll-ups.
    assert.deepEqual(skipped, [
      { from: now - 30 * hour - 360, to: now - 30 * hour + 1200 },
      { from: now - 6 * hour - 360, to: now - 6 * hour + 1200 },
      { from: now - 4 * hour - 360, to: now - 4 * hour + 1200 },
    ]);
    assert.deepEqual(parts, [
      { from: now - 40 * hour, to: now - 30 * hour - 360 },
      { from: now - 30 * hour + 1200, to: now - 6 * hour - 360 },
      { from: now - 6 * hour + 1200, to: now - 4 * hour - 360 },
      { from: now - 4 * hour + 1200, to: now - 3 * hour },
    ]);
    const old = { from: now - 500 * hour, to: now - 400 * hour };
    assert.deepEqual(withoutDueWindows(old, now), { parts: [old], skipped: [] });
    const due = { from: now - 6 * hour, to: now - 6 * hour + 60 };
    assert.deepEqual(withoutDueWindows(due, now), { parts: [], skipped: [due] });
  });

  it("is asked for in pieces that begin on ends of windows and neither overlap nor leave any out", () => {
    assert.deepEqual(pieces({ from: 601, to: 3000 }, levels["5m"], 3), [
      { from: 900, to: 1500 },
      { from: 1800, to: 2400 },
      { from: 2700, to: 3000 },
    ]);
    assert.deepEqual(pieces({ from: 601, to: 800 }, levels["5m"], 3), []);
    // Hours' windows end five minutes before the full hour.
    assert.deepEqual(pieces({ from: 601, to: 15_000 }, levels["1h"], 3), [
      { from: 3300, to: 10_500 },
      { from: 14_100, to: 15_000 },
    ]);
  });
});
