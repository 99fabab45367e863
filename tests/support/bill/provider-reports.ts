import { type BilledUse, centsText, costParts, sumTokens } from "./billed-use";
import { dayMs } from "../../../units";
import { costType, tokenType } from "./provider-analytics";
import { floorTo, grouped, invalid, Query, timeText, widths } from "./provider-query";
import { answeredUses, type ProviderState } from "./provider-state";

interface Bucket {
  readonly startMs: number;
  readonly endMs: number;
}

/** Buckets per page, by width. */
const bucketLimits = { "1d": { usual: 7, most: 31 }, "1h": { usual: 24, most: 168 }, "1m": { usual: 60, most: 1440 } };

/** Values of a usage report's dimensions. */
const usageDimensions: Readonly<Record<string, (use: BilledUse) => string | null>> = {
  account_id: ({ actor, apiKeyId }) => (actor.type === "user" && apiKeyId === null ? actor.id : null),
  api_key_id: (use) => use.apiKeyId,
  workspace_id: (use) => use.workspaceId,
  service_account_id: ({ actor }) => (actor.type === "service" ? actor.id : null),
  model: (use) => use.model,
  service_tier: (use) => use.serviceTier,
  context_window: (use) => use.contextWindow,
  inference_geo: () => "global",
};
const usageFilters: Readonly<Record<string, string>> = {
  account_ids: "account_id",
  api_key_ids: "api_key_id",
  context_window: "context_window",
  inference_geos: "inference_geo",
  models: "model",
  service_account_ids: "service_account_id",
  service_tiers: "service_tier",
  workspace_ids: "workspace_id",
};
const single = ["starting_at", "ending_at", "bucket_width", "limit", "page"];
const usageLists = ["group_by", ...Object.keys(usageFilters)].map((name) => `${name}[]`);

/** Answers `/v1/organizations/usage_report/messages`. */
export function usageReport(parameters: URLSearchParams, state: ProviderState): unknown {
  const query = new Query(parameters, single, usageLists);
  const dims = query.knownList("group_by", Object.keys(usageDimensions));
  const width = query.choice("bucket_width", ["1d", "1h", "1m"]);
  const wanted = Object.entries(usageFilters).map(([name, dim]) => ({ values: query.list(name), dim }));
  const fits = (use: BilledUse) =>
    wanted.every(({ values, dim }) => values.length === 0 || values.includes(usageDimensions[dim]!(use) ?? ""));
  return answer(query, state, width, (bucket) => {
    const uses = answeredUses(state, bucket.startMs, bucket.endMs).filter(fits);
    const key = (use: BilledUse) => JSON.stringify(dims.map((dim) => usageDimensions[dim]!(use)));
    return [...grouped(uses, key).values()].map((group) => usageResult(group, dims));
  });
}

function usageResult(uses: readonly BilledUse[], dims: readonly string[]): unknown {
  const tokens = sumTokens(uses);
  return {
    ...Object.fromEntries(
      Object.entries(usageDimensions).map(([dim, value]) => [dim, dims.includes(dim) ? value(uses[0]!) : null]),
    ),
    uncached_input_tokens: tokens.uncachedInput,
    cache_creation: {
      ephemeral_5m_input_tokens: tokens.cacheWrite5m,
      ephemeral_1h_input_tokens: tokens.cacheWrite1h,
    },
    cache_read_input_tokens: tokens.cacheRead,
    output_tokens: tokens.output,
    server_tool_use: { web_search_requests: uses.reduce((sum, use) => sum + use.webSearches, 0) },
  };
}

/** Answers `/v1/organizations/cost_report`. */
export function costReport(parameters: URLSearchParams, state: ProviderState): unknown {
  const query = new Query(parameters, single, ["group_by[]"]);
  const dims = query.knownList("group_by", ["workspace_id", "description"]);
  const width = query.choice("bucket_width", ["1d"]);
  return answer(query, state, width, ({ startMs, endMs }) => {
    const lines = answeredUses(state, startMs, endMs).flatMap((use) =>
      costParts
        .filter((part) => use.cents[part] !== 0)
        .map((part) => ({ amount: use.cents[part], line: costLine(use, part, dims) })),
    );
    return [...grouped(lines, ({ line }) => JSON.stringify(line)).values()].map((same) => ({
      ...same[0]!.line,
      amount: centsText(same.reduce((sum, { amount }) => sum + amount, 0)),
      currency: "USD",
    }));
  });
}

function costLine(use: BilledUse, part: (typeof costParts)[number], dims: readonly string[]) {
  const isDescribed = dims.includes("description");
  const ofTokens = <Value>(value: Value) => (isDescribed && part !== "webSearch" ? value : null);
  return {
    description: isDescribed ? description(use, part) : null,
    cost_type: isDescribed ? costType(part) : null,
    token_type: isDescribed ? tokenType(part) : null,
    model: ofTokens(use.model),
    service_tier: ofTokens(use.serviceTier),
    context_window: ofTokens(use.contextWindow),
    inference_geo: ofTokens("global"),
    workspace_id: dims.includes("workspace_id") ? use.workspaceId : null,
  };
}

function description(use: BilledUse, part: (typeof costParts)[number]): string {
  const type = tokenType(part);
  return type === null ? "Web Search Usage" : `${use.model} Usage - ${type}`;
}

/** One page of buckets, the empty ones too. */
function answer(
  query: Query,
  state: ProviderState,
  widthName: keyof typeof bucketLimits,
  results: (bucket: Bucket) => unknown[],
): unknown {
  const width = widths[widthName] ?? dayMs;
  query.required("starting_at");
  const startMs = floorTo(query.time("starting_at")!, width);
  const endMs = floorTo(query.time("ending_at") ?? state.now, width);
  if (endMs <= startMs) {
    throw invalid("Invalid date range: ending date must be after starting date", { "x-should-retry": "false" });
  }
  const { usual, most } = bucketLimits[widthName];
  const limit = query.limit(most, usual);
  const count = (endMs - startMs) / width;
  const buckets = Array.from({ length: count }, (_, index) => ({
    startMs: startMs + index * width,
    endMs: startMs + (index + 1) * width,
  }));
  const { page, next } = query.page(buckets, limit);
  return {
    data: page.map((bucket) => ({
      starting_at: timeText(bucket.startMs),
      ending_at: timeText(bucket.endMs),
      results: results(bucket),
    })),
    has_more: next !== null,
    next_page: next,
  };
}
