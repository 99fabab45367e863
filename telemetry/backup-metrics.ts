import type { Metric } from "./metric";

/** What backups report of themselves to Prometheus, each once when it is complete. */
export const backupMetrics = {
  /** When the newest backup was completed, in seconds since 1970, by `store`. */
  completed: {
    name: "claude_monitoring.backup.completed.timestamp",
    unit: "s",
    prometheus: "claude_monitoring_backup_completed_timestamp_seconds",
  },
} as const satisfies Record<string, Metric>;

/** Which store a backup is of. */
export const backupStoreLabel = "store";
