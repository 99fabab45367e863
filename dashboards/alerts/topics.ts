/** Subjects of alerts about the monitoring itself. */
export const monitoringTopics = ["arrival", "health", "loss", "ledger"] as const;

/** Subject of an alert, in its label `topic`. */
export type Topic = "budget" | "usage" | "bill" | (typeof monitoringTopics)[number];
