import { type DashboardBuilder, type Panel, RowBuilder } from "@grafana/grafana-foundation-sdk/dashboard";

/** Columns of a dashboard. */
const columns = 24;

/** What every panel builder of the SDK offers for placing. */
export interface PlaceablePanel {
  build(): Panel;
  gridPos(position: { x: number; y: number; w: number; h: number }): unknown;
  id(id: number): unknown;
}

/** A titled group of panels, laid out line by line. */
export interface PanelGroup {
  readonly title: string;
  /** First id of the group's panels; groups keep at least 100 apart, so that ids stay when a group grows. */
  readonly firstId: number;
  readonly lines: readonly { readonly height: number; readonly panels: readonly PlaceablePanel[] }[];
}

/** Adds the groups one below the other; the panels of a line share its width. */
export function withGroups(dashboard: DashboardBuilder, groups: readonly PanelGroup[]): DashboardBuilder {
  let y = 0;
  for (const group of groups) {
    let id = group.firstId;
    dashboard.withRow(new RowBuilder(group.title).id(id).gridPos({ x: 0, y, w: columns, h: 1 }));
    y += 1;
    for (const { height, panels } of group.lines) {
      const edge = (index: number) => Math.round((index * columns) / panels.length);
      panels.forEach((panel, index) => {
        id += 1;
        panel.id(id);
        panel.gridPos({ x: edge(index), y, w: edge(index + 1) - edge(index), h: height });
        dashboard.withPanel(panel);
      });
      y += height;
    }
  }
  return dashboard;
}
