import type { DashboardOptions } from "./options";
import type { Source } from "./queries/amount";
import { finestLevelRange, rawHeadRange } from "./rollups/levels";

const hour = 3600;

/** The longest "today": a day on which clocks are set back. */
export const longestDay = rawHeadRange;
/** The longest month, clocks set back in it. */
export const longestMonth = 31 * 24 * hour + hour;

/**
 * Where a window of a fixed length is read from: as a dashboard of that range would, so that a panel does not change
 * with the picker.
 */
export function sourceFor(
  windowSeconds: number,
  { rawRangeSeconds }: Pick<DashboardOptions, "rawRangeSeconds">,
): Source {
  if (windowSeconds <= Math.min(rawRangeSeconds, finestLevelRange)) {
    return "raw";
  }
  return windowSeconds <= finestLevelRange ? "5m" : "1h";
}
