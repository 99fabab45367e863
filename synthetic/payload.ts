import { Attributes, clientMetrics, MetricKey } from "./client-metrics";
import { DemoExport, DemoPoint } from "./exports";

const scopeName = "com.anthropic.claude_code";
/** OTLP's numbers for the two. */
const aggregationTemporality = { delta: 1, cumulative: 2 } as const;

/** The body of an export, OTLP/JSON, in the shape that the real client sends. */
export function payload({ version, resource, temporality, points }: DemoExport): string {
  const metrics = (Object.keys(clientMetrics) as MetricKey[])
    .map((key) => ({ ...clientMetrics[key], ofMetric: points.filter(({ metric }) => metric === key) }))
    .filter(({ ofMetric }) => ofMetric.length > 0)
    .map(({ name, description, unit, unitsPerOne, ofMetric }) => ({
      name,
      description,
      unit,
      sum: {
        aggregationTemporality: aggregationTemporality[temporality],
        isMonotonic: true,
        dataPoints: ofMetric.map((point) => dataPoint(point, unitsPerOne)),
      },
    }));
  return JSON.stringify({
    resourceMetrics: [
      {
        resource: { attributes: keyValues(resource), droppedAttributesCount: 0 },
        scopeMetrics: [{ scope: { name: scopeName, version }, metrics }],
      },
    ],
  });
}

function dataPoint({ attributes, startMs, timeMs, value }: DemoPoint, unitsPerOne: number): object {
  return {
    attributes: keyValues(attributes),
    startTimeUnixNano: nanoseconds(startMs),
    timeUnixNano: nanoseconds(timeMs),
    asDouble: value / unitsPerOne,
  };
}

function keyValues(attributes: Attributes): object[] {
  return Object.entries(attributes).map(([key, value]) => ({
    key,
    value: typeof value === "boolean" ? { boolValue: value } : { stringValue: value },
  }));
}

/** Text, because nanoseconds since 1970 exceed what a number holds exactly. */
function nanoseconds(milliseconds: number): string {
  return `${milliseconds}000000`;
}
