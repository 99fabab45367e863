import { otherAgentAttributes, otherAgentEvent } from "../../telemetry/other-agents";
import { dayMs } from "../../units";
import type { AttributeName } from "../../telemetry/attributes";
import { collectorAttributes } from "../../telemetry/collector-attributes";
import { countMetrics, type HistogramMetric, histogramMetrics, ledgerMetrics } from "../../telemetry/event-metrics";
import { events, spans } from "../../telemetry/events";
import { labelName, labels } from "../../telemetry/labels";
import type { Metric } from "../../telemetry/metric";
import type { TokenType } from "../../telemetry/prices";
import { foldable, foldedMark } from "./labels";

/**
 * Metrics made of events and spans, for the `signal_to_metrics` connector. It adds up what one request holds and keeps
 * nothing in between.
 */

/** Set on events before metrics are made of them; not stored as they are. */
export const derivedAttributes = {
  /** `main`, `subagent`, `auxiliary` or a plugin's, as the client's metrics have it. */
  querySource: "claude_monitoring.query_source",
  /** The event's own time in milliseconds; taken off again when it has become the point's time. */
  time: "claude_monitoring.time_ms",
  /** The same for counts, of a demo only: its days lie in the past. No two of its events have the same time. */
  demoTime: "claude_monitoring.demo_time_ms",
} as const;

/** The collector that counted; the value comes from the environment. */
export const collectorNameVariable = "COLLECTOR_NAME";

interface MetricAttribute {
  readonly key: string;
  readonly optional?: boolean;
  readonly default_value?: string;
}

type Derived = (typeof derivedAttributes)[keyof typeof derivedAttributes];
type Known = AttributeName | Derived;

const of = (name: Known) => `log.attributes["${name}"]`;
const isEvent = (name: string) => `${of("event.name")} == "${name}"`;
const optional = (key: Known | typeof collectorAttributes.demo): MetricAttribute => ({ key, optional: true });
const fixed = (key: string, value: string): MetricAttribute => ({ key, default_value: value });

/** Nobody's request costs more, lasts longer or holds more than this: what claims to would spoil everybody's sums. */
const limits = { usd: 10_000, tokens: 100_000_000, milliseconds: 7 * dayMs, bytes: 1_000_000_000, count: 10_000 };

/** A number of an event, whether it comes as a number or as text, that lies between 0 and a limit. */
const numberOf = (name: AttributeName) => `Double(${of(name)})`;
const plausible = (name: AttributeName, limit: number) =>
  `${of(name)} != nil and IsMatch(String(${of(name)}), "^[0-9]+([.][0-9]+)?(e-?[0-9]+)?$") and ${numberOf(name)} <= ${limit}.0`;

const inSeconds = (name: AttributeName) => `${numberOf(name)} / 1000.0`;
/** An answered request whose number can be. */
const answered = (name: AttributeName, limit: number) => `${isEvent(events.apiRequest)} and ${plausible(name, limit)}`;

/** A metric of the connector: a histogram if it has buckets, else a sum. */
function define(
  metric: Metric | HistogramMetric,
  condition: string,
  attributes: readonly MetricAttribute[],
  value: string,
) {
  return {
    name: metric.name,
    unit: metric.unit,
    attributes,
    // Prometheus makes the job of it.
    include_resource_attributes: [optional("service.name")],
    conditions: [condition],
    ...("buckets" in metric ? { histogram: { buckets: metric.buckets, value } } : { sum: { value, monotonic: true } }),
  };
}

type MetricDefinition = ReturnType<typeof define>;

/** Begun and ended by the same clock. */
const wait = "Seconds(span.end_time - span.start_time)";
const one = "Int(1)";
const demo = optional(collectorAttributes.demo);
const common = [optional("team"), demo, optional(derivedAttributes.demoTime)];
const request = [...common, optional("model"), optional(derivedAttributes.querySource)];

const ledgerAttributes = [
  ...(["session.id", "user", "team", "location", "device", "vcs.repository.name", "model"] as const).map(optional),
  demo,
  optional(derivedAttributes.querySource),
  optional(derivedAttributes.time),
];

/** Token types as the client's metric names them, and the attribute of `api_request` that holds each. */
const tokenTypes = {
  input: "input_tokens",
  output: "output_tokens",
  cacheRead: "cache_read_tokens",
  cacheCreation: "cache_creation_tokens",
} as const satisfies Record<TokenType, AttributeName>;

/** Cost and tokens of each request, per session. */
export function ledgerDefinitions(): { logs: MetricDefinition[] } {
  return {
    logs: [
      define(ledgerMetrics.cost, answered("cost_usd", limits.usd), ledgerAttributes, numberOf("cost_usd")),
      ...Object.entries(tokenTypes).map(([type, name]) =>
        define(
          ledgerMetrics.tokens,
          answered(name, limits.tokens),
          [...ledgerAttributes, fixed("type", type)],
          numberOf(name),
        ),
      ),
    ],
  };
}

/** Counts and histograms with bounded labels. */
export function countDefinitions(): Record<"datapoints" | "logs" | "spans", MetricDefinition[]> {
  return {
    datapoints: [
      define(
        countMetrics.otherAgents,
        `datapoint.attributes["${otherAgentAttributes.product}"] != nil`,
        otherAgent,
        one,
      ),
    ],
    logs: [...requestDefinitions(), ...toolDefinitions(), ...otherDefinitions()],
    spans: [
      define(
        histogramMetrics.toolWait,
        `span.name == "${spans.toolBlockedOnUser}" and ${wait} >= 0.0 and ${wait} <= ${limits.milliseconds / 1000}.0`,
        [...common, optional("decision"), optional("source")],
        wait,
      ),
    ],
  };
}

function requestDefinitions(): MetricDefinition[] {
  const context = ["input_tokens", "cache_read_tokens", "cache_creation_tokens"] as const;
  const contextKnown = context.map((name) => plausible(name, limits.tokens)).join(" and ");
  const { requestDuration, timeToFirstToken, requestCost, requestContext } = histogramMetrics;
  const status = fixed("status_code", "none");
  return [
    define(requestDuration, answered("duration_ms", limits.milliseconds), request, inSeconds("duration_ms")),
    define(timeToFirstToken, answered("ttft_ms", limits.milliseconds), request, inSeconds("ttft_ms")),
    define(requestCost, answered("cost_usd", limits.usd), request, numberOf("cost_usd")),
    define(
      requestContext,
      `${isEvent(events.apiRequest)} and ${contextKnown}`,
      request,
      context.map(numberOf).join(" + "),
    ),
    define(countMetrics.apiErrors, isEvent(events.apiError), [...request, status], one),
    define(countMetrics.retriesExhausted, isEvent(events.apiRetriesExhausted), [...request, status], one),
    define(countMetrics.refusals, isEvent(events.apiRefusal), request, one),
    define(countMetrics.prompts, isEvent(events.userPrompt), common, one),
  ];
}

function toolDefinitions(): MetricDefinition[] {
  const result = isEvent(events.toolResult);
  const tool = [...common, optional("tool_name")];
  return [
    define(
      histogramMetrics.toolDuration,
      `${result} and ${plausible("duration_ms", limits.milliseconds)}`,
      [...tool, optional("success")],
      inSeconds("duration_ms"),
    ),
    define(
      countMetrics.toolResultSize,
      `${result} and ${plausible("tool_result_size_bytes", limits.bytes)}`,
      tool,
      numberOf("tool_result_size_bytes"),
    ),
    define(
      countMetrics.toolDecisions,
      isEvent(events.toolDecision),
      [...tool, optional("decision"), optional("source")],
      one,
    ),
  ];
}

/** Outcomes of hooks, and the attribute of `hook_execution_complete` that counts each. */
const hookOutcomes = {
  success: "num_success",
  blocking: "num_blocking",
  error: "num_non_blocking_error",
  cancelled: "num_cancelled",
} as const satisfies Record<string, AttributeName>;

const otherAgent = [{ key: otherAgentAttributes.product, optional: true }, fixed(otherAgentAttributes.signal, "other")];

function otherDefinitions(): MetricDefinition[] {
  const compaction = isEvent(events.compaction);
  const compacted = `${plausible("pre_tokens", limits.tokens)} and ${plausible("post_tokens", limits.tokens)}`;
  return [
    define(countMetrics.compactions, compaction, [...common, optional("trigger"), optional("success")], one),
    define(
      countMetrics.compactedTokens,
      `${compaction} and ${compacted} and ${numberOf("pre_tokens")} >= ${numberOf("post_tokens")}`,
      [...common, optional("trigger")],
      `${numberOf("pre_tokens")} - ${numberOf("post_tokens")}`,
    ),
    define(
      countMetrics.mcpConnections,
      isEvent(events.mcpServerConnection),
      [...common, optional("status"), optional("transport_type"), optional("server_scope")],
      one,
    ),
    ...Object.entries(hookOutcomes).map(([outcome, name]) =>
      define(
        countMetrics.hooks,
        `${isEvent(events.hookExecutionComplete)} and ${plausible(name, limits.count)} and ${numberOf(name)} > 0.0`,
        [...common, optional("hook_event"), fixed(labels.outcome, outcome)],
        numberOf(name),
      ),
    ),
    define(countMetrics.otherAgents, isEvent(otherAgentEvent), otherAgent, one),
    define(countMetrics.skills, isEvent(events.skillActivated), [...common, optional("skill.name")], one),
    define(countMetrics.subagents, isEvent(events.subagentCompleted), [...common, optional("agent_type")], one),
    ...foldable.map((label) =>
      define(
        countMetrics.foldedValues,
        `log.attributes["${foldedMark(label)}"] == true`,
        [...common, fixed(labels.foldedLabel, labelName(label))],
        one,
      ),
    ),
  ];
}

/**
 * Attributes of events that definitions and statements here read. All others are dropped before events are counted: they
 * would slow down every statement that looks for one, and fill the queues on the way.
 */
export function countedAttributes(): string[] {
  const definitions = [...ledgerDefinitions().logs, ...countDefinitions().logs];
  const named = definitions.flatMap(({ attributes, conditions, ...measure }) => [
    ...attributes.map(({ key }) => key),
    ...namesIn(...conditions, ("sum" in measure ? measure.sum : measure.histogram).value),
  ]);
  return [...new Set([...named, ...namesIn(...derivedStatements)])];
}

function namesIn(...expressions: readonly string[]): string[] {
  return expressions.flatMap((each) => [...each.matchAll(/attributes\["([^"]+)"\]/g)].map(([, name = ""]) => name));
}

const querySource = of(derivedAttributes.querySource);
const requests = [events.apiRequest, events.apiError, events.apiRetriesExhausted, events.apiRefusal];

/** Statements that give events what the metrics above need. */
export const derivedStatements: readonly string[] = [
  `set(${querySource}, "auxiliary") where ${requests.map(isEvent).join(" or ")}`,
  `set(${querySource}, "main") where ${querySource} != nil and IsMatch(${of("query_source")}, "^(sdk|repl_main_thread)")`,
  `set(${querySource}, "subagent") where ${querySource} != nil and IsMatch(${of("query_source")}, "^(agent:|hook_agent$)")`,
  // Requests of plugins, which the client's metrics keep apart by these names.
  `set(${querySource}, ${of("query_source")}) where ${querySource} != nil and IsMatch(${of("query_source")}, "^plugin_model_(complete|classify)$")`,
];

const ofPoint = (name: Derived) => `datapoint.attributes["${name}"]`;

/** Statements on points of either kind, followed by those of one. */
function pointStatements(...own: readonly string[]) {
  const source = ofPoint(derivedAttributes.querySource);
  const nameSource = [
    `set(datapoint.attributes["query_source"], ${source}) where ${source} != nil`,
    `delete_key(datapoint.attributes, "${derivedAttributes.querySource}")`,
  ];
  return [
    { context: "resource", statements: ['keep_keys(resource.attributes, ["service.name"])'] },
    { context: "datapoint", statements: [...nameSource, ...own] },
  ];
}

function timeOf(name: Derived): string[] {
  return [
    `set(datapoint.time_unix_nano, ${ofPoint(name)} * 1000000) where ${ofPoint(name)} != nil`,
    `delete_key(datapoint.attributes, "${name}")`,
  ];
}

/** Statements on the ledger's points: each carries its event's own time. */
export const ledgerPointStatements = pointStatements(...timeOf(derivedAttributes.time));

/** Statements on counts' points: each carries its collector's name. */
export const countPointStatements = pointStatements(
  `set(datapoint.attributes["${labels.collector}"], "\${env:${collectorNameVariable}}")`,
  ...timeOf(derivedAttributes.demoTime),
);
