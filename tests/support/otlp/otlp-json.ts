import { z } from "zod";

/** A value of an attribute. */
export type AttributeValue = string | number | boolean;

/** An event, from OTLP/JSON. */
export interface Event {
  readonly timeUnixNano: string;
  /** What Loki shows as the log line. */
  readonly line: string;
  readonly traceId: string;
  readonly attributes: Readonly<Record<string, AttributeValue>>;
  readonly resource: Readonly<Record<string, AttributeValue>>;
}

/** A span, from OTLP/JSON. */
export interface Span {
  readonly traceId: string;
  readonly spanId: string;
  readonly parentSpanId: string;
  readonly name: string;
  readonly attributes: Readonly<Record<string, AttributeValue>>;
  readonly resource: Readonly<Record<string, AttributeValue>>;
}

const valueSchema = z.object({
  stringValue: z.string().optional(),
  intValue: z.union([z.string(), z.number()]).optional(),
  doubleValue: z.number().optional(),
  boolValue: z.boolean().optional(),
});
const attributesSchema = z
  .array(z.object({ key: z.string(), value: valueSchema }))
  .default([])
  .transform((list) => Object.fromEntries(list.map(({ key, value }) => [key, plain(value)])));
const resourceSchema = z.object({ attributes: attributesSchema }).default({ attributes: {} });

const logsSchema = z.object({
  resourceLogs: z.array(
    z.object({
      resource: resourceSchema,
      scopeLogs: z.array(
        z.object({
          logRecords: z.array(
            z.object({
              timeUnixNano: z.string(),
              body: valueSchema.default({}),
              traceId: z.string().default(""),
              attributes: attributesSchema,
            }),
          ),
        }),
      ),
    }),
  ),
});

const tracesSchema = z.object({
  resourceSpans: z.array(
    z.object({
      resource: resourceSchema,
      scopeSpans: z.array(
        z.object({
          spans: z.array(
            z.object({
              traceId: z.string(),
              spanId: z.string(),
              parentSpanId: z.string().default(""),
              name: z.string(),
              attributes: attributesSchema,
            }),
          ),
        }),
      ),
    }),
  ),
});

/** The events of an export of logs. */
export function eventsOf(json: string): Event[] {
  return logsSchema.parse(JSON.parse(json)).resourceLogs.flatMap(({ resource, scopeLogs }) =>
    scopeLogs.flatMap(({ logRecords }) =>
      logRecords.map(({ body, ...record }) => ({
        ...record,
        line: String(plain(body)),
        resource: resource.attributes,
      })),
    ),
  );
}

/** The spans of an export of traces. */
export function spansOf(json: string): Span[] {
  return tracesSchema
    .parse(JSON.parse(json))
    .resourceSpans.flatMap(({ resource, scopeSpans }) =>
      scopeSpans.flatMap(({ spans }) => spans.map((span) => ({ ...span, resource: resource.attributes }))),
    );
}

function plain(value: z.infer<typeof valueSchema>): AttributeValue {
  const { stringValue, intValue, doubleValue, boolValue } = value;
  return stringValue ?? (intValue === undefined ? undefined : Number(intValue)) ?? doubleValue ?? boolValue ?? "";
}
