import { labels, metrics } from "./telemetry";

/** A Prometheus rules file. */
export interface RulesFile {
  readonly groups: readonly {
    readonly name: string;
    readonly interval: string;
    readonly query_offset: string;
    readonly rules: readonly { readonly record: string; readonly expr: string }[];
  }[];
}

/** Length of a roll-up's window and distance of its evaluations: equal, so that windows partition time. */
const rollupInterval = "5m";
/** How late a point may reach Prometheus and still be in its roll-up. */
const rollupOffset = "10m";

/** Name of the roll-up of a metric: an amount per five minutes, without session. */
export function rollupName(metric: string): string {
  return `without_session:${metric}:sum_over_time_${rollupInterval}`;
}

/**
 * Roll-ups that sum the session away, for ranges in which a query over every session would be slow.
 * A group evaluates at fixed, evenly spaced instants and windows are left-open, so no point is counted twice or missed.
 */
export function recordingRules(): RulesFile {
  return {
    groups: [
      {
        name: "claude-code-rollups",
        interval: rollupInterval,
        query_offset: rollupOffset,
        rules: Object.values(metrics).map((metric) => ({
          record: rollupName(metric),
          expr: `sum without (${labels.session}) (sum_over_time(${metric}[${rollupInterval}]))`,
        })),
      },
    ],
  };
}
