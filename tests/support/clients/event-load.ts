import { events, serviceName } from "../../../telemetry/events";
import { logsRequest } from "../../../synthetic/otlp/request";
import { type LoadOptions, offsetOf } from "./load-generator";
import { OtlpSender, type SenderAccess, type SendResult } from "../otlp/otlp-sender";
import { sleep } from "../processes";

/** One export of one request's event. */
export interface SentRequest extends SendResult {
  readonly session: string;
  readonly sequence: number;
  /** Integer millionths of a USD. */
  readonly costMicroUsd: number;
  readonly durationMs: number;
  /** When it was first sent, by the machine's clock. */
  readonly sentMs: number;
}

/** Names an event by its session and place in it. */
export function keyOf({ session, sequence }: Pick<SentRequest, "session" | "sequence">): string {
  return `${session} ${sequence}`;
}

/** Names a stored event as {@link keyOf} does. */
export function eventKey(attributes: Readonly<Record<string, unknown>>): string {
  return keyOf({ session: String(attributes["session.id"]), sequence: Number(attributes["event.sequence"]) });
}

/** What to send. Bounded by `exports` and `perSecond`. */
export interface EventLoadOptions {
  /** Base URL of the OTLP/HTTP receiver. */
  readonly url: string;
  readonly exports: number;
  readonly perSecond: number;
  /** Value of `team`, and first part of every session id. */
  readonly team: string;
  /** How far the clients' clocks are ahead, as for metrics. Default 0. */
  readonly clockOffsetMs?: LoadOptions["clockOffsetMs"];
  /** What lets the clients in. Default: nothing is asked for. */
  readonly access?: SenderAccess;
  /** Ends the load early; what was begun is finished. */
  readonly signal?: AbortSignal;
}

/** Sends events of requests as clients do, one an export, and waits until the last was answered or given up. */
export async function runEventLoad(options: EventLoadOptions): Promise<readonly SentRequest[]> {
  const sender = new OtlpSender(options.url, options.access);
  const started = performance.now();
  const underWay: Promise<SentRequest>[] = [];
  let sentMs = 0;
  for (let index = 0; index < options.exports && options.signal?.aborted !== true; index++) {
    await sleep(Math.max(0, started + (index * 1000) / options.perSecond - performance.now()));
    // Loki takes entries of one time and line as one; a busy machine sends several within a millisecond.
    sentMs = Math.max(Date.now(), sentMs + 1);
    const request = {
      session: `${options.team}-${index % 50}`,
      sequence: Math.floor(index / 50),
      // Different for neighbours, so that a lost one and a doubled one do not cancel out.
      costMicroUsd: 10_000 + ((index * 7919) % 9973),
      durationMs: 500 + (index % 4000),
      sentMs,
    };
    const body = apiRequestExport(request, options.team, sentMs + offsetOf(options));
    underWay.push(sender.send("logs", body).then((result) => ({ ...request, ...result })));
  }
  const sent = await Promise.all(underWay);
  sender.close();
  return sent;
}

/** An export that holds one `api_request`, in the client's shape. */
export function apiRequestExport(
  request: Pick<SentRequest, "session" | "sequence" | "costMicroUsd" | "durationMs">,
  team: string,
  timeMs: number,
  more: Readonly<Record<string, string>> = {},
): string {
  const attributes = {
    "event.name": events.apiRequest,
    "event.timestamp": new Date(timeMs).toISOString(),
    "event.sequence": request.sequence,
    "session.id": request.session,
    user: "dev",
    team,
    model: "claude-sonnet-4-5",
    query_source: "sdk",
    input_tokens: 100,
    output_tokens: 20,
    cache_read_tokens: 1000,
    cache_creation_tokens: 10,
    cost_usd: request.costMicroUsd / 1e6,
    duration_ms: request.durationMs,
    ttft_ms: 200,
    ...more,
  };
  const origin = {
    resource: { "service.name": serviceName },
    scope: { name: "com.anthropic.claude_code.events", version: "2.1.330" },
  };
  return JSON.stringify(logsRequest(origin, [{ timeMs, body: `claude_code.${events.apiRequest}`, attributes }]));
}
