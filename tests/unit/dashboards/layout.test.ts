import assert from "node:assert/strict";

import { DashboardBuilder } from "@grafana/grafana-foundation-sdk/dashboard";
import { PanelBuilder } from "@grafana/grafana-foundation-sdk/stat";

import { withGroups } from "../../../dashboards/kit/layout";

describe("layout", () => {
  it("stacks groups one below the other, and the panels of a line share its width", () => {
    // oxlint-disable-next-line typescript/no-deprecated -- see .oxlintrc.json on dashboards
    const dashboard = withGroups(new DashboardBuilder("x"), [
      { title: "a", firstId: 100, lines: [{ height: 4, panels: [new PanelBuilder(), new PanelBuilder()] }] },
      { title: "b", firstId: 200, lines: [{ height: 2, panels: [new PanelBuilder()] }] },
    ]).build();
    const places = (dashboard.panels ?? []).map(({ id, gridPos }) => [
      id,
      gridPos?.x,
      gridPos?.y,
      gridPos?.w,
      gridPos?.h,
    ]);
    assert.deepEqual(places, [
      [100, 0, 0, 24, 1],
      [101, 0, 1, 12, 4],
      [102, 12, 1, 12, 4],
      [200, 0, 5, 24, 1],
      [201, 0, 6, 24, 2],
    ]);
  });

  it("leaves out panels, with neither gaps nor their ids for others, and groups that nothing is left of", () => {
    const panel = (title: string) => new PanelBuilder().title(title);
    const [shown, left] = ["shown", "left out"];
    const dashboard = withGroups(
      // oxlint-disable-next-line typescript/no-deprecated -- see .oxlintrc.json on dashboards
      new DashboardBuilder("x"),
      [
        { title: "a", firstId: 100, lines: [{ height: 4, panels: [panel(left)] }] },
        {
          title: "b",
          firstId: 200,
          lines: [
            { height: 4, panels: [panel(left)] },
            { height: 2, panels: [panel(left), panel(shown)] },
          ],
        },
      ],
      ({ title }) => title === shown,
    ).build();
    assert.deepEqual(
      (dashboard.panels ?? []).map(({ id, gridPos }) => [id, gridPos?.y, gridPos?.w, gridPos?.h]),
      [
        [200, 0, 24, 1],
        [203, 1, 24, 2],
      ],
    );
  });
});
