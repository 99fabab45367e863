import { logsRequest, metricsRequest, tracesRequest } from "./otlp/request";
import { clientMetrics, MetricKey } from "./client-metrics";
import { DemoExport, EventsExport, MetricsExport, SpansExport } from "./exports";

const scopeName = "com.anthropic.claude_code";

/** The body of an export, OTLP/JSON, in the shape that the real client sends. */
export function payload(one: DemoExport): string {
  switch (one.signal) {
    case "metrics":
      return JSON.stringify(metrics(one));
    case "logs":
      return JSON.stringify(events(one));
    case "traces":
      return JSON.stringify(spans(one));
  }
}

function metrics({ version, resource, temporality, points }: MetricsExport): object {
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
  return metricsRequest({ resource, scope: { name: scopeName, version } }, sums);
}

function events({ version, resource, attributes, events: recorded }: EventsExport): object {
  const records = recorded.map(({ name, timeMs, attributes: own }) => {
    const named = { "event.name": name, "event.timestamp": new Date(timeMs).toISOString() };
    return { timeMs, body: `claude_code.${name}`, attributes: { ...attributes, ...named, ...own } };
  });
  return logsRequest({ resource, scope: { name: `${scopeName}.events`, version } }, records);
}

function spans({ resource, attributes, spans: recorded }: SpansExport): object {
  const own = recorded.map((span) => ({ ...span, attributes: { ...attributes, ...span.attributes } }));
  return tracesRequest({ resource, scope: { name: `${scopeName}.tracing`, version: "1.0.0" } }, own);
}
