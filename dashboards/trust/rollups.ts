import type { PanelGroup } from "../kit/layout";
import type { DashboardOptions } from "../options";
import { thresholds } from "../kit/defaults";
import { PanelFactory } from "../kit/panels";
import { differingRollups, evaluatedShare, lateCost, rollupDifferences } from "../queries/trust";
import { rollupNames } from "../rollups/levels";
import { units } from "../kit/units";

/** The group that answers "do long ranges add up to what was stored?". */
export function rollupsGroup(options: DashboardOptions): PanelGroup {
  const words = options.text.trust.rollups;
  const { columns } = words.difference;
  const panels = new PanelFactory(options);
  return {
    title: words.row,
    firstId: 400,
    lines: [
      {
        height: 4,
        panels: [
          panels.stat(words.late, units.usd, lateCost("$__range")),
          panels.stat(words.evaluated, units.share, evaluatedShare()),
          thresholds(panels.stat(words.differing, units.count, differingRollups()), { bad: 1 }),
        ],
      },
      {
        height: 7,
        panels: [
          panels.table(words.difference, {
            keys: {
              [rollupNames.signal]: columns.signal,
              [rollupNames.scope]: columns.scope,
              [rollupNames.step]: columns.step,
            },
            columns: [{ title: columns.difference, unit: units.count, expr: rollupDifferences() }],
          }),
        ],
      },
    ],
  };
}
