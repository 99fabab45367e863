import { spans } from "../../telemetry/events";
import { accessProcessors, type CollectorAccess } from "./access";
import type { AttributeName } from "../../telemetry/attributes";
import { collectorAttributes } from "../../telemetry/collector-attributes";
import { billingStatements } from "./billing";
import {
  countedAttributes,
  countPointStatements,
  derivedAttributes,
  derivedStatements,
  ledgerPointStatements,
} from "./event-metrics";
import { foldEvents, foldPoints, foldSpans, type LabelValues, markEvents } from "./labels";
import { memoryLimiter } from "./memory";
import { type ModelAliases, nameModels } from "./models";
import { countableOthers } from "./other-agents";
import { list } from "./ottl";
import { dropped, eventPrivacy, impossiblePoints, pointPrivacy, type PrivacyArgs, spanPrivacy } from "./privacy";
import { nameTeams, type TeamRule } from "./team-rules";
import { asSamples, type RemoteStore } from "../prometheus/remote-store";

/** Settings of the stages between a client and the first queue. */
export interface ProcessorsArgs {
  /** A point or event this far ahead of the collector's clock is counted at arrival. Go duration. */
  readonly clockAheadTolerance: string;
  /** A point or event this far behind the collector's clock is counted at arrival. Go duration. */
  readonly clockBehindTolerance: string;
  readonly privacy: PrivacyArgs;
  /** Values of labels to let through besides the known ones; caps a label that has no list otherwise. */
  readonly labelValues: LabelValues;
  /** Names of models by what clients report, where that is no spelling of the name. Default none. */
  readonly modelAliases?: ModelAliases;
  /** Teams of those who name none. Default none. */
  readonly teamRules?: readonly TeamRule[];
  /** Authentication of clients, and TLS. */
  readonly access?: CollectorAccess;
  /** A distributed store that gets a copy of every point. Default none. */
  readonly remoteStore?: RemoteStore;
}

/** The processors of all pipelines, by name. */
export function processors(args: ProcessorsArgs): Record<string, object> {
  const filters = dropped(args.privacy);
  const { modelAliases = {}, teamRules = [] } = args;
  const filter = (conditions: object) => ({ error_mode: "ignore", ...conditions });
  return {
    memory_limiter: memoryLimiter,
    ...accessProcessors(args.access ?? {}),
    "filter/unknown-metrics": filter({ metrics: filters.metrics }),
    "filter/claude-code": filter({ metrics: filters.otherMetrics }),
    "filter/other-agents": filter({ logs: filters.otherEvents }),
    "filter/impossible-points": filter({ metrics: { datapoint: impossiblePoints() } }),
    "filter/raw-bodies": filter({ logs: filters.logs }),
    "filter/links": filter({ traces: filters.traces }),
    "filter/waits": filter({ traces: { span: [`span.name != "${spans.toolBlockedOnUser}"`] } }),
    "transform/temporality": transform("metric", [
      {
        context: "datapoint",
        statements: [
          `set(datapoint.attributes["${collectorAttributes.temporality}"], "cumulative") where metric.aggregation_temporality == AGGREGATION_TEMPORALITY_CUMULATIVE`,
        ],
      },
    ]),
    // A stream that comes back after this is counted again in full, so it outlasts any pause of a running client.
    cumulativetodelta: { max_staleness: "720h" },
    "transform/points": transform("metric", [
      nameModels("datapoint", modelAliases),
      ...nameTeams("datapoint", teamRules),
      ...pointPrivacy(args.privacy),
      { context: "datapoint", statements: [...foldPoints(args.labelValues), ...billingStatements(), wholeInterval] },
      // Points that differed only in what was taken away: as two they would be refused.
      { context: "metric", statements: ['aggregate_on_attributes("sum") where Len(metric.data_points) > 1'] },
      { context: "datapoint", statements: clockStatements("datapoint", args) },
    ]),
    "transform/events": transform("log", [
      nameModels("log", modelAliases),
      ...nameTeams("log", teamRules),
      ...eventPrivacy(args.privacy),
      { context: "log", statements: [...markEvents(args.labelValues), ...clockStatements("log", args)] },
    ]),
    "transform/spans": transform("trace", [
      nameModels("span", modelAliases),
      ...nameTeams("span", teamRules),
      ...spanPrivacy(args.privacy),
    ]),
    "transform/countable-events": transform("log", [
      {
        context: "log",
        statements: [
          `keep_keys(log.attributes, ${list([...countedAttributes(), collectorAttributes.clock])})`,
          'set(log.body, "")',
          ...oneSpelling("log", ["team", collectorAttributes.demo]),
          ...derivedStatements,
          `set(log.attributes["${derivedAttributes.time}"], UnixMilli(log.time))`,
          demoTime("log", "log.time"),
          ...foldEvents(args.labelValues),
        ],
      },
    ]),
    "transform/countable-spans": transform("trace", [
      {
        context: "span",
        statements: [
          ...oneSpelling("span", ["team", collectorAttributes.demo, "decision", "source"]),
          demoTime("span", "span.end_time"),
          ...foldSpans(args.labelValues),
        ],
      },
    ]),
    "transform/other-agents": transform("metric", countableOthers()),
    "transform/ledger": transform("metric", ledgerPointStatements),
    "transform/counts": transform("metric", countPointStatements),
    "transform/outgoing": transform("metric", [
      { context: "datapoint", statements: aheadAfterWaiting(args) },
      { context: "metric", statements: asSamples },
    ]),
    ...(args.remoteStore && {
      "transform/as-samples": transform("metric", [{ context: "metric", statements: asSamples }]),
    }),
  };
}

/**
 * Different to a collector, the same to Prometheus: 5 and "5", none and an empty one. Two such points in the counts
 * that are made of everybody's events would contradict each other, and Prometheus would refuse them all.
 */
function oneSpelling(context: string, names: readonly (AttributeName | typeof collectorAttributes.demo)[]): string[] {
  return names.flatMap((name) => {
    const value = `${context}.attributes["${name}"]`;
    return [
      `set(${value}, String(${value})) where ${value} != nil`,
      `delete_key(${context}.attributes, "${name}") where ${value} == ""`,
    ];
  });
}

/** Not for what is counted at its arrival: a merged request may end between two events of one arrival. */
function demoTime(context: string, time: string): string {
  const isDemo = `${context}.attributes["${collectorAttributes.demo}"] != nil`;
  const hasOwnTime = `${context}.attributes["${collectorAttributes.clock}"] == nil`;
  return `set(${context}.attributes["${derivedAttributes.demoTime}"], UnixMilli(${time})) where ${isDemo} and ${hasOwnTime}`;
}

/** Deltas' start times differ between series of one export, and Prometheus does not use them. */
const wholeInterval = "set(datapoint.start_time_unix_nano, datapoint.time_unix_nano)";

function transform(signal: "metric" | "log" | "trace", statements: readonly object[]) {
  return { error_mode: "ignore", [`${signal}_statements`]: statements };
}

/** Marks, then restamps, what has a wrong clock. The mark says which way, and makes the client findable. */
function clockStatements(context: "datapoint" | "log", args: ProcessorsArgs): string[] {
  const mark = `${context}.attributes["${collectorAttributes.clock}"]`;
  const ahead = `${context}.time > Now() + Duration("${args.clockAheadTolerance}")`;
  const real = `${context}.attributes["${collectorAttributes.demo}"] == nil`;
  const behind = `${context}.time < Now() - Duration("${args.clockBehindTolerance}") and ${real}`;
  return [
    `set(${mark}, "ahead") where ${ahead}`,
    `set(${context}.time, Now()) where ${ahead}`,
    `set(${mark}, "behind") where ${behind}`,
    `set(${context}.time, Now()) where ${behind}`,
  ];
}

/** An hour and a bit: no multiple of the seconds between a client's exports. */
const stepBackNanoseconds = 3_600_500_000_000;

/**
 * Marks and restamps points that were right when they came, and lie in the future since the collector's clock went
 * back. They are set back by whole steps, not to now. A queue drains within moments, so two points of one series would
 * get the same millisecond, and be stored as one.
 */
function aheadAfterWaiting({ clockAheadTolerance }: ProcessorsArgs): string[] {
  const time = "datapoint.time_unix_nano";
  const ahead = `${time} - UnixNano(Now()) - Nanoseconds(Duration("${clockAheadTolerance}"))`;
  return [
    `set(datapoint.attributes["${collectorAttributes.clock}"], "ahead") where ${ahead} > 0`,
    `set(${time}, ${time} - ${stepBackNanoseconds} * ((${ahead}) / ${stepBackNanoseconds} + 1)) where ${ahead} > 0`,
  ];
}
