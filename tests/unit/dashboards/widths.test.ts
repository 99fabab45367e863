import assert from "node:assert/strict";

import { panelsOf, variants } from "./dashboard-model";

/** Width of a small laptop's window in pixels, and of what Grafana leaves free around its grid. */
const window = { width: 1280, edges: 32 };
const grid = { columns: 24, gap: 8 };
/** Grafana's panel header: 8 pixels on each side, and the icon that opens the description. */
const header = 16 + 32;

/** Width of a title in pixels: Inter at 14 pixels, medium. A Chinese character is a square. */
function widthOf(title: string): number {
  return Array.from(title).reduce(
    (sum, character) => sum + (/[\u2e80-\u9fff\uff00-\uffef]/.test(character) ? 14 : 7.4),
    0,
  );
}

describe("titles", () => {
  for (const { name, dashboard } of variants) {
    it(`of dashboard ${name} fit their panels on a small laptop`, () => {
      const cut = panelsOf(dashboard).flatMap(({ title, gridPos: { w } }) => {
        const free = ((window.width - window.edges + grid.gap) * w) / grid.columns - grid.gap - header;
        return widthOf(title) <= free ? [] : [`${title}: ${Math.round(widthOf(title))} of ${Math.round(free)} pixels`];
      });
      assert.deepEqual(cut, []);
    });
  }
});
