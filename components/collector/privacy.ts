import { toFillIn } from "../../client/settings";
import {
  type AttributeName,
  eventAttributes,
  groupingAttributes,
  identityAttributes,
  pointAttributes,
  resourceAttributes,
  spanAttributes,
} from "../../telemetry/attributes";
import { contentKinds, type ContentKindName } from "../../telemetry/content-kinds";
import { metrics } from "../../telemetry/client-metrics";
import { doctorIdAttribute, doctorMetric } from "../../telemetry/doctor-metric";
import { bodyEvents, events } from "../../telemetry/events";
import { collectorAttributes } from "../../telemetry/collector-attributes";

/**
 * Treatment of e-mail addresses, accounts and `user`:
 * - `keep`: stored as they come
 * - `drop`: nobody is named; people are told apart by their installation
 * - `pseudonym`: replaced by a keyed digest, the same for a person wherever it occurs
 */
export type IdentityMode = "keep" | "drop" | "pseudonym";

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

/** Environment variable of the collector that holds the key of pseudonyms. */
export const pseudonymKeyVariable = "PSEUDONYM_KEY";

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

const list = (values: readonly string[]) => `[${values.map((value) => JSON.stringify(value)).join(", ")}]`;
/** A regular expression for exactly one of the values, as OTTL writes it. */
const oneOf = (values: readonly string[]) => `"^(${values.map((value) => value.replaceAll(".", "[.]")).join("|")})$"`;

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
        `set(${name}, "other") where ${name} == nil or not IsMatch(${name}, "^[a-z_]{1,40}$")`,
        ...identityStatements("log", args.identity),
        ...attributeStatements("log", args),
        ...lineStatements(),
        'set(log.severity_text, "")',
        'set(log.event_name, "")',
      ],
    },
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

/** Conditions, per context, on which the filter processor drops a record whole. */
export function dropped({ contents }: PrivacyArgs) {
  const bodies = contents.includes("rawBodies") ? [] : bodyEvents;
  return {
    metrics: { metric: [`not IsMatch(metric.name, ${oneOf(knownMetrics.map(({ name }) => name))})`, notASum] },
    logs: { log_record: bodies.map((name) => `${attribute("log", "event.name")} == "${name}"`) },
    // Clients set no links, and the collector cannot take the attributes off one.
    traces: { span: ["Len(span.links) > 0"] },
  };
}

const attribute = (context: string, name: AttributeName) => `${context}.attributes["${name}"]`;

function resourcePrivacy(args: PrivacyArgs): ContextStatements {
  return {
    context: "resource",
    statements: [
      ...knownAttributes("resource", args, resourceAttributes),
      ...identityReplacements("resource", args.identity),
      validText("resource"),
      `truncate_all(resource.attributes, ${args.attributeLength})`,
      'set(resource.schema_url, "")',
    ],
  };
}

/** A scope's name says which signal it is; nothing else of it is known. */
const scopePrivacy: ContextStatements = {
  context: "scope",
  statements: [
    'set(scope.name, "other") where not IsMatch(scope.name, "^com[.]anthropic[.]claude_code[a-z_.]{0,20}$")',
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

/**
 * Gives everything a `user`: the e-mail address, account or installation where the client has none. Placeholders that
 * nobody filled in are removed.
 */
function identityStatements(context: string, mode: IdentityMode): string[] {
  const user = attribute(context, "user");
  return [
    ...groupingAttributes.map(
      (name) => `delete_key(${context}.attributes, "${name}") where ${attribute(context, name)} == "${toFillIn}"`,
    ),
    ...identityReplacements(context, mode),
    ...(["user.email", "user.account_uuid", "user.id"] as const).map(
      (name) => `set(${user}, ${attribute(context, name)}) where ${user} == nil`,
    ),
  ];
}

function identityReplacements(context: string, mode: IdentityMode): string[] {
  switch (mode) {
    case "keep":
      return [];
    case "drop":
      return identityAttributes.map((name) => `delete_key(${context}.attributes, "${name}")`);
    case "pseudonym":
      return identityAttributes.map((name) => {
        const value = attribute(context, name);
        return `set(${value}, ${pseudonymOf(value)}) where ${value} != nil`;
      });
  }
}

/** As `pseudonym` in cli/pseudonym.ts computes it. Hashed twice, so that nothing can be appended to the key. */
function pseudonymOf(value: string): string {
  const key = `"\${env:${pseudonymKeyVariable}}"`;
  const inner = `SHA256(Concat([${key}, ToLowerCase(Trim(String(${value})))], ":"))`;
  return `Concat(["person", Substring(SHA256(Concat([${key}, ${inner}], ":")), 0, 20)], "-")`;
}
