import * as http from "node:http";
import { closeServer, freePorts, listen, loopback } from "../loopback-ports";
import type { BilledUse } from "./billed-use";
import { analyticsSummaries, analyticsUsers, claudeCodeReport, memberList, spendLimits } from "./provider-activity";
import { analyticsCost, analyticsUsage } from "./provider-analytics";
import { type Access, checkHeaders, checkKey, keyOf, type ProviderKey, testKeys } from "./provider-keys";
import { ApiError } from "./provider-query";
import { costReport, usageReport } from "./provider-reports";
import type { BilledActivity, Member, ProviderState, Seats, SpendLimit } from "./provider-state";

export interface ProviderOptions {
  /** The provider's clock. */
  readonly now: number;
  /** Address to listen on. Default: loopback. */
  readonly host?: string;
  /** Default: the clock's time. */
  readonly refreshedAtMs?: number | null;
  readonly uses?: readonly BilledUse[];
  readonly activity?: readonly BilledActivity[];
  readonly members?: readonly Member[];
  readonly spendLimits?: readonly SpendLimit[];
  readonly seats?: Seats;
  /** Default: {@link testKeys}. */
  readonly keys?: readonly ProviderKey[];
  /** Names of API keys by their ids. */
  readonly keyNames?: Readonly<Record<string, string>>;
  /** Requests with Enterprise keys that are answered within a window of real time. Default: any number. */
  readonly rateLimit?: RateLimit;
  /** Refuses analytics of usage and cost, as for organisations that handle health data. */
  readonly isHipaaReady?: boolean;
}

export interface RateLimit {
  readonly requests: number;
  readonly windowMs: number;
}

/** The limit of the real API. */
export const realRateLimit: RateLimit = { requests: 60, windowMs: 60_000 };

/** One request as the stand-in saw it. The key itself is kept out. */
export interface SeenRequest {
  readonly method: string;
  /** With the query. */
  readonly path: string;
  readonly key: ProviderKey["kind"] | "unknown" | "none";
  readonly status: number;
  /** True if the connection ended in the middle of the answer. */
  readonly isCut: boolean;
}

/** Faults of the next requests: an error, an answer that ends in its middle, or none, so that a later request fails. */
export type Fault =
  | { readonly status: 429 | 500 | 504 | 529; readonly retryAfterSeconds?: number }
  | { readonly cut: true }
  | { readonly none: true };

/** A stand-in for the provider's billing-side API, on loopback. */
export interface Provider extends ProviderState {
  readonly url: string;
  readonly requests: readonly SeenRequest[];
  /** Replaces the facts, as when days are corrected. */
  setUses(uses: readonly BilledUse[]): void;
  /** Answers the next requests with a fault, after those that earlier calls asked for. */
  failNext(count: number, fault: Fault): void;
  /** Refuses connections while true. */
  setDown(isDown: boolean): Promise<void>;
  stop(): Promise<void>;
}

interface Endpoint extends Access {
  readonly answer: (parameters: URLSearchParams, state: ProviderState) => unknown;
}

export const analyticsBeta = "analytics-usage-cost-2026-08-24";
const analytics = { organisations: "both", scope: "read:analytics", beta: analyticsBeta } as const;
const enterprise = { organisations: "enterprise", scope: "read:analytics" } as const;
const consoleOnly = { organisations: "console" } as const;

const endpoints: Readonly<Record<string, Endpoint>> = {
  "/v1/organizations/analytics/usage": { ...analytics, answer: analyticsUsage },
  "/v1/organizations/analytics/cost": { ...analytics, answer: analyticsCost },
  "/v1/organizations/analytics/users": { ...enterprise, answer: analyticsUsers },
  "/v1/organizations/analytics/summaries": { ...enterprise, answer: analyticsSummaries },
  "/v1/organizations/spend_limits/effective": {
    ...{ organisations: "enterprise", scope: "read:spend_limits" },
    answer: spendLimits,
  },
  "/v1/organizations/usage_report/messages": { ...consoleOnly, answer: usageReport },
  "/v1/organizations/usage_report/claude_code": { ...consoleOnly, answer: claudeCodeReport },
  "/v1/organizations/cost_report": { ...consoleOnly, answer: costReport },
  "/v1/organizations/users": { ...consoleOnly, answer: memberList },
};

const errorTypes = { 429: "rate_limit_error", 500: "api_error", 504: "timeout_error", 529: "overloaded_error" };

interface Context {
  readonly state: ProviderState;
  readonly options: ProviderOptions;
  readonly keys: readonly ProviderKey[];
  readonly requests: SeenRequest[];
  readonly faults: Fault[];
  /** Real times of requests that count against the rate limit. */
  counted: number[];
}

/** Starts the stand-in. It answers from the facts it is given, as strictly as the real API. */
export async function startProvider(options: ProviderOptions): Promise<Provider> {
  const { host = loopback } = options;
  const [port] = await freePorts(1);
  const requests: SeenRequest[] = [];
  const faults: Fault[] = [];
  let server: http.Server | undefined;
  const stop = async () => {
    const running = server;
    server = undefined;
    running?.closeAllConnections();
    if (running !== undefined) {
      await closeServer(running);
    }
  };
  const start = async () => {
    server ??= http.createServer((request, response) => {
      respond(context, request, response);
    });
    if (!server.listening) {
      await listen(server, host, port!);
    }
  };
  const provider: Provider = {
    url: `http://${host}:${port}`,
    requests,
    organizationId: "4d0e7c1a-1111-4222-8333-444455556666",
    now: options.now,
    refreshedAtMs: options.refreshedAtMs === undefined ? options.now : options.refreshedAtMs,
    uses: options.uses ?? [],
    activity: options.activity ?? [],
    members: options.members ?? [],
    spendLimits: options.spendLimits ?? [],
    seats: options.seats ?? { assigned: 0, pendingInvites: 0 },
    usersLagDays: 1,
    keyNames: options.keyNames ?? {},
    setUses: (uses) => {
      provider.uses = uses;
    },
    failNext: (count, fault) => {
      faults.push(...Array.from({ length: count }, () => fault));
    },
    setDown: (isDown) => (isDown ? stop() : start()),
    stop,
  };
  const keys = options.keys ?? Object.values(testKeys);
  const context: Context = { state: provider, options, keys, requests, faults, counted: [] };
  await start();
  return provider;
}

function respond(context: Context, request: http.IncomingMessage, response: http.ServerResponse): void {
  request.resume();
  const secret = header(request, "x-api-key");
  const key = keyOf(context.keys, secret);
  const fault = context.faults.shift();
  const id = `req_${String(context.requests.length + 1).padStart(6, "0")}`;
  let status = 200;
  let headers: Readonly<Record<string, string>> = {};
  let body: unknown;
  try {
    if (fault !== undefined && "status" in fault) {
      throw injected(fault);
    }
    body = answer(context, request, key);
  } catch (error) {
    const known = error instanceof ApiError ? error : new ApiError(500, "api_error", String(error));
    ({ status, headers } = known);
    body = errorBody(known, id);
  }
  const isCut = fault !== undefined && "cut" in fault;
  const kind = key?.kind ?? (secret === undefined ? "none" : "unknown");
  context.requests.push({ method: request.method ?? "", path: request.url ?? "", key: kind, status, isCut });
  send(response, isCut, status, JSON.stringify(body), {
    ...headers,
    "content-type": "application/json",
    date: new Date(context.state.now).toUTCString(),
    "request-id": id,
  });
}

function answer(context: Context, request: http.IncomingMessage, key: ProviderKey | undefined): unknown {
  const url = new URL(request.url ?? "/", "http://stand-in");
  const endpoint = endpoints[url.pathname];
  if (endpoint === undefined) {
    throw new ApiError(404, "not_found_error", `${url.pathname}: not found`);
  }
  if (request.method !== "GET") {
    throw new ApiError(405, "invalid_request_error", "Method Not Allowed", { allow: "GET" });
  }
  checkKey(key, header(request, "x-api-key") !== undefined, endpoint);
  countRequest(context, key);
  checkHeaders(header(request, "anthropic-version"), header(request, "anthropic-beta"), endpoint);
  if (context.options.isHipaaReady === true && endpoint.beta === analyticsBeta) {
    throw new ApiError(
      ...([400, "invalid_request_error", "Not available to HIPAA-ready organizations."] as const),
      ...([{}, "organization_type_not_supported"] as const),
    );
  }
  return endpoint.answer(url.searchParams, context.state);
}

/** @throws ApiError if the window has had as many requests of Enterprise keys as it may */
function countRequest(context: Context, key: ProviderKey | undefined): void {
  const limit = context.options.rateLimit;
  if (limit === undefined || key?.kind !== "enterprise") {
    return;
  }
  const now = Date.now();
  context.counted = context.counted.filter((time) => time > now - limit.windowMs);
  if (context.counted.length >= limit.requests) {
    const seconds = Math.ceil((context.counted[0]! + limit.windowMs - now) / 1000);
    throw injected({ status: 429, retryAfterSeconds: seconds });
  }
  context.counted.push(now);
}

function injected(fault: Extract<Fault, { status: number }>): ApiError {
  const { status, retryAfterSeconds } = fault;
  const headers: Record<string, string> =
    retryAfterSeconds === undefined ? {} : { "retry-after": String(retryAfterSeconds) };
  return new ApiError(status, errorTypes[status], `stand-in: ${errorTypes[status]}`, headers);
}

function errorBody({ type, message, code }: ApiError, id: string): unknown {
  const details = code === undefined ? {} : { details: { error_code: code } };
  return { type: "error", error: { type, message, ...details }, request_id: id };
}

function send(
  response: http.ServerResponse,
  isCut: boolean,
  status: number,
  text: string,
  headers: Readonly<Record<string, string>>,
): void {
  response.writeHead(status, { ...headers, "content-length": String(Buffer.byteLength(text)) });
  if (!isCut) {
    response.end(text);
    return;
  }
  response.write(text.slice(0, Math.floor(text.length / 2)), () => {
    response.destroy();
  });
}

function header(request: http.IncomingMessage, name: string): string | undefined {
  const value = request.headers[name];
  return Array.isArray(value) ? value[0] : value;
}
