import {
  type AttributeName,
  eventAttributes,
  groupingAttributes,
  machineAttribute,
  pointAttributes,
  resourceAttributes,
  spanAttributes,
} from "../../telemetry/attributes";
import { contentKinds, type ContentKindName } from "../../telemetry/content-kinds";
import { metrics } from "../../telemetry/client-metrics";
import { doctorIdAttribute, doctorMetric } from "../../telemetry/doctor-metric";
import { bodyEvents, events, serviceName } from "../../telemetry/events";
import { collectorAttributes } from "../../telemetry/collector-attributes";
import { otherAgentEvent } from "../../telemetry/other-agents";
import { type IdentityMode, identityReplacements, identityStatements, withoutPlaceholders } from "./identity";
import { otherAgentEvents } from "./other-agents";
import { attribute, list, oneOf } from "./ottl";

/** Arguments of the privacy processors: the attributes and contents that may be stored. */
export interface PrivacyArgs {
  /** Kinds of contents to let through. */
  readonly contents: readonly ContentKindName[];
  readonly identity: IdentityMode;
  /** Longest attribute value, in characters; what is longer is cut. */
  readonly attributeLength: number;
  /** Keys of `OTEL_RESOURCE_ATTRIBUTES` to let through besides the known ones. */
  readonly resourceAttributes: readonly string[];
}

/** Statements of the transform processor for one context, e.g. `log`. */
interface ContextStatements {
  readonly context: string;
  readonly statements: readonly string[];
}

const knownMetrics = [...Object.values(metrics), doctorMetric];
const notASum = "metric.type != METRIC_DATA_TYPE_SUM";
/** Prometheus makes the unit a part of the name. */
const unitStatements = knownMetrics.map(
  ({ name, unit }) => `set(metric.unit, "${unit}") where metric.name == "${name}" and metric.unit != "${unit}"`,
);

/** Keeps points' known attributes. */
export function pointPrivacy(args: PrivacyArgs): ContextStatements[] {
  const marks = Object.values(collectorAttributes);
  return [
    resourcePrivacy(args),
    scopePrivacy,
    { context: "metric", statements: ['set(metric.description, "")', ...unitStatements] },
    {
      context: "datapoint",
      statements: [
        ...knownAttributes("datapoint", args, [...pointAttributes, doctorIdAttribute, ...marks]),
        ...identityStatements("datapoint", args.identity),
        // As Prometheus writes them; as text, they are cut too.
        "stringify_all(datapoint.attributes)",
        ...attributeStatements("datapoint", args),
      ],
    },
    withoutGrouping,
  ];
}

/** Keeps events' known attributes, and gives each event a line of its own. */
export function eventPrivacy(args: PrivacyArgs): ContextStatements[] {
  const contents = args.contents.flatMap((kind) => contentKinds[kind].eventAttributes);
  const name = attribute("log", "event.name");
  const sources = attribute("log", "managed_settings.sources");
  const own = [...eventAttributes, collectorAttributes.demo, ...contents];
  return [
    resourcePrivacy(args),
    scopePrivacy,
    {
      context: "log",
      statements: [
        // A refusal's attribute of the same name is contents.
        `set(${attribute("log", "safety_category")}, log.attributes["category"]) where ${name} == "${events.safetyEvent}" and IsMatch(log.attributes["category"], "^[a-z_]{1,40}$")`,
        `set(${sources}, String(${sources})) where IsList(${sources})`,
        ...knownAttributes("log", args, own),
        ...otherAgentEvents(),
        `set(${name}, "other") where ${name} == nil or not IsMatch(${name}, "^[a-z_]{1,40}$")`,
        ...identityStatements("log", args.identity),
        ...attributeStatements("log", args),
        ...summedNumbers.map((field) => {
          const value = attribute("log", field);
          return `delete_key(log.attributes, "${field}") where ${value} != nil and not IsMatch(String(${value}), ${number})`;
        }),
        ...lineStatements(),
        'set(log.severity_text, "")',
        'set(log.event_name, "")',
      ],
    },
    withoutGrouping,
  ];
}

/** Keeps spans' known attributes. */
export function spanPrivacy(args: PrivacyArgs): ContextStatements[] {
  const contents = args.contents.flatMap((kind) => contentKinds[kind].spanAttributes);
  const own = [...spanAttributes, collectorAttributes.demo, ...contents];
  return [
    resourcePrivacy(args),
    scopePrivacy,
    {
      context: "span",
      statements: [
        'set(span.name, "other") where not IsMatch(span.name, "^claude_code[a-z_.]{1,40}$")',
        ...knownAttributes("span", args, own),
        ...identityStatements("span", args.identity),
        ...attributeStatements("span", args),
        'set(span.status.message, "")',
        'set(span.trace_state, "")',
      ],
    },
    {
      context: "spanevent",
      statements: [
        'set(spanevent.name, "other") where not IsMatch(spanevent.name, "^(gen_ai[.]request[.]attempt|tool[.]output|exception)$")',
        ...knownAttributes("spanevent", args, own),
        ...attributeStatements("spanevent", args),
      ],
    },
    withoutGrouping,
  ];
}

/**
 * Points that the filter processor drops: amounts that no client has between two exports. One that is infinite, or no
 * number, would make everybody's sums so.
 */
export function impossiblePoints(): string[] {
  const beyond = (condition: string, limit: number) =>
    `${condition}(datapoint.value_int < 0 or datapoint.value_int > ${limit} or not (datapoint.value_double >= 0.0 and datapoint.value_double <= ${limit}.0))`;
  return [beyond(`metric.name == "${metrics.cost.name}" and `, largestAmount.usd), beyond("", largestAmount.any)];
}

/** Of one point. */
const largestAmount = { usd: 10_000, any: 10_000_000_000 };

/** Condition of a metric of Claude Code, or of the doctor. */
const isKnown = `IsMatch(metric.name, ${oneOf(knownMetrics.map(({ name }) => name))})`;

/** Conditions, per context, on which the filter processor drops a record whole. */
export function dropped({ contents }: PrivacyArgs) {
  const bodies = contents.includes("rawBodies") ? [] : bodyEvents;
  return {
    metrics: { metric: [`not ${isKnown}`, notASum] },
    otherMetrics: { metric: [isKnown] },
    logs: { log_record: bodies.map((name) => `${attribute("log", "event.name")} == "${name}"`) },
    otherEvents: { log_record: [`${attribute("log", "event.name")} == "${otherAgentEvent}"`] },
    // The collector cannot take the attributes off a link. Clients set one only where a proxy answers with a trace of its own.
    traces: { span: ["Len(span.links) > 0"] },
  };
}

/** Keeps a resource's known attributes. Its `service.name` becomes the stack's own: job and stream are named by it. */
function resourcePrivacy(args: PrivacyArgs): ContextStatements {
  const device = attribute("resource", "device");
  return {
    context: "resource",
    statements: [
      ...knownAttributes("resource", args, [...resourceAttributes, machineAttribute]),
      `set(resource.attributes["service.name"], "${serviceName}")`,
      ...withoutPlaceholders("resource"),
      // A machine is often called after its owner.
      ...(args.identity === "keep"
        ? [`set(${device}, resource.attributes["${machineAttribute}"]) where ${device} == nil`]
        : []),
      `delete_key(resource.attributes, "${machineAttribute}")`,
      ...identityReplacements("resource", args.identity),
      ...attributeStatements("resource", args),
      'set(resource.schema_url, "")',
    ],
  };
}

/**
 * Takes away what every point, event and span of the resource has got by now. Loki knows one name once for both, and
 * picks either value.
 */
const withoutGrouping: ContextStatements = {
  context: "resource",
  statements: groupingAttributes.map((name) => `delete_key(resource.attributes, "${name}")`),
};

/** A scope's name says which signal it is; nothing else of it is known. */
const scopePrivacy: ContextStatements = {
  context: "scope",
  statements: [
    'set(scope.name, "other") where not IsMatch(scope.name, "^com[.]anthropic[.]claude_code([.]events|[.]tracing)?$")',
    'set(scope.version, "") where not IsMatch(scope.version, "^[0-9.]{1,20}$")',
    "keep_keys(scope.attributes, [])",
    'set(scope.schema_url, "")',
  ],
};

/**
 * Keeps attributes by name, and of those the plain ones. Lists in lists, thousands deep, would cost every later step
 * its time and memory, and no limit of length holds for what is no text. Flattened, they have names that nobody knows.
 */
function knownAttributes(context: string, args: PrivacyArgs, own: readonly string[]): string[] {
  const keep = `keep_keys(${context}.attributes, ${list([...own, ...args.resourceAttributes])})`;
  return [keep, `flatten(${context}.attributes, depth=${flattenedDepth})`, keep];
}

/** Deeper than any known name is longer, in parts, than another. */
const flattenedDepth = 3;

/** Replaces invalid UTF-8, which would make the whole export unreadable downstream. Finds broken bytes, too. */
function validText(context: string): string {
  return `replace_all_patterns(${context}.attributes, "value", "[\\\\x00\\\\x{FFFD}]", "?")`;
}

function attributeStatements(context: string, args: PrivacyArgs): string[] {
  return [
    validText(context),
    ...(args.identity === "keep"
      ? []
      : // Addresses that stand where none is expected.
        [`replace_all_patterns(${context}.attributes, "value", "[^@\\\\s]+@[^@\\\\s]+[.][A-Za-z]{2,}", "<e-mail>")`]),
    `truncate_all(${context}.attributes, ${args.attributeLength})`,
  ];
}

/** Numbers of events that dashboards add up. To Loki, "NaN" and "1_000" are numbers too; one NaN makes a sum NaN. */
const summedNumbers = ["cost_usd", "duration_ms"] as const;
/** An amount as clients and the collector itself write it. */
const number = '"^[0-9]{1,15}([.][0-9]{1,20})?(e[-+]?[0-9]{1,3})?$"';

/**
 * Writes a line that identifies the event. Loki drops an entry whose stream, time and line equal another's, as it
 * should for an event that came twice. But clients' times are whole milliseconds, and their lines name the kind of
 * event only.
 */
function lineStatements(): string[] {
  const of = (name: AttributeName) => attribute("log", name);
  const part = (label: string, name: AttributeName) =>
    `set(log.body, Concat([log.body, " ${label}=", ${of(name)}], "")) where ${of(name)} != nil`;
  return [
    `set(log.body, Concat(["claude_code.", ${of("event.name")}], ""))`,
    part("session", "session.id"),
    `${part("install", "user.id")} and ${of("session.id")} == nil`,
    part("prompt", "prompt.id"),
    part("sequence", "event.sequence"),
  ];
}
