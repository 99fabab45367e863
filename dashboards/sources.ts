import type { DashboardOptions } from "./options";
import type { Source } from "./queries/amount";
import { finestLevelRange } from "./rollups/levels";
import { hour } from "../units";

/** The longest "today", in seconds: a day on which clocks are set back. */
export const longestDay = 25 * hour;
/** The longest month, clocks set back in it. */
export const longestMonth = 31 * 24 * hour + hour;

/** The source of a window of a fixed length: that of a dashboard of the same range, so no panel contradicts another. */
export function sourceFor(
  windowSeconds: number,
  { rawRangeSeconds }: Pick<DashboardOptions, "rawRangeSeconds">,
): Exclude<Source, "auto"> {
  if (windowSeconds <= rawRangeSeconds) {
    return "raw";
  }
  return windowSeconds <= finestLevelRange ? "5m" : "1h";
}
