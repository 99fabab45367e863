import { billingRules } from "../../telemetry/billing";
import { metrics } from "../../telemetry/client-metrics";
import { collectorAttributes } from "../../telemetry/collector-attributes";
import { attribute, oneOf } from "./ottl";

/**
 * Statements that give a point of cost the way in which it is paid for, in the context `datapoint`. A point that
 * no rule fits gets none: queries count it by the stack's plan, as all that was stored before.
 */
export function billingStatements(): string[] {
  const billing = `datapoint.attributes["${collectorAttributes.billing}"]`;
  return [
    // Told by rules alone, and by no client.
    `delete_key(datapoint.attributes, "${collectorAttributes.billing}")`,
    ...billingRules.map(
      ({ attribute: name, values, billing: value }) =>
        `set(${billing}, "${value}") where metric.name == "${metrics.cost.name}" and ` +
        `IsMatch(${attribute("datapoint", name)}, ${oneOf(values)})`,
    ),
  ];
}
