import { metric } from "./metric";

/** Metrics that each backup sends to Prometheus once, when it is complete. */
export const backupMetrics = {
  /** Completion time of the newest backup, in seconds since 1970, by `store`. */
  completed: metric("claude_monitoring.backup.completed.timestamp", "s"),
};

/** Label with the store that was backed up. */
export const backupStoreLabel = "store";
