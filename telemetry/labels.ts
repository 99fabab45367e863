import { collectorAttributes } from "./collector-attributes";
import { otherAgentAttributes } from "./other-agents";

/** Value of a label that stands for all values outside its list. */
export const foldedValue = "other";

/** Returns an attribute's name as a label, as Prometheus' OTLP receiver spells it. */
export function labelName(attribute: string): string {
  return attribute.replaceAll(".", "_");
}

/** Attributes of points that dashboards group and filter by, in OpenTelemetry's spelling. */
const attributes = {
  /** Keeps the series of different clients apart. It is unbounded, so roll-ups sum it away. */
  session: "session.id",
  model: "model",
  type: "type",
  /**
   * The four keys that a team sets in `OTEL_RESOURCE_ATTRIBUTES`. Where `user` is missing, the collector fills it with
   * the e-mail address, else the account, else the installation, so that nobody is without.
   */
  user: "user",
  team: "team",
  location: "location",
  device: "device",
  /** Name of the repository of `origin`, lower case. */
  repository: "vcs.repository.name",
  startType: "start_type",
  terminal: "terminal.type",
  version: "app.version",
  /** Part of the client that made a request: `main`, `subagent`, `auxiliary`, or a plugin's (`plugin_model_…`). */
  querySource: "query_source",
  effort: "effort",
  agent: "agent.name",
  skill: "skill.name",
  plugin: "plugin.name",
  tool: "tool_name",
  decision: "decision",
  /**
   * Decider of an edit: `config`, `hook`, `classifier` (automatic mode), `user_permanent`, `user_temporary`,
   * `user_reject`, `user_abort`, `unknown`.
   */
  decisionSource: "source",
  language: "language",
  /** Set by the collector on points that were counted at arrival, because of the client's clock. */
  clock: collectorAttributes.clock,
  /** Set by the collector on points of clients that do not send delta temporality. */
  temporality: collectorAttributes.temporality,
  /** Set on what `npm run demo` sends. */
  demo: collectorAttributes.demo,
  /** Set by the collector on cost, where the client tells a seat from metered use. */
  billing: collectorAttributes.billing,
  // Of metrics that the collector makes of events.
  statusCode: "status_code",
  success: "success",
  trigger: "trigger",
  status: "status",
  transport: "transport_type",
  serverScope: "server_scope",
  hookEvent: "hook_event",
  /** Set by the collector on counts of hooks: `success`, `blocking`, `error`, `cancelled`. */
  outcome: "outcome",
  agentType: "agent_type",
  /** Set by the collector on counts of folded values: which label's. */
  foldedLabel: "folded_label",
  /** Set by the collector on counts of other agents' telemetry. */
  agentProduct: otherAgentAttributes.product,
  signalName: otherAgentAttributes.signal,
  /** Set by the collector on counts: which one counted. */
  collector: "collector",
} as const;

/** Labels of the metrics of clients, and of those made of events, as Prometheus spells them. */
export const labels = {
  ...spelledAsLabels(attributes),
  /** Upper bound of a histogram's bucket, which holds all that is not above it; `+Inf` holds all. */
  bucket: "le",
};

function spelledAsLabels<Key extends string>(names: Readonly<Record<Key, string>>): Readonly<Record<Key, string>> {
  const entries = Object.entries<string>(names).map(([key, name]) => [key, labelName(name)]);
  return Object.fromEntries(entries) as Record<Key, string>;
}
