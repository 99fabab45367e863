import { metrics as sent } from "../telemetry/client-metrics";
import type { Metric } from "../telemetry/metric";

/** A metric as the client describes it, and as the demo counts it. */
interface ClientMetric extends Metric {
  readonly description: string;
  /** Number of the demo's units that make one of the client's: the demo counts in integers. */
  readonly unitsPerOne: number;
}

/** The client's eight metrics, in the order in which it exports them. */
export const clientMetrics = {
  sessions: metric(sent.sessions, "Count of CLI sessions started"),
  lines: metric(
    sent.lines,
    "Count of lines of code modified, with the 'type' attribute indicating whether lines were added or removed and the 'model' attribute indicating which model made the change",
  ),
  pullRequests: metric(sent.pullRequests, "Number of pull requests created"),
  commits: metric(sent.commits, "Number of git commits created"),
  /** Counted in nano-USD. */
  cost: metric(sent.cost, "Cost of the Claude Code session", 1e9),
  tokens: metric(sent.tokens, "Number of tokens used"),
  editDecisions: metric(
    sent.editDecisions,
    "Count of code editing tool permission decisions (accept/reject) for Edit, Write, and NotebookEdit tools",
  ),
  /** Counted in milliseconds. */
  activeTime: metric(sent.activeTime, "Total active time in seconds", 1e3),
} as const satisfies Readonly<Record<string, ClientMetric>>;

/** Key of one of {@link clientMetrics}. */
export type MetricKey = keyof typeof clientMetrics;

/** Attributes by the name that the client gives them. */
export type Attributes = Readonly<Record<string, string | boolean>>;

/** Something that a client counted at one moment. */
export interface Recording {
  readonly metric: MetricKey;
  /** The metric's own attributes. A `session.id` among them replaces the process's own. */
  readonly attributes: Attributes;
  /** In the metric's integer units; may be 0. */
  readonly units: number;
  /** Milliseconds since 1970, by a right clock. */
  readonly timeMs: number;
}

function metric(metric: Metric, description: string, unitsPerOne = 1): ClientMetric {
  return { ...metric, description, unitsPerOne };
}
