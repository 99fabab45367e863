import type { PanelGroup } from "../kit/layout";
import type { DashboardOptions } from "../options";
import { PanelFactory, thresholds } from "../kit/panels";
import { evaluatedShare, lateCost, rollupDifference } from "../queries/trust";
import { rollupNames } from "../rollups/levels";
import { units } from "../kit/units";

/** The group that answers "do long ranges add up to what was stored?". */
export function rollupsGroup(options: DashboardOptions): PanelGroup {
  const words = options.text.trust.rollups;
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
        ],
      },
      {
        height: 7,
        panels: [
          thresholds(
            panels.stats(words.difference, units.count, [
              {
                expr: rollupDifference(),
                legend: `{{${rollupNames.signal}}}, {{${rollupNames.scope}}}, {{${rollupNames.step}}}`,
              },
            ]),
            { low: -1e-6, bad: 1e-6 },
          ),
        ],
      },
    ],
  };
}
