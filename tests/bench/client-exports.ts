import * as fs from "node:fs";
import * as path from "node:path";

/** What a busy client exports at the default intervals: made from raw exports of the real client. */
export interface ClientExports {
  /** Every five seconds: a request's event, a tool's decision and its result. */
  logs(client: number, cycle: number, timeMs: number): string;
  /** Every five seconds: the spans of the same request and tool. */
  traces(client: number, cycle: number, timeMs: number): string;
  /** Every minute: ten points. */
  metrics(client: number, cycle: number, timeMs: number): string;
}

const captures = path.join(__dirname, "..", "fixtures", "captures");

/** USD of one request of {@link clientExports}, in millionths. */
export const costMicroUsd = 6768;
export const eventsPerExport = 3;
export const spansPerExport = 4;
export const pointsPerExport = 10;

/** Reads the captures once; each export is a template that is filled in. */
export function clientExports(): ClientExports {
  const logs = template("logs.write-commit-text.1.json", (root) => {
    const records = root.resourceLogs?.[0]?.scopeLogs[0];
    if (records !== undefined) {
      const named = (name: string) => records.logRecords.find((one) => one.body.stringValue === `claude_code.${name}`);
      records.logRecords = [named("api_request"), named("tool_decision"), named("tool_result")].flatMap((one) =>
        one === undefined ? [] : [one],
      );
    }
  });
  const traces = template("traces.write-commit-text.json", (root) => {
    const spans = root.resourceSpans?.[0]?.scopeSpans[0];
    if (spans !== undefined) {
      spans.spans = spans.spans.slice(0, spansPerExport);
    }
  });
  const metrics = template("metrics.delta.write-commit-text.1.json", () => undefined);
  return { logs, traces, metrics };
}

interface Root {
  readonly resourceLogs?: readonly { scopeLogs: { logRecords: { body: { stringValue: string } }[] }[] }[];
  readonly resourceSpans?: readonly { scopeSpans: { spans: object[] }[] }[];
}

function template(file: string, shorten: (root: Root) => void) {
  const root = JSON.parse(fs.readFileSync(path.join(captures, file), "utf8")) as Root;
  shorten(root);
  const session = "429319eb-be04-4a88-b4d0-52bbc27bb7f9";
  const text = JSON.stringify(root)
    .replaceAll(session, "@session@")
    .replaceAll('"dev1"', '"@user@"')
    .replace(/"(?:startTimeUnixNano|timeUnixNano|endTimeUnixNano|observedTimeUnixNano)":"\d+"/g, (field) =>
      field.replace(/\d+/, "@time@"),
    )
    .replace(
      /"key":"event.timestamp","value":\{"stringValue":"[^"]*"\}/g,
      '"key":"event.timestamp","value":{"stringValue":"@stamp@"}',
    )
    .replace(
      /"key":"event.sequence","value":\{"intValue":\d+\}/g,
      '"key":"event.sequence","value":{"intValue":@sequence@}',
    )
    .replace(/"(?:traceId|spanId|parentSpanId)":"[0-9a-f]+"/g, (field) => field.replace(/"([0-9a-f]{8})/, '"@id@'))
    .replaceAll("/home/dev1/", "/home/");
  const parts = text.split("@");
  return (client: number, cycle: number, timeMs: number): string => {
    let sequence = cycle * eventsPerExport;
    const fill = (part: string, index: number): string => {
      if (index % 2 === 0) {
        return part;
      }
      switch (part) {
        case "session":
          return `bench-${client}`;
        case "user":
          return `user-${client}`;
        case "time":
          return `${timeMs}000000`;
        case "stamp":
          return new Date(timeMs).toISOString();
        case "sequence":
          return String(sequence++);
        case "id":
          return (client * 100_000 + cycle).toString(16).padStart(8, "0");
        default:
          throw new Error(`${file}: found "@${part}@"; expected a placeholder`);
      }
    };
    return parts.map(fill).join("");
  };
}
