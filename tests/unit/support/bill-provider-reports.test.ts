import assert from "node:assert/strict";

import { type BilledUse, costParts, microCents, totalOf } from "../../support/bill/billed-use";
import { dayMs } from "../../../units";
import { type Company, companyOf } from "../../support/bill/company";
import { type Provider, startProvider } from "../../support/bill/provider";
import { type AnalyticsRow, ask, type Page, pages, type Refusal, refusal, total } from "./bill-requests";

interface Bucket<Result> {
  readonly starting_at: string;
  readonly ending_at: string;
  readonly results: readonly Result[];
}
interface UsageResult {
  readonly account_id: string | null;
  readonly api_key_id: string | null;
  readonly service_account_id: string | null;
  readonly model: string | null;
  readonly uncached_input_tokens: number;
  readonly cache_read_input_tokens: number;
  readonly cache_creation: Readonly<Record<"ephemeral_5m_input_tokens" | "ephemeral_1h_input_tokens", number>>;
  readonly output_tokens: number;
  readonly server_tool_use: { readonly web_search_requests: number };
}
interface CostResult {
  readonly amount: string;
  readonly currency: string;
  readonly description: string | null;
  readonly cost_type: string | null;
  readonly token_type: string | null;
  readonly model: string | null;
  readonly workspace_id: string | null;
}
const from = Date.parse("2026-10-01T00:00:00Z");
const text = (ms: number) => new Date(ms).toISOString();
const range = `starting_at=${text(from)}&ending_at=${text(from + 10 * dayMs)}`;
const list = (uses: readonly BilledUse[]) => total(uses, (use) => totalOf(use.listCents));
const charged = (uses: readonly BilledUse[]) => total(uses, (use) => totalOf(use.cents));
const tokensOfUse = ({ tokens }: BilledUse) =>
  tokens.uncachedInput + tokens.cacheRead + tokens.cacheWrite5m + tokens.cacheWrite1h + tokens.output;

describe("the stand-in's reports of a company", () => {
  const company: Company = companyOf({ days: 10, discountPermille: 100, refreshedAtMs: from + 10 * dayMs });
  const dayUses = (day: number) => company.uses.filter(({ hourMs: at }) => Math.floor((at - from) / dayMs) === day);
  let provider: Provider;
  before(async () => {
    provider = await startProvider(company.provider);
  });
  after(() => provider.stop());

  it("agree in all endpoints on tokens and amounts", async () => {
    const dims = ["actor", "api_key_id", "product", "model", "workspace_id"]
      .map((dim) => `&group_by[]=${dim}`)
      .join("");
    const query = `${range}&time_bucket_width=1h&limit=200${dims}`;
    const cost = await pages<AnalyticsRow>(
      provider,
      `analytics/cost?${query}&group_by[]=cost_type&group_by[]=token_type`,
    );
    assert.equal(
      total(cost, (row) => microCents(row.cost.amount)),
      charged(company.uses),
    );
    assert.equal(
      total(cost, (row) => microCents(row.cost.list_amount)),
      list(company.uses),
    );
    const used = await pages<AnalyticsRow>(provider, `analytics/usage?${query}`);
    assert.equal(
      total(used, ({ usage }) => usage.requests),
      company.uses.length,
    );

    const tokens = total(company.uses, (use) => tokensOfUse(use));
    assert.equal(
      total(used, ({ usage }) => usage.total_tokens),
      tokens,
    );
    const messages = await pages<Bucket<UsageResult>>(
      provider,
      `usage_report/messages?${range}&group_by[]=model&group_by[]=account_id&bucket_width=1h&limit=100`,
    );
    const results = messages.flatMap((bucket) => bucket.results);
    const tokensOf = (one: UsageResult) =>
      one.uncached_input_tokens +
      one.cache_read_input_tokens +
      one.cache_creation.ephemeral_5m_input_tokens +
      one.cache_creation.ephemeral_1h_input_tokens +
      one.output_tokens;
    assert.equal(total(results, tokensOf), tokens);
    assert.equal(
      total(results, (one) => one.server_tool_use.web_search_requests),
      total(company.uses, (use) => use.webSearches),
    );
    const report = await pages<Bucket<CostResult>>(provider, `cost_report?${range}&group_by[]=description&limit=3`);
    assert.equal(
      total(
        report.flatMap((bucket) => bucket.results),
        (one) => microCents(one.amount),
      ),
      charged(company.uses),
    );
  });

  it("show no dimension that is not asked for", async () => {
    const { body } = await ask<Page<Bucket<UsageResult>>>(provider, `usage_report/messages?${range}&limit=1`);
    const [result, ...others] = body.data[0]!.results;
    assert.deepEqual([result!.model, result!.account_id, result!.api_key_id, others.length], [null, null, null, 0]);
    const { body: cost } = await ask<Page<Bucket<CostResult>>>(provider, `cost_report?${range}&limit=1`);
    const [sum] = cost.data[0]!.results;
    assert.deepEqual([sum!.description, sum!.cost_type, sum!.model, sum!.workspace_id], [null, null, null, null]);
    assert.equal(microCents(sum!.amount), charged(dayUses(0)));
  });

  it("have the account of logins alone, and part accounts from services", async () => {
    const dims = ["account_id", "api_key_id", "service_account_id"].map((dim) => `&group_by[]=${dim}`).join("");
    const { body } = await ask<Page<Bucket<UsageResult>>>(provider, `usage_report/messages?${range}&limit=10${dims}`);
    const results = body.data.flatMap((bucket) => bucket.results);
    const named = (one: UsageResult) => [one.account_id, one.api_key_id, one.service_account_id].filter(Boolean).length;
    assert.deepEqual(new Set(results.map(named)), new Set([1]));
  });

  it("have each cost line of a day once, by workspace and description", async () => {
    const path = `cost_report?${range}&group_by[]=workspace_id&group_by[]=description&limit=1`;
    const { body } = await ask<Page<Bucket<CostResult>>>(provider, path);
    const lines = body.data[0]!.results;
    const kinds = dayUses(0).flatMap((use) =>
      costParts
        .filter((part) => use.cents[part] > 0)
        .map((part) => [use.workspaceId, part, part === "webSearch" ? null : `${use.model} ${use.serviceTier}`].join()),
    );
    assert.equal(lines.length, new Set(kinds).size);
    assert.ok(lines.some(({ token_type }) => token_type === "cache_creation.ephemeral_1h_input_tokens"));
  });

  it("have empty buckets too, seven days or twenty-four hours a page", async () => {
    const dated = `starting_at=2026-09-20T12:34:56Z&ending_at=2026-10-05T23:59:59Z`;
    const { body } = await ask<Page<Bucket<UsageResult>>>(provider, `usage_report/messages?${dated}`);
    assert.deepEqual(
      body.data.map((bucket) => [bucket.starting_at, bucket.results.length]),
      Array.from({ length: 7 }, (_, index) => [`2026-09-${20 + index}T00:00:00Z`, 0]),
    );
    const all = await pages<Bucket<UsageResult>>(provider, `usage_report/messages?${dated}`);
    assert.deepEqual([all.length, all.at(-1)!.ending_at], [15, "2026-10-05T00:00:00Z"]);
    const hours = await ask<Page<unknown>>(provider, `usage_report/messages?${dated}&bucket_width=1h`);
    assert.equal(hours.body.data.length, 24);
  });

  it("refuse ranges without one whole day, for good", async () => {
    for (const path of ["usage_report/messages", "cost_report"]) {
      for (const query of [
        "starting_at=2026-10-05T00:00:00Z&ending_at=2026-10-05T23:59:59Z",
        // The clock stands at 01:00 of this day.
        "starting_at=2026-10-11T00:00:00Z",
      ]) {
        const { status, headers, body } = await ask<Refusal>(provider, `${path}?${query}`);
        assert.deepEqual([status, headers.get("x-should-retry")], [400, "false"], query);
        assert.match(body.error.message, /^Invalid date range/);
      }
      const { body } = await ask<Page<Bucket<unknown>>>(provider, `${path}?starting_at=2026-10-10T00:00:00Z`);
      assert.deepEqual(
        body.data.map(({ ending_at }) => ending_at),
        ["2026-10-11T00:00:00Z"],
      );
    }
  });

  for (const [why, path] of [
    ["no beginning", "usage_report/messages"],
    ["more buckets than a page may have", `usage_report/messages?${range}&limit=32`],
    ["more hours than a page may have", `usage_report/messages?${range}&limit=169&bucket_width=1h`],
    ["hours of cost", `cost_report?${range}&bucket_width=1h`],
    ["cost by model", `cost_report?${range}&group_by[]=model`],
    ["use by product", `usage_report/messages?${range}&group_by[]=product`],
    ["a filter of cost", `cost_report?${range}&models[]=claude-opus-5-5`],
  ] as const) {
    it(`refuse ${why}`, async () => {
      assert.equal(await refusal(provider, path), "400 invalid_request_error");
    });
  }
});
