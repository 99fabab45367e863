import assert from "node:assert/strict";

import { type BilledActor, type BilledUse, noTokens } from "../../support/bill/billed-use";
import { dayMs, hourMs } from "../../../units";
import { analyticsBeta, type Provider } from "../../support/bill/provider";
import { testKeys } from "../../support/bill/provider-keys";

export const firstDay = Date.parse("2026-11-20T00:00:00Z");
/** Three days later, the whole of which the facts of {@link uses} cover. */
export const now = firstDay + 3 * dayMs;

const free = { uncachedInput: 0, cacheRead: 0, cacheWrite5m: 0, cacheWrite1h: 0, output: 0, webSearch: 0 };
const ada: BilledActor = { type: "user", id: "user_ada", email: "ada@example.com", name: "Ada" };

/** A fact of output alone, at 20 USD per million tokens and nine tenths of that; a search costs a cent. */
export function use(tokens: number, at: number, rest: Partial<BilledUse> = {}): BilledUse {
  const { webSearches = 0 } = rest;
  return {
    hourMs: at,
    actor: ada,
    apiKeyId: null,
    workspaceId: null,
    product: "claude_code",
    model: "claude-opus-5-5",
    serviceTier: "standard",
    contextWindow: "0-200k",
    tokens: { ...noTokens, output: tokens },
    webSearches,
    requests: 1,
    listCents: { ...free, output: tokens * 2000, webSearch: webSearches * 1_000_000 },
    cents: { ...free, output: tokens * 1800, webSearch: webSearches * 1_000_000 },
    availableFromMs: at + hourMs,
    ...rest,
  };
}

/** Sixty facts in sixty hours; each third is of a key in a workspace, for another product. */
export const uses: readonly BilledUse[] = Array.from({ length: 60 }, (_, index) =>
  use(1000 + 37 * index, firstDay + index * hourMs, {
    webSearches: 1,
    ...(index % 3 === 2
      ? {
          actor: { type: "key", id: "apikey_ci" },
          apiKeyId: "apikey_ci",
          workspaceId: "wrkspc_ci",
          product: "messages_api",
          model: "claude-haiku-4-5",
        }
      : {}),
  }),
);

export interface Answer<Body> {
  readonly status: number;
  readonly headers: Headers;
  readonly body: Body;
}

export interface Refusal {
  readonly type: string;
  readonly error: {
    readonly type: string;
    readonly message: string;
    readonly details?: { readonly error_code: string };
  };
  readonly request_id: string;
}

export interface Page<Item> {
  readonly data: readonly Item[];
  readonly has_more: boolean;
  readonly next_page: string | null;
  readonly data_refreshed_at?: string | null;
}

export interface AnalyticsRow {
  readonly starting_at: string;
  readonly ending_at: string;
  readonly group: Readonly<Record<string, unknown>>;
  readonly cost: {
    readonly amount: string;
    readonly list_amount: string;
    readonly currency: string;
    readonly requests: number | null;
  };
  readonly usage: {
    readonly output_tokens: number;
    readonly total_tokens: number;
    readonly requests: number;
    readonly server_tool_use: { readonly web_search_requests: number };
  };
}

const headers = { "anthropic-version": "2023-06-01", "anthropic-beta": analyticsBeta };

/** Asks with the Admin key unless the rest says otherwise; an empty key is left out. */
export async function ask<Body>(
  provider: Provider,
  path: string,
  rest: { readonly key?: string; readonly method?: string; readonly headers?: Record<string, string> } = {},
): Promise<Answer<Body>> {
  const key = rest.key ?? testKeys.admin.secret;
  const response = await fetch(`${provider.url}/v1/organizations/${path}`, {
    method: rest.method ?? "GET",
    headers: { ...(rest.headers ?? headers), ...(key === "" ? {} : { "x-api-key": key }) },
  });
  return { status: response.status, headers: response.headers, body: (await response.json()) as Body };
}

/** The kind of a refusal: status, type and code. */
export async function refusal(...request: Parameters<typeof ask>): Promise<string> {
  const { status, body } = await ask<Refusal>(...request);
  assert.equal(body.type, "error");
  return [status, body.error.type, body.error.details?.error_code].filter((part) => part !== undefined).join(" ");
}

/** Everything that the pages of a query have. */
export async function pages<Item>(provider: Provider, path: string, key?: string): Promise<Item[]> {
  const items: Item[] = [];
  let cursor = "";
  for (;;) {
    const rest = key === undefined ? {} : { key };
    const { status, body } = await ask<Page<Item>>(provider, `${path}${cursor}`, rest);
    assert.equal(status, 200);
    items.push(...body.data);
    if (body.next_page === null) {
      return items;
    }
    cursor = `&page=${encodeURIComponent(body.next_page)}`;
  }
}

export function total<Item>(items: readonly Item[], value: (item: Item) => number): number {
  return items.reduce((sum, item) => sum + value(item), 0);
}
