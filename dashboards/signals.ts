import { metrics } from "../telemetry/client-metrics";
import { countMetrics, histogramMetrics, ledgerMetrics } from "../telemetry/event-metrics";
import { labels } from "../telemetry/labels";
import type { Metric } from "../telemetry/metric";

/**
 * Label sets that a roll-up keeps. Every signal has a roll-up for each scope: most panels show no single user, and a
 * roll-up without users has few series.
 */
export const scopes = {
  team: [labels.team, labels.location, labels.demo],
  user: [labels.team, labels.location, labels.demo, labels.user],
  device: [labels.team, labels.location, labels.demo, labels.user, labels.device, labels.repository],
} as const;

/** One of {@link scopes}, narrowest first. */
export type Scope = keyof typeof scopes;

/** A metric and its roll-ups: what a panel asks for, wherever it is stored. */
export interface Signal {
  readonly metric: string;
  /** Names the signal's own labels in the names of its roll-ups; empty if there are none. */
  readonly level: string;
  /** The labels that roll-ups keep besides their scope's. A query may group and filter by these and the scopes' only. */
  readonly dimensions: readonly string[];
  /** The scopes that it has roll-ups of, narrowest first. Default: all. */
  readonly scopes?: readonly Scope[];
}

/** The scopes that a signal has roll-ups of, narrowest first. */
export function signalScopes({ scopes: own }: Signal): readonly Scope[] {
  return own ?? (Object.keys(scopes) as Scope[]);
}

/** Name of a recorded series, `level:metric:operation`. `scope` may be a variable. */
export function rollupName({ metric, level }: Signal, scope: string): string {
  return `${scope}${level === "" ? "" : `_${level}`}:${metric.replace(/_total$/, "")}:sum`;
}

/** The labels that a roll-up keeps. */
export function rollupDimensions({ dimensions }: Signal, scope: Scope): readonly string[] {
  return [...scopes[scope], ...dimensions];
}

function signal(level: string, metric: Metric, ...dimensions: string[]): Signal {
  return { metric: metric.prometheus, level, dimensions };
}

/** Counted by the collector, which keeps the team and no user. */
function eventCount(level: string, metric: Metric, ...dimensions: string[]): Signal {
  return { ...signal(level, metric, ...dimensions), scopes: ["team"] };
}

/** A histogram as signals: of any window, buckets add up, and so do sums and counts. */
export interface Distribution {
  /** By {@link labels.bucket}: all values that are not above it. */
  readonly bucket: Signal;
  readonly sum: Signal;
  readonly count: Signal;
}

/** Buckets are many, so that roll-ups of them keep the first label only. */
function distribution(level: string, metric: Metric, label: string, ...more: string[]): Distribution {
  const part = (suffix: string, ...dimensions: string[]) =>
    eventCount(level, { ...metric, prometheus: `${metric.prometheus}_${suffix}` }, ...dimensions);
  return {
    bucket: part("bucket", labels.bucket, label),
    sum: part("sum", label, ...more),
    count: part("count", label, ...more),
  };
}

/** Distributions that the collector makes of events; counts of requests and of calls are theirs. */
export const distributions = {
  requestDuration: distribution("model", histogramMetrics.requestDuration, labels.model, labels.querySource),
  timeToFirstToken: distribution("model", histogramMetrics.timeToFirstToken, labels.model, labels.querySource),
  requestCost: distribution("model", histogramMetrics.requestCost, labels.model, labels.querySource),
  requestContext: distribution("model", histogramMetrics.requestContext, labels.model, labels.querySource),
  toolDuration: distribution("tool", histogramMetrics.toolDuration, labels.tool, labels.success),
  toolWait: distribution("decision", histogramMetrics.toolWait, labels.decision, labels.decisionSource),
} as const;

/** The parts of all distributions, under names of their own. */
const distributionParts = Object.fromEntries(
  Object.entries(distributions).flatMap(([name, { bucket, sum, count }]) => [
    [`${name}Bucket`, bucket],
    [`${name}Sum`, sum],
    [`${name}Count`, count],
  ]),
) as Readonly<Record<`${keyof typeof distributions}${Capitalize<keyof Distribution>}`, Signal>>;

/**
 * Signals that can be queried over any range. Cost has two levels: the small one answers most panels, and the large one
 * holds all attributions of a request.
 */
export const signals = {
  cost: signal("model", metrics.cost, labels.model, labels.billing),
  attributedCost: signal(
    "attribution",
    metrics.cost,
    labels.model,
    labels.querySource,
    labels.effort,
    labels.agent,
    labels.skill,
    labels.plugin,
  ),
  tokens: signal("model_type", metrics.tokens, labels.model, labels.type),
  sessions: signal("client", metrics.sessions, labels.startType, labels.terminal, labels.version),
  lines: signal("model_type", metrics.lines, labels.model, labels.type),
  commits: signal("", metrics.commits),
  pullRequests: signal("", metrics.pullRequests),
  editDecisions: signal(
    "decision",
    metrics.editDecisions,
    labels.tool,
    labels.decision,
    labels.decisionSource,
    labels.language,
  ),
  activeTime: signal("type", metrics.activeTime, labels.type),
  /** Cost of clients that were marked by the collector. */
  markedCost: signal("correction", metrics.cost, labels.clock, labels.temporality),
  /** The same as `cost` and `tokens`, of events. */
  eventCost: signal("model", ledgerMetrics.cost, labels.model),
  eventTokens: signal("model_type", ledgerMetrics.tokens, labels.model, labels.type),
  prompts: eventCount("", countMetrics.prompts),
  apiErrors: eventCount("status", countMetrics.apiErrors, labels.model, labels.querySource, labels.statusCode),
  retriesExhausted: eventCount("status", countMetrics.retriesExhausted, labels.model, labels.statusCode),
  refusals: eventCount("model", countMetrics.refusals, labels.model),
  toolDecisions: eventCount(
    "decision",
    countMetrics.toolDecisions,
    labels.tool,
    labels.decision,
    labels.decisionSource,
  ),
  toolResultSize: eventCount("tool", countMetrics.toolResultSize, labels.tool),
  compactions: eventCount("trigger", countMetrics.compactions, labels.trigger, labels.success),
  compactedTokens: eventCount("", countMetrics.compactedTokens),
  mcpConnections: eventCount(
    "status",
    countMetrics.mcpConnections,
    labels.status,
    labels.transport,
    labels.serverScope,
  ),
  hooks: eventCount("outcome", countMetrics.hooks, labels.hookEvent, labels.outcome),
  skills: eventCount("skill", countMetrics.skills, labels.skill),
  subagents: eventCount("agent", countMetrics.subagents, labels.agentType),
  foldedValues: eventCount("label", countMetrics.foldedValues, labels.foldedLabel),
  ...distributionParts,
} as const;
