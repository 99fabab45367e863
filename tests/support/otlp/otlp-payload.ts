import * as fs from "node:fs";
import * as path from "node:path";
import { z } from "zod";

import { unixNano } from "../../../synthetic/otlp/request";

const attributeSchema = z.object({ key: z.string(), value: z.record(z.string(), z.unknown()) });
const pointSchema = z.object({
  attributes: z.array(attributeSchema),
  startTimeUnixNano: z.string(),
  timeUnixNano: z.string(),
  asDouble: z.number(),
});
const exportSchema = z.object({
  resourceMetrics: z.array(
    z.looseObject({
      resource: z.looseObject({ attributes: z.array(attributeSchema) }),
      scopeMetrics: z.array(
        z.looseObject({
          metrics: z.array(
            z.looseObject({ name: z.string(), sum: z.looseObject({ dataPoints: z.array(pointSchema) }) }),
          ),
        }),
      ),
    }),
  ),
});

type MetricsExport = z.infer<typeof exportSchema>;
type Point = z.infer<typeof pointSchema>;

/** What one export reports. All integers, so that sums are exact; USD in millionths. */
export interface ExportAmounts {
  readonly costMicroUsd: number;
  readonly input: number;
  readonly output: number;
  readonly cacheRead: number;
  readonly cacheCreation: number;
  readonly linesAdded: number;
  readonly linesRemoved: number;
  readonly commits: number;
  readonly sessions: number;
}

/** What tells one export from another. */
export interface ExportIdentity {
  readonly session: string;
  readonly team: string;
  /** Time stamp of every point, in milliseconds since 1970. */
  readonly timeMs: number;
  /** Start of the interval, in milliseconds since 1970. Default: one second before. */
  readonly startMs?: number;
}

const captureFile = path.join(__dirname, "..", "..", "fixtures", "captures", "metrics.delta.write-commit-text.1.json");
let template: MetricsExport | undefined;

/** The body of a metrics export (OTLP/JSON), of the very shape that the real client sent: 10 points in 6 metrics. */
export function metricsExport(identity: ExportIdentity, amounts: ExportAmounts): string {
  template ??= exportSchema.parse(JSON.parse(fs.readFileSync(captureFile, "utf8")));
  const body = structuredClone(template);
  for (const { resource, scopeMetrics } of body.resourceMetrics) {
    setAttribute(resource.attributes, "team", identity.team);
    for (const metric of scopeMetrics.flatMap(({ metrics }) => metrics)) {
      for (const point of metric.sum.dataPoints) {
        fillPoint(point, identity, amountOf(metric.name, attributeOf(point, "type"), amounts));
      }
    }
  }
  return JSON.stringify(body);
}

function fillPoint(point: Point, identity: ExportIdentity, amount: number): void {
  point.asDouble = amount;
  point.timeUnixNano = unixNano(identity.timeMs);
  point.startTimeUnixNano = unixNano(identity.startMs ?? identity.timeMs - 1000);
  setAttribute(point.attributes, "session.id", identity.session);
  setAttribute(point.attributes, "team", identity.team);
}

function amountOf(metric: string, type: string | undefined, amounts: ExportAmounts): number {
  switch (`${metric}|${type ?? ""}`) {
    case "claude_code.cost.usage|":
      return amounts.costMicroUsd / 1e6;
    case "claude_code.token.usage|input":
      return amounts.input;
    case "claude_code.token.usage|output":
      return amounts.output;
    case "claude_code.token.usage|cacheRead":
      return amounts.cacheRead;
    case "claude_code.token.usage|cacheCreation":
      return amounts.cacheCreation;
    case "claude_code.lines_of_code.count|added":
      return amounts.linesAdded;
    case "claude_code.lines_of_code.count|removed":
      return amounts.linesRemoved;
    case "claude_code.commit.count|":
      return amounts.commits;
    case "claude_code.session.count|":
      return amounts.sessions;
    default:
      return 1;
  }
}

function attributeOf(point: Point, key: string): string | undefined {
  const value = point.attributes.find((attribute) => attribute.key === key)?.value["stringValue"];
  return typeof value === "string" ? value : undefined;
}

function setAttribute(attributes: Point["attributes"], key: string, text: string): void {
  const found = attributes.find((attribute) => attribute.key === key);
  if (found === undefined) {
    attributes.push({ key, value: { stringValue: text } });
  } else {
    found.value = { stringValue: text };
  }
}
