import { serviceName } from "../../../telemetry/events";

/** OTLP's JSON of log records, as far as it is read here. */
export interface LogsCapture {
  readonly resourceLogs: readonly {
    readonly resource: { readonly attributes: readonly Attribute[] };
    readonly scopeLogs: readonly { readonly logRecords: readonly LogRecord[] }[];
  }[];
}

/** One event as a client sends it. */
export interface LogRecord {
  readonly timeUnixNano: string;
  readonly body: { readonly stringValue: string };
  readonly attributes: readonly Attribute[];
  readonly traceId?: string;
}

interface Attribute {
  readonly key: string;
  readonly value: Readonly<Record<string, string | number | boolean | object>>;
}

/** An entry of Loki. */
export interface Entry {
  readonly timeMs: number;
  readonly line: string;
  /** Labels of the stream and structured metadata: filters see both alike. */
  readonly fields: Readonly<Record<string, string>>;
}

/** Events as Loki has them: one stream, everything else as structured metadata, dots as underscores, all as texts. */
export function entriesOf({ resourceLogs }: LogsCapture): Entry[] {
  return resourceLogs.flatMap(({ resource, scopeLogs }) =>
    scopeLogs.flatMap(({ logRecords }) =>
      logRecords.map(({ timeUnixNano, body, attributes, traceId }) => {
        const fields: Record<string, string> = {
          ...texts(resource.attributes),
          ...texts(attributes),
          ...(traceId === undefined ? {} : { trace_id: traceId }),
          service_name: serviceName,
        };
        return {
          timeMs: Number(BigInt(timeUnixNano) / 1_000_000n),
          line: `${body.stringValue} session=${fields["session_id"] ?? ""} sequence=${fields["event_sequence"] ?? ""}`,
          fields,
        };
      }),
    ),
  );
}

function texts(attributes: readonly Attribute[]): Record<string, string> {
  return Object.fromEntries(
    attributes.map(({ key, value }) => {
      const [content] = Object.values(value);
      return [key.replaceAll(".", "_"), typeof content === "string" ? content : JSON.stringify(content)];
    }),
  );
}
