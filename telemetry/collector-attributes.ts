/** Attributes that the collector adds to points, so that an operator sees whom they concern. */
export const collectorAttributes = {
  /** `ahead` or `behind` on points whose clock was wrong and that were therefore counted at arrival. */
  clock: "claude_monitoring.clock",
  /** `cumulative` on points of clients that do not send delta temporality. */
  temporality: "claude_monitoring.temporality",
  /** Set by `npm run demo`, whose points may be a day old. */
  demo: "claude_monitoring.demo",
  /** Names the label whose value was folded into `other`. */
  folded: "claude_monitoring.folded",
  /** `metered` or `seat`, on cost of clients that say which. */
  billing: "claude_monitoring.billing",
} as const;
