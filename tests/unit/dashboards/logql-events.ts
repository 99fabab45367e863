import * as fs from "node:fs";
import * as path from "node:path";

import type { LogRecord, LogsCapture } from "../../../lab/standins/loki/entries";
import { root } from "../config/stack-config";

/** Attributes of an event or its resource; undefined: it has none of that name. */
type Changes = Readonly<Record<string, string | undefined>>;

/** What one event says, as arithmetic reads it: attributes as the client wrote them, the resource's first. */
export interface Said {
  readonly timeMs: number;
  readonly [attribute: string]: unknown;
}

function readCapture(name: string): LogsCapture {
  return JSON.parse(
    fs.readFileSync(path.join(root, `tests/fixtures/captures/logs.${name}.json`), "utf8"),
  ) as LogsCapture;
}

const captured = readCapture("write-commit-text.1");
/** Of other sessions. */
const others = ["write-commit-text.2-final", "subagent", "api-error-529"].map(readCapture);

/** The session that was captured. */
export const capturedSession = attribute(records(captured)[0]!, "session.id") as string;
/** When the last event of all happened. */
export const eventsEnd = Number(BigInt(records(captured).at(-1)!.timeUnixNano) / 1_000_000n) + 20_000;

/** What the capture lacks, in its form: what fails, compactions, and another user's session. */
const invented: LogsCapture = {
  resourceLogs: captured.resourceLogs.map(({ resource, scopeLogs }) => ({
    resource: { attributes: [...resource.attributes.map(inOther), { key: "team", value: { stringValue: "web" } }] },
    scopeLogs: scopeLogs.map(({ logRecords }) => ({
      logRecords: logRecords.map((record) => ({ ...record, attributes: record.attributes.map(inOther) })),
    })),
  })),
};

function inOther({ key, value }: { key: string; value: LogRecord["attributes"][number]["value"] }) {
  const changed: Readonly<Record<string, string>> = {
    user: "a.b@example.com",
    "session.id": `${capturedSession}-other`,
  };
  const other = changed[key];
  return { key, value: other === undefined ? value : { stringValue: other } };
}

const more: LogsCapture = {
  resourceLogs: [
    {
      resource: captured.resourceLogs[0]!.resource,
      scopeLogs: [
        {
          logRecords: [
            like("api_request", "api_error", { status_code: "529", model: "claude-opus-4-5", cost_usd: undefined }),
            like("api_request", "compaction", { trigger: "auto", pre_tokens: "150000", success: "true" }),
            like("api_request", "compaction", { trigger: "manual", pre_tokens: "90000", success: "false" }),
            like("tool_result", "tool_result", { tool_name: "Edit", success: "false", duration_ms: "1500.5" }),
            // What is no number counts for none.
            like("tool_result", "tool_result", { tool_name: "Bash", success: "true", duration_ms: "unknown" }),
          ].map((record, index) => ({ ...record, timeUnixNano: String(BigInt(eventsEnd - index * 100) * 1_000_000n) })),
        },
      ],
    },
  ],
};

/** An event like the first of a name, under another name and with other attributes. */
function like(name: string, newName: string, changes: Changes): LogRecord {
  const first = records(captured).find((record) => attribute(record, "event.name") === name)!;
  const all: Changes = { "event.name": newName, ...changes };
  return {
    ...first,
    body: { stringValue: `claude_code.${newName}` },
    attributes: [
      ...first.attributes.filter(({ key }) => !(key in all)),
      ...Object.entries(all).flatMap(([key, content]) =>
        content === undefined ? [] : [{ key, value: { stringValue: content } }],
      ),
    ],
  };
}

/** The captures, and what is invented, as OTLP. */
export const captures: readonly LogsCapture[] = [captured, invented, more, ...others];

/** The same as plain objects, in the order of the captures. */
export const saidByAll: readonly Said[] = captures.flatMap(({ resourceLogs }) =>
  resourceLogs.flatMap(({ resource, scopeLogs }) =>
    scopeLogs.flatMap(({ logRecords }) =>
      logRecords.map(({ timeUnixNano, attributes }) => ({
        timeMs: Number(BigInt(timeUnixNano) / 1_000_000n),
        ...Object.fromEntries(
          [...resource.attributes, ...attributes].map(({ key, value }) => [key, Object.values(value)[0]]),
        ),
      })),
    ),
  ),
);

/** All sessions. */
export const everySession: readonly string[] = [...new Set(saidByAll.map((said) => said["session.id"] as string))];

function records({ resourceLogs }: LogsCapture): LogRecord[] {
  return resourceLogs.flatMap(({ scopeLogs }) => scopeLogs.flatMap(({ logRecords }) => logRecords));
}

function attribute(record: LogRecord, name: string): unknown {
  const found = record.attributes.find(({ key }) => key === name);
  return found === undefined ? undefined : Object.values(found.value)[0];
}
