import { randomBytes } from "node:crypto";

import { metrics } from "../../../telemetry/client-metrics";
import { events, serviceName, spans } from "../../../telemetry/events";
import { encode } from "../../../synthetic/otlp/protobuf";
import { keyValues, logsRequest, metricsRequest, type Origin } from "../../../synthetic/otlp/request";

/** What an export says of itself. */
export interface Claim {
  readonly team: string;
  readonly session: string;
  /** Integer millionths of a USD; of a span, integer microseconds that a tool waited. */
  readonly costMicroUsd: number;
  readonly timeMs: number;
}

const model = "claude-sonnet-4-5";

/** A metrics export with one point of cost, protobuf. Names a team in the resource and on the point. */
export function claimedMetrics({ team, session, costMicroUsd, timeMs }: Claim): Buffer {
  const attributes = { team, "session.id": session, model };
  const point = { attributes, startMs: timeMs - 1000, timeMs, value: costMicroUsd / 1e6 };
  const { name, unit } = metrics.cost;
  return encode("metrics", metricsRequest(origin(team, "claude_code"), [{ name, unit, points: [point] }]));
}

/** An events export with one request, protobuf. Names a team in the resource and on the event. */
export function claimedEvent({ team, session, costMicroUsd, timeMs }: Claim): Buffer {
  const attributes = {
    "event.name": events.apiRequest,
    "session.id": session,
    team,
    model,
    cost_usd: String(costMicroUsd / 1e6),
  };
  const record = { timeMs, body: `claude_code.${events.apiRequest}`, attributes };
  return encode("logs", logsRequest(origin(team, "claude_code.events"), [record]));
}

/** A traces export with one wait of a tool, protobuf. Names a team in the resource and on the span. */
export function claimedSpan({ team, session, costMicroUsd, timeMs }: Claim): Buffer {
  const end = BigInt(timeMs) * 1_000_000n;
  const span = {
    traceId: randomBytes(16).toString("hex"),
    spanId: randomBytes(8).toString("hex"),
    name: spans.toolBlockedOnUser,
    startTimeUnixNano: String(end - BigInt(costMicroUsd) * 1000n),
    endTimeUnixNano: String(end),
    attributes: keyValues({ team, "session.id": session, decision: "accept" }),
  };
  const { resource = {}, scope } = origin(team, "claude_code.tracing");
  return encode("traces", {
    resourceSpans: [{ resource: { attributes: keyValues(resource) }, scopeSpans: [{ scope, spans: [span] }] }],
  });
}

function origin(team: string, scope: string): Origin {
  return { resource: { "service.name": serviceName, team }, scope: { name: `com.anthropic.${scope}` } };
}
