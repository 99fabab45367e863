import { type DashboardBuilder, type Panel, RowBuilder } from "@grafana/grafana-foundation-sdk/dashboard";

/** Columns of a dashboard. */
const columns = 24;

/** Methods for placing that every panel builder of the SDK has. */
export interface PlaceablePanel {
  build(): Panel;
  gridPos(position: { x: number; y: number; w: number; h: number }): unknown;
  id(id: number): unknown;
}

/** Panels side by side. */
export interface Line {
  readonly height: number;
  readonly panels: readonly PlaceablePanel[];
}

/** A titled group of panels, laid out line by line. */
export interface PanelGroup {
  readonly title: string;
  /** First id of the group's panels; groups keep at least 100 apart, so that ids stay when a group grows. */
  readonly firstId: number;
  readonly lines: readonly Line[];
}

/** Panels side by side, which share the width. */
export function line(height: number, panels: readonly PlaceablePanel[]): Line {
  return { height, panels };
}

/** A titled group of lines. */
export function panelGroup(title: string, firstId: number, lines: readonly Line[]): PanelGroup {
  return { title, firstId, lines };
}

/**
 * Adds the groups one below the other; the panels of a line share its width. A panel that has an id keeps it, so that a
 * link to it stays when it moves to another group. Panels after it count on from there.
 *
 * @param shows which panels are added; the others leave neither a gap nor their ids to others. Default: all.
 */
export function withGroups(
  dashboard: DashboardBuilder,
  groups: readonly PanelGroup[],
  shows: (panel: Panel) => boolean = () => true,
): DashboardBuilder {
  let y = 0;
  for (const group of groups) {
    let last = group.firstId;
    const numbered = (panel: PlaceablePanel) => {
      const id = panel.build().id ?? last + 1;
      last = Math.max(last, id);
      return { panel, id };
    };
    const lines = group.lines
      .map(({ height, panels }) => ({
        height,
        panels: panels.map(numbered).filter(({ panel }) => shows(panel.build())),
      }))
      .filter(({ panels }) => panels.length > 0);
    if (lines.length === 0) {
      continue;
    }
    dashboard.withRow(new RowBuilder(group.title).id(group.firstId).gridPos({ x: 0, y, w: columns, h: 1 }));
    y += 1;
    for (const { height, panels } of lines) {
      const edge = (index: number) => Math.round((index * columns) / panels.length);
      panels.forEach(({ panel, id: panelId }, index) => {
        panel.id(panelId);
        panel.gridPos({ x: edge(index), y, w: edge(index + 1) - edge(index), h: height });
        dashboard.withPanel(panel);
      });
      y += height;
    }
  }
  return dashboard;
}
