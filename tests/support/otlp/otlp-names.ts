import { z } from "zod";

import type { CapturedExport } from "./otlp-capture";

/** Places of an export that hold names, and the names, sorted. */
export type OtlpNames = Readonly<Record<Place, readonly string[]>>;

/** The places, by what a list of names is for. */
export const places = [
  ...["metric", "pointAttribute", "event", "eventAttribute", "span", "spanAttribute", "spanEvent"],
  ...["spanEventAttribute", "resourceAttribute", "scope", "scopeAttribute", "linked"],
] as const;

/** One of {@link places}. `linked` has the names of spans with links, which the collector drops. */
export type Place = (typeof places)[number];

const attributes = z
  .array(z.object({ key: z.string(), value: z.looseObject({ stringValue: z.string().optional() }) }))
  .default([]);
const owner = z.object({ name: z.string().default(""), attributes }).prefault({});
const resource = z.object({ attributes }).prefault({});
const points = z.object({ dataPoints: z.array(z.object({ attributes })) });

const schemas = {
  metrics: z.object({
    resourceMetrics: z.array(
      z.object({
        resource,
        scopeMetrics: z.array(
          z.object({
            scope: owner,
            metrics: z.array(
              z.object({
                name: z.string(),
                sum: points.optional(),
                gauge: points.optional(),
                histogram: points.optional(),
              }),
            ),
          }),
        ),
      }),
    ),
  }),
  logs: z.object({
    resourceLogs: z.array(
      z.object({
        resource,
        scopeLogs: z.array(z.object({ scope: owner, logRecords: z.array(z.object({ attributes })) })),
      }),
    ),
  }),
  traces: z.object({
    resourceSpans: z.array(
      z.object({
        resource,
        scopeSpans: z.array(
          z.object({
            scope: owner,
            spans: z.array(
              z.object({
                name: z.string(),
                attributes,
                events: z.array(z.object({ name: z.string(), attributes })).default([]),
                links: z.array(z.unknown()).default([]),
              }),
            ),
          }),
        ),
      }),
    ),
  }),
};

/** Every name that the captured exports hold, by its place. */
export function namesIn(captured: readonly CapturedExport[]): OtlpNames {
  const found = Object.fromEntries(places.map((place) => [place, new Set<string>()])) as Record<Place, Set<string>>;
  const keys = (place: Place, list: z.infer<typeof attributes>) => {
    list.forEach(({ key }) => found[place].add(key));
  };
  const origin = (from: z.infer<typeof resource>, scopes: readonly { scope: z.infer<typeof owner> }[]) => {
    keys("resourceAttribute", from.attributes);
    for (const { scope } of scopes) {
      found.scope.add(scope.name);
      keys("scopeAttribute", scope.attributes);
    }
  };
  const read = {
    metrics: (json: unknown) => {
      for (const { resource: from, scopeMetrics } of schemas.metrics.parse(json).resourceMetrics) {
        origin(from, scopeMetrics);
        for (const { name, sum, gauge, histogram } of scopeMetrics.flatMap(({ metrics }) => metrics)) {
          found.metric.add(name);
          const all = [sum, gauge, histogram].flatMap((kind) => kind?.dataPoints ?? []);
          all.forEach((point) => {
            keys("pointAttribute", point.attributes);
          });
        }
      }
    },
    logs: (json: unknown) => {
      for (const { resource: from, scopeLogs } of schemas.logs.parse(json).resourceLogs) {
        origin(from, scopeLogs);
        for (const record of scopeLogs.flatMap(({ logRecords }) => logRecords)) {
          keys("eventAttribute", record.attributes);
          const name = record.attributes.find(({ key }) => key === "event.name")?.value.stringValue;
          found.event.add(name ?? "(no event.name)");
        }
      }
    },
    traces: (json: unknown) => {
      for (const { resource: from, scopeSpans } of schemas.traces.parse(json).resourceSpans) {
        origin(from, scopeSpans);
        for (const span of scopeSpans.flatMap(({ spans }) => spans)) {
          found.span.add(span.name);
          keys("spanAttribute", span.attributes);
          if (span.links.length > 0) {
            found.linked.add(span.name);
          }
          for (const event of span.events) {
            found.spanEvent.add(event.name);
            keys("spanEventAttribute", event.attributes);
          }
        }
      }
    },
  };
  for (const { signal, body } of captured) {
    read[signal](JSON.parse(body));
  }
  const sorted = Object.entries(found).map(([place, names]) => [place, [...names].toSorted()]);
  return Object.fromEntries(sorted) as OtlpNames;
}
