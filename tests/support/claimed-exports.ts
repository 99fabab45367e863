import { randomBytes } from "node:crypto";

import { bytes, double, fixed64, message, text, varint } from "../../doctor/transport/protobuf";
import { spans } from "../../telemetry/events";

/** What an export says of itself. */
export interface Claim {
  readonly team: string;
  readonly session: string;
  /** Integer millionths of a USD; of a span, integer microseconds that a tool waited. */
  readonly costMicroUsd: number;
  readonly timeMs: number;
}

/** A metrics export with one point of cost, protobuf. Names a team in the resource and on the point. */
export function claimedMetrics(claim: Claim): Buffer {
  const point = message(
    fixed64(2, nanoseconds(claim.timeMs - 1000)),
    fixed64(3, nanoseconds(claim.timeMs)),
    double(4, claim.costMicroUsd / 1e6),
    ...attributes(7, { team: claim.team, "session.id": claim.session, model: "claude-sonnet-4-5" }),
  );
  const delta = 1;
  const sum = message(bytes(1, point), varint(2, delta), varint(3, 1));
  const metric = message(text(1, "claude_code.cost.usage"), text(3, "USD"), bytes(7, sum));
  const scope = bytes(1, message(text(1, "com.anthropic.claude_code")));
  return message(bytes(1, message(resource(claim.team), bytes(2, message(scope, bytes(2, metric))))));
}

/** An events export with one request, protobuf. Names a team in the resource and on the event. */
export function claimedEvent(claim: Claim): Buffer {
  const record = message(
    fixed64(1, nanoseconds(claim.timeMs)),
    bytes(5, message(text(1, "claude_code.api_request"))),
    ...attributes(6, {
      "event.name": "api_request",
      "session.id": claim.session,
      team: claim.team,
      model: "claude-sonnet-4-5",
      cost_usd: String(claim.costMicroUsd / 1e6),
    }),
  );
  const scope = bytes(1, message(text(1, "com.anthropic.claude_code.events")));
  return message(bytes(1, message(resource(claim.team), bytes(2, message(scope, bytes(2, record))))));
}

/** A traces export with one wait of a tool, protobuf. Names a team in the resource and on the span. */
export function claimedSpan(claim: Claim): Buffer {
  const end = nanoseconds(claim.timeMs);
  const span = message(
    bytes(1, randomBytes(16)),
    bytes(2, randomBytes(8)),
    text(5, spans.toolBlockedOnUser),
    fixed64(7, end - BigInt(claim.costMicroUsd) * 1000n),
    fixed64(8, end),
    ...attributes(9, { team: claim.team, "session.id": claim.session, decision: "accept" }),
  );
  const scope = bytes(1, message(text(1, "com.anthropic.claude_code.tracing")));
  return message(bytes(1, message(resource(claim.team), bytes(2, message(scope, bytes(2, span))))));
}

function resource(team: string): Buffer {
  return bytes(1, message(...attributes(1, { "service.name": "claude-code", team })));
}

function attributes(field: number, values: Readonly<Record<string, string>>): Buffer[] {
  return Object.entries(values).map(([key, value]) =>
    bytes(field, message(text(1, key), bytes(2, message(text(1, value))))),
  );
}

function nanoseconds(milliseconds: number): bigint {
  return BigInt(milliseconds) * 1_000_000n;
}
