import { serviceName } from "../../telemetry/events";
import { otherAgentAttributes, otherAgentEvent, otherAgents, sharedMetrics } from "../../telemetry/other-agents";
import { attribute, oneOf } from "./ottl";

const agents = Object.entries(otherAgents);
const namedBy = (prefix: string) => `"^${prefix.replaceAll(".", "[.]")}[.]"`;
const own = "claude-code";

/** Takes all off what is no metric of Claude Code but which product sent it, and its name. */
export function countableOthers(): object[] {
  const [product, signal] = [otherAgentAttributes.product, otherAgentAttributes.signal].map(
    (name) => `datapoint.attributes["${name}"]`,
  );
  const known = [...agents.flatMap(([, { metrics }]) => metrics), ...sharedMetrics];
  return [
    {
      context: "datapoint",
      statements: [
        "keep_keys(datapoint.attributes, [])",
        `set(${product}, "other")`,
        ...agents.map(
          ([name]) => `set(${product}, "${name}") where IsMatch(resource.attributes["service.name"], "(?i)${name}")`,
        ),
        ...[...agents, [own, { prefix: "claude_code" }] as const].map(
          ([name, { prefix }]) => `set(${product}, "${name}") where IsMatch(metric.name, ${namedBy(prefix)})`,
        ),
        `set(${signal}, metric.name) where IsMatch(metric.name, ${oneOf(known)})`,
      ],
    },
    {
      context: "metric",
      statements: ['set(metric.name, "other")', 'set(metric.description, "")', 'set(metric.unit, "")'],
    },
    {
      context: "resource",
      statements: [
        "keep_keys(resource.attributes, [])",
        `set(resource.attributes["service.name"], "${serviceName}")`,
        'set(resource.schema_url, "")',
      ],
    },
    {
      context: "scope",
      statements: [
        'set(scope.name, "")',
        'set(scope.version, "")',
        "keep_keys(scope.attributes, [])",
        'set(scope.schema_url, "")',
      ],
    },
  ];
}

/** Names an event of another agent as that; its own name is kept if it is known. */
export function otherAgentEvents(): string[] {
  const name = attribute("log", "event.name");
  const product = `log.attributes["${otherAgentAttributes.product}"]`;
  const known = agents.flatMap(([, agent]) => agent.events);
  return [
    ...agents.map(([agent, { prefix }]) => `set(${product}, "${agent}") where IsMatch(${name}, ${namedBy(prefix)})`),
    `set(log.attributes["${otherAgentAttributes.signal}"], ${name}) where IsMatch(${name}, ${oneOf(known)})`,
    `set(${name}, "${otherAgentEvent}") where ${product} != nil`,
  ];
}
