import type { Metric } from "./metric";

/** Metrics that each backup sends to Prometheus once, when it is complete. */
export const backupMetrics = {
  /** Completion time of the newest backup, in seconds since 1970, by `store`. */
  completed: {
    name: "claude_monitoring.backup.completed.timestamp",
    unit: "s",
    prometheus: "claude_monitoring_backup_completed_timestamp_seconds",
  },
} as const satisfies Record<string, Metric>;

/** Label with the store that was backed up. */
export const backupStoreLabel = "store";
