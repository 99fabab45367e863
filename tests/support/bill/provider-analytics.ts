import {
  type BilledActor,
  type BilledUse,
  centsText,
  type CostPart,
  costParts,
  sumTokens,
  tokenTypeNames,
  totalOf,
} from "./billed-use";
import { dayMs, hourMs } from "../../../units";
import { floorTo, grouped, invalid, Query, timeText, widths } from "./provider-query";
import { answeredUses, type ProviderState } from "./provider-state";

type Value = string | null;
/** A dimension's values: plain ones, and the object that stands for an actor. */
type Group = Record<string, unknown>;

/** Dimensions that facts have a value for. */
const valueOf: Readonly<Record<string, (use: BilledUse, state: ProviderState) => Value>> = {
  actor: ({ actor }) => `${actor.type}|${actor.id}`,
  actor_type: ({ actor }) => actorTypes[actor.type],
  api_key_id: (use) => use.apiKeyId,
  context_window: (use) => use.contextWindow,
  inference_geo: () => "global",
  model: (use) => use.model,
  organization_id: (_, state) => state.organizationId,
  product: (use) => use.product,
  service_tier: (use) => use.serviceTier,
  speed: () => "standard",
  workspace_id: (use) => use.workspaceId,
};
const actorTypes = { user: "user_actor", service: "service_account_actor", key: "api_actor" } as const;

/** Dimensions that no fact has a value for. */
const emptyDimensions = [
  ...["agent_id", "claude_tag_category", "claude_tag_user_id", "deployment_id", "environment_id"],
  ...["rbac_group_id", "session_id", "slack_channel_id", "user_profile_id"],
];
const dimensions = [...Object.keys(valueOf), ...emptyDimensions];
const mostDimensions = 5;
/** Dimensions of cost alone, which split rows after paging. */
const splits = ["cost_type", "token_type"];

/** Filters by name, and what each compares. */
const filters: Readonly<Record<string, (use: BilledUse, state: ProviderState) => Value>> = {
  actor_ids: ({ actor }) => actor.id,
  actor_types: valueOf["actor_type"]!,
  api_key_ids: (use) => use.apiKeyId,
  context_windows: valueOf["context_window"]!,
  inference_geos: valueOf["inference_geo"]!,
  models: valueOf["model"]!,
  organization_ids: valueOf["organization_id"]!,
  products: valueOf["product"]!,
  service_tiers: valueOf["service_tier"]!,
  speeds: valueOf["speed"]!,
  workspace_ids: (use) => use.workspaceId,
};

const single = ["starting_at", "ending_at", "time_bucket_width", "limit", "page", "order", "order_by"];
const lists = ["group_by", ...Object.keys(filters)].map((name) => `${name}[]`);
const earliest = Date.parse("2026-01-01T00:00:00Z");

interface Row {
  readonly startMs: number;
  readonly endMs: number;
  readonly uses: readonly BilledUse[];
}
interface Range {
  readonly startMs: number;
  readonly endMs: number;
  readonly width: number | undefined;
}

/** Answers `/v1/organizations/analytics/usage`. */
export function analyticsUsage(parameters: URLSearchParams, state: ProviderState): unknown {
  const query = new Query(parameters, single, lists);
  const dims = groupBy(query, dimensions);
  const by = query.choice("order_by", ["total_tokens", "uncached_input_tokens", "output_tokens", "requests", "time"]);
  const size = ({ uses, startMs }: Row) => (by === "time" ? startMs : usageOf(uses)[by]);
  return answer(query, state, dims, size, (row) => [
    { ...bounds(row), group: groupOf(row.uses[0]!, dims, state), usage: usageOf(row.uses) },
  ]);
}

/** Answers `/v1/organizations/analytics/cost`. */
export function analyticsCost(parameters: URLSearchParams, state: ProviderState): unknown {
  const query = new Query(parameters, single, lists);
  const dims = groupBy(query, [...dimensions, ...splits]);
  const by = query.choice("order_by", ["amount", "list_amount", "time"]);
  const size = ({ uses, startMs }: Row) =>
    by === "time" ? startMs : sum(uses, (use) => totalOf(by === "amount" ? use.cents : use.listCents));
  const shownSplits = splits.filter((split) => dims.includes(split));
  return answer(query, state, dims, size, (row) => costRows(row, dims, shownSplits, state));
}

function groupBy(query: Query, known: readonly string[]): string[] {
  const dims = query.knownList("group_by", known);
  if (new Set(dims).size < dims.length) {
    throw invalid("group_by[]: a dimension is given twice");
  }
  if (dims.filter((dim) => !splits.includes(dim)).length > mostDimensions) {
    throw invalid(`group_by[]: at most ${mostDimensions} dimensions`);
  }
  return dims;
}

function answer(
  query: Query,
  state: ProviderState,
  dims: readonly string[],
  size: (row: Row) => number,
  render: (row: Row) => unknown[],
): unknown {
  const range = rangeOf(query, state);
  const limit = query.limit(1000, 20);
  const sign = query.choice("order", ["desc", "asc"]) === "desc" ? -1 : 1;
  const rows = rowsOf(query, state, dims, range).sort((a, b) => sign * (size(a) - size(b)));
  const { page, next } = query.page(rows, limit);
  const refreshed = state.refreshedAtMs;
  return {
    data: page.flatMap(render),
    has_more: next !== null,
    next_page: next,
    data_refreshed_at: refreshed === null || refreshed <= range.startMs ? null : timeText(refreshed),
  };
}

function rangeOf(query: Query, { now }: ProviderState): Range {
  query.required("starting_at");
  const start = query.time("starting_at")!;
  const end = query.time("ending_at");
  const widthName = query.one("time_bucket_width");
  const width = widthName === undefined ? undefined : widths[widthName];
  if (widthName !== undefined && width === undefined) {
    throw invalid("time_bucket_width: expected one of 1d, 1h, 1m");
  }
  if (width !== undefined && end === undefined) {
    throw invalid("ending_at: required with time_bucket_width");
  }
  if (start < earliest || start < now - 365 * dayMs) {
    throw invalid("starting_at: at most 365 days ago and not before 2026-01-01");
  }
  const startMs = floorTo(start, width ?? hourMs);
  const endMs = width === undefined ? floorTo(end ?? now, hourMs) : end!;
  if (endMs <= startMs) {
    throw invalid("ending_at: must be after starting_at");
  }
  if ((end ?? now) - start > 31 * dayMs) {
    throw invalid("range: at most 31 days");
  }
  if (widthName === "1m" && endMs - startMs > dayMs) {
    throw invalid("range: at most 24 hours with time_bucket_width=1m");
  }
  return { startMs, endMs, width };
}

function rowsOf(query: Query, state: ProviderState, dims: readonly string[], range: Range): Row[] {
  const asked = Object.entries(filters).flatMap(([name, value]) => {
    const wanted = query.list(name);
    return wanted.length === 0 ? [] : [(use: BilledUse) => wanted.includes(value(use, state) ?? "")];
  });
  const uses = answeredUses(state, range.startMs, range.endMs).filter((use) => asked.every((fits) => fits(use)));
  const startOf = (use: BilledUse) => (range.width === undefined ? range.startMs : floorTo(use.hourMs, range.width));
  const key = (use: BilledUse) =>
    JSON.stringify([startOf(use), ...dims.map((dim) => valueOf[dim]?.(use, state) ?? null)]);
  return [...grouped(uses, key).values()].map((group) => {
    const startMs = startOf(group[0]!);
    return { startMs, endMs: range.width === undefined ? range.endMs : startMs + range.width, uses: group };
  });
}

function costRows(row: Row, dims: readonly string[], shownSplits: readonly string[], state: ProviderState): unknown[] {
  const requests = shownSplits.length > 0 ? null : sum(row.uses, (use) => use.requests);
  const split = (part: CostPart): Group =>
    Object.fromEntries(shownSplits.map((name) => [name, name === "cost_type" ? costType(part) : tokenType(part)]));
  const parts = grouped(
    shownSplits.length > 0 ? costParts.filter((part) => row.uses.some((use) => use.listCents[part] !== 0)) : costParts,
    (part) => JSON.stringify(split(part)),
  );
  return [...parts.values()].map((same) => {
    const amount = (which: "cents" | "listCents") =>
      centsText(sum(row.uses, (use) => same.reduce((total, part) => total + use[which][part], 0)));
    return {
      ...bounds(row),
      group: { ...groupOf(row.uses[0]!, dims, state), cost_type: null, token_type: null, ...split(same[0]!) },
      cost: { currency: "USD", amount: amount("cents"), list_amount: amount("listCents"), requests },
    };
  });
}

/** The provider's type of a part of an amount. */
export function costType(part: CostPart): string {
  return part === "webSearch" ? "web_search" : "tokens";
}

export function tokenType(part: CostPart): Value {
  return part === "webSearch" ? null : tokenTypeNames[part];
}

function usageOf(uses: readonly BilledUse[]) {
  const tokens = sumTokens(uses);
  return {
    uncached_input_tokens: tokens.uncachedInput,
    cache_read_input_tokens: tokens.cacheRead,
    cache_creation: {
      ephemeral_5m_input_tokens: tokens.cacheWrite5m,
      ephemeral_1h_input_tokens: tokens.cacheWrite1h,
    },
    output_tokens: tokens.output,
    total_tokens: tokens.uncachedInput + tokens.cacheRead + tokens.cacheWrite5m + tokens.cacheWrite1h + tokens.output,
    requests: sum(uses, (use) => use.requests),
    server_tool_use: { web_search_requests: sum(uses, (use) => use.webSearches) },
  };
}

function groupOf(use: BilledUse, dims: readonly string[], state: ProviderState): Group {
  const shown = (dim: string) =>
    !dims.includes(dim) ? null : dim === "actor" ? actorObject(use.actor) : (valueOf[dim]?.(use, state) ?? null);
  return Object.fromEntries(dimensions.map((dim) => [dim, shown(dim)]));
}

function actorObject(actor: BilledActor): unknown {
  switch (actor.type) {
    case "user":
      return { type: "user_actor", user_id: actor.id, email_address: actor.email, name: actor.name, deleted: false };
    case "service":
      return { type: "service_account_actor", service_account_id: actor.id };
    case "key":
      return { type: "api_actor", api_key_id: actor.id };
  }
}

function bounds({ startMs, endMs }: Row) {
  return { starting_at: timeText(startMs), ending_at: timeText(endMs) };
}

function sum(uses: readonly BilledUse[], value: (use: BilledUse) => number): number {
  return uses.reduce((total, use) => total + value(use), 0);
}
