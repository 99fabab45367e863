import * as fs from "node:fs";
import * as path from "node:path";

/** What a busy client exports, made from raw exports of the real client. A cycle is a request and a tool call. */
export interface ClientExports {
  /** Of each of so many cycles, the last of which is given: a request's event, a tool's decision and its result. */
  logs(client: number, cycle: number, timeMs: number, cycles?: number): string;
  /** The spans of the same requests and tools. */
  traces(client: number, cycle: number, timeMs: number, cycles?: number): string;
  /** Every minute: ten points, however many cycles there were. */
  metrics(client: number, cycle: number, timeMs: number, cycles?: number): string;
}

const captures = path.join(__dirname, "..", "fixtures", "captures");

/** USD of one request of {@link clientExports}, in millionths. */
export const costMicroUsd = 6768;
export const eventsPerCycle = 3;
export const spansPerCycle = 4;
/** Busy clients make a request and a tool call in this time. */
export const cycleMs = 5000;
export const pointsPerExport = 10;

/** Reads the captures once; each export is a template that is filled in. */
export function clientExports(): ClientExports {
  const logs = template("logs.write-commit-text.1.json", (root) => {
    const scope = root.resourceLogs?.[0]?.scopeLogs[0];
    const named = (name: string) => scope?.logRecords.find((one) => one?.body?.stringValue === `claude_code.${name}`);
    return take(scope, "logRecords", [named("api_request"), named("tool_decision"), named("tool_result")]);
  });
  const traces = template("traces.write-commit-text.json", (root) => {
    const scope = root.resourceSpans?.[0]?.scopeSpans[0];
    return take(scope, "spans", scope?.spans.slice(0, spansPerCycle) ?? []);
  });
  const metrics = template("metrics.delta.write-commit-text.1.json", () => []);
  return { logs, traces, metrics };
}

type Item = { readonly body?: { readonly stringValue?: string } } | undefined;

interface Root {
  readonly resourceLogs?: readonly { readonly scopeLogs: readonly { logRecords: readonly Item[] }[] }[];
  readonly resourceSpans?: readonly { readonly scopeSpans: readonly { spans: readonly Item[] }[] }[];
}

const placeOfItems = "@items@";

/** Leaves the place of a list's items in its stead. @returns the items */
function take<Key extends string>(
  scope: Record<Key, readonly Item[]> | undefined,
  key: Key,
  items: readonly Item[],
): readonly Item[] {
  if (scope !== undefined) {
    Object.assign(scope, { [key]: [placeOfItems] });
  }
  return items;
}

function template(file: string, itemsOf: (root: Root) => readonly Item[]) {
  const root = JSON.parse(fs.readFileSync(path.join(captures, file), "utf8")) as Root;
  const items = JSON.stringify(itemsOf(root)).slice(1, -1);
  const [head = [], tail] = JSON.stringify(root).split(`"${placeOfItems}"`).map(withPlaceholders);
  const perCycle = withPlaceholders(items);
  return (client: number, cycle: number, timeMs: number, cycles = 1): string => {
    const ofCycle = (parts: Parts, before: number): string =>
      fill(file, parts, client, cycle - before, timeMs - before * cycleMs);
    if (tail === undefined) {
      return ofCycle(head, 0);
    }
    const all = Array.from({ length: cycles }, (_, index) => ofCycle(perCycle, cycles - 1 - index));
    return `${ofCycle(head, 0)}${all.join(",")}${ofCycle(tail, 0)}`;
  };
}

type Parts = readonly string[];

/** Splits a text. Every second part is what to fill in. */
function withPlaceholders(text: string): Parts {
  const session = "429319eb-be04-4a88-b4d0-52bbc27bb7f9";
  return text
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
    .replaceAll("/home/dev1/", "/home/")
    .split("@");
}

function fill(file: string, parts: Parts, client: number, cycle: number, timeMs: number): string {
  let sequence = cycle * eventsPerCycle;
  const filledIn = (part: string, index: number): string => {
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
  return parts.map(filledIn).join("");
}
