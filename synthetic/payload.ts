import { metricsRequest } from "../telemetry/otlp/request";
import { clientMetrics, MetricKey } from "./client-metrics";
import { DemoExport } from "./exports";

const scopeName = "com.anthropic.claude_code";

/** The body of an export, OTLP/JSON, in the shape that the real client sends. */
export function payload({ version, resource, temporality, points }: DemoExport): string {
  const sums = (Object.keys(clientMetrics) as MetricKey[])
    .map((key) => ({ ...clientMetrics[key], ofMetric: points.filter(({ metric }) => metric === key) }))
    .filter(({ ofMetric }) => ofMetric.length > 0)
    .map(({ name, description, unit, unitsPerOne, ofMetric }) => ({
      name,
      description,
      unit,
      temporality,
      points: ofMetric.map(({ value, ...point }) => ({ ...point, value: value / unitsPerOne })),
    }));
  return JSON.stringify(metricsRequest({ resource, scope: { name: scopeName, version } }, sums));
}
