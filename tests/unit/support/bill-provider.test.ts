import assert from "node:assert/strict";

import { centsText, microCents } from "../../support/bill/billed-use";
import { hourMs } from "../../../units";
import { type Provider, startProvider } from "../../support/bill/provider";
import {
  type AnalyticsRow,
  ask,
  firstDay,
  now,
  type Page,
  pages,
  type Refusal,
  refusal,
  total,
  use,
  uses,
} from "./bill-requests";

const range = "starting_at=2026-11-20T00:00:00Z&ending_at=2026-11-23T00:00:00Z";
const listed = (of = uses) => total(of, ({ tokens }) => tokens.output * 2000 + 1_000_000);
const charged = (of = uses) => total(of, ({ tokens }) => tokens.output * 1800 + 1_000_000);

describe("amounts of the stand-in", () => {
  it("are written as decimal cents and read back", () => {
    for (const [amount, text] of [
      [0, "0"],
      [1, "0.000001"],
      [123_450_000, "123.45"],
      [-2_500_000, "-2.5"],
      [7_000_000, "7"],
    ] as const) {
      assert.equal(centsText(amount), text);
      assert.equal(microCents(text), amount);
    }
    assert.throws(() => microCents("1e3"));
    assert.throws(() => centsText(0.5));
  });
});

describe("the stand-in's analytics of usage and cost", () => {
  let provider: Provider;
  before(async () => {
    provider = await startProvider({ now, uses });
  });
  after(() => provider.stop());
  beforeEach(() => {
    provider.setUses(uses);
    provider.now = now;
    provider.refreshedAtMs = now;
  });
  const cost = async (query: string) => (await ask<Page<AnalyticsRow>>(provider, `analytics/cost?${query}`)).body;
  const usage = async (query: string) => (await ask<Page<AnalyticsRow>>(provider, `analytics/usage?${query}`)).body;

  it("have every fact on their pages once, of any size", async () => {
    for (const limit of [1, 7, 1000]) {
      const query = `${range}&time_bucket_width=1h&group_by[]=actor&group_by[]=model&limit=${limit}`;
      const seen = provider.requests.length;
      const rows = await pages<AnalyticsRow>(provider, `analytics/cost?${query}`);
      assert.equal(provider.requests.length - seen, Math.ceil(60 / limit));
      assert.equal(rows.length, 60);
      assert.equal(
        total(rows, (row) => microCents(row.cost.list_amount)),
        listed(),
      );
      assert.equal(
        total(rows, (row) => microCents(row.cost.amount)),
        charged(),
      );
      const used = await pages<AnalyticsRow>(provider, `analytics/usage?${query}`);
      assert.equal(
        total(used, (row) => row.usage.output_tokens),
        total(uses, ({ tokens }) => tokens.output),
      );
      assert.equal(
        total(used, (row) => row.usage.server_tool_use.web_search_requests),
        60,
      );
    }
  });

  it("have twenty rows a page by default, in the order of amounts or times", async () => {
    const query = `${range}&time_bucket_width=1h`;
    const page = await cost(query);
    assert.deepEqual([page.data.length, page.has_more], [20, true]);
    const amounts = page.data.map((row) => microCents(row.cost.amount));
    assert.deepEqual(
      amounts,
      [...amounts].sort((a, b) => b - a),
    );
    const byTime = await usage(`${query}&order_by=time&order=asc&limit=2`);
    assert.deepEqual(
      byTime.data.map((row) => row.starting_at),
      ["2026-11-20T00:00:00Z", "2026-11-20T01:00:00Z"],
    );
  });

  it("group by what is asked alone, and name actors", async () => {
    const page = await cost(`${range}&group_by[]=product&group_by[]=actor`);
    const [own, foreign] = page.data;
    const ownUses = uses.filter(({ product }) => product === "claude_code");
    assert.equal(page.data.length, 2);
    assert.equal(microCents(own!.cost.list_amount), listed(ownUses));
    assert.equal(microCents(own!.cost.amount), charged(ownUses));
    assert.deepEqual([own!.group["product"], own!.group["model"], own!.cost.requests], ["claude_code", null, 40]);
    assert.deepEqual(own!.group["actor"], {
      ...{ type: "user_actor", user_id: "user_ada", email_address: "ada@example.com", name: "Ada", deleted: false },
    });
    assert.deepEqual(foreign!.group["actor"], { type: "api_actor", api_key_id: "apikey_ci" });
    assert.deepEqual([own!.starting_at, own!.ending_at], ["2026-11-20T00:00:00Z", "2026-11-23T00:00:00Z"]);
    assert.deepEqual([page.data_refreshed_at, page.next_page, page.has_more], ["2026-11-23T00:00:00Z", null, false]);
  });

  it("split rows after paging, and then count no requests", async () => {
    const page = await cost(`${range}&group_by[]=product&group_by[]=cost_type&group_by[]=token_type&limit=1`);
    assert.deepEqual(
      page.data.map(({ group, cost: { list_amount, requests } }) => [
        group["cost_type"],
        group["token_type"],
        list_amount,
        requests,
      ]),
      [
        ["tokens", "output_tokens", centsText(listed(uses.filter((_, index) => index % 3 < 2)) - 40_000_000), null],
        ["web_search", null, "40", null],
      ],
    );
    assert.equal(page.has_more, true);
  });

  it("filter, and take an empty entry for no key and for the default workspace", async () => {
    const requests = async (filter: string) =>
      total((await usage(`${range}&${filter}`)).data, (row) => row.usage.requests);
    assert.equal(await requests("products[]=claude_code"), 40);
    assert.equal(await requests("api_key_ids[]="), 40);
    assert.equal(await requests("workspace_ids[]=wrkspc_ci"), 20);
    assert.equal(await requests("workspace_ids[]=&workspace_ids[]=wrkspc_ci"), 60);
    assert.equal(await requests("actor_ids[]=user_ada&models[]=claude-haiku-4-5"), 0);
  });

  it("have no row without use, and nothing after the watermark, nor late rows before their time", async () => {
    const hours = async () => (await usage(`${range}&time_bucket_width=1h&limit=1000`)).data.length;
    provider.refreshedAtMs = firstDay + 10 * hourMs + 1;
    assert.equal(await hours(), 10);
    provider.refreshedAtMs = firstDay;
    assert.equal((await usage(range)).data_refreshed_at, null);
    provider.refreshedAtMs = null;
    const none = await usage(range);
    assert.deepEqual([none.data, none.data_refreshed_at], [[], null]);
    provider.refreshedAtMs = now;
    provider.setUses([...uses, use(100, firstDay + 61 * hourMs, { availableFromMs: now + 1 })]);
    assert.equal(await hours(), 60);
    provider.now = now + 1;
    assert.equal(await hours(), 61);
    provider.setUses([use(5, firstDay)]);
    assert.equal(await hours(), 1);
  });

  it("bind a cursor to its query", async () => {
    const query = `${range}&time_bucket_width=1h&limit=5`;
    const { next_page: cursor } = await cost(query);
    const page = `&page=${cursor}`;
    assert.equal((await cost(query + page)).data.length, 5);
    for (const changed of [`${query}&products[]=claude_code`, `${range}&time_bucket_width=1h&limit=6`]) {
      assert.equal(await refusal(provider, `analytics/cost?${changed}${page}`), "400 invalid_request_error");
    }
    assert.equal(await refusal(provider, `analytics/cost?${query}&page=page_x`), "400 invalid_request_error");
  });

  for (const [why, query] of [
    ["an unknown parameter", `${range}&bucket_width=1d`],
    ["a list without its brackets", `${range}&group_by=model`],
    ["an unknown dimension", `${range}&group_by[]=user`],
    ["a dimension given twice", `${range}&group_by[]=model&group_by[]=model`],
    [
      "a sixth dimension",
      `${range}${["actor", "model", "product", "speed", "api_key_id", "workspace_id"].map((dim) => `&group_by[]=${dim}`).join("")}`,
    ],
    ["no beginning", "ending_at=2026-11-23T00:00:00Z"],
    ["a time without a zone", "starting_at=2026-11-20T00:00:00"],
    ["a plus sign that is not encoded", "starting_at=2026-11-20T00:00:00+00:00"],
    ["buckets without an end", "starting_at=2026-11-20T00:00:00Z&time_bucket_width=1d"],
    ["an end before the beginning", "starting_at=2026-11-20T00:00:00Z&ending_at=2026-11-19T00:00:00Z"],
    ["more than 31 days", "starting_at=2026-10-20T00:00:00Z&ending_at=2026-11-21T00:00:00Z"],
    ["minutes of more than a day", `${range}&time_bucket_width=1m`],
    ["more than a year ago", "starting_at=2025-11-20T00:00:00Z&ending_at=2025-11-21T00:00:00Z"],
    ["another width", `${range}&time_bucket_width=1w`],
    ["no rows", `${range}&limit=0`],
    ["too many rows", `${range}&limit=1001`],
    ["another order", `${range}&order_by=cost`],
    ["a single parameter twice", `${range}&limit=5&limit=6`],
  ] as const) {
    it(`refuse ${why}`, async () => {
      assert.equal(await refusal(provider, `analytics/cost?${query}`), "400 invalid_request_error");
    });
  }

  it("go back 365 days, and not before 2026", async () => {
    const halfDay = (day: string) => `analytics/cost?starting_at=${day}T00:00:00Z&ending_at=${day}T12:00:00Z`;
    provider.now = Date.parse("2027-11-23T00:00:00Z");
    assert.equal((await ask(provider, halfDay("2026-11-23"))).status, 200);
    assert.equal(await refusal(provider, halfDay("2026-11-22")), "400 invalid_request_error");
    provider.now = Date.parse("2026-06-01T00:00:00Z");
    assert.equal((await ask(provider, halfDay("2026-01-01"))).status, 200);
    assert.equal(await refusal(provider, halfDay("2025-12-31")), "400 invalid_request_error");
  });

  it("split amounts of cost alone, take five dimensions and 31 days", async () => {
    assert.equal(await refusal(provider, `analytics/usage?${range}&group_by[]=cost_type`), "400 invalid_request_error");
    const five = ["actor", "model", "product", "speed", "api_key_id", "cost_type", "token_type"];
    const query = `starting_at=2026-10-23T00:00:00Z&ending_at=2026-11-23T00:00:00Z&time_bucket_width=1d`;
    const { data } = await cost(`${query}${five.map((dim) => `&group_by[]=${dim}`).join("")}`);
    // Three days, two actors, tokens and searches.
    assert.equal(data.length, 12);
  });

  it("are refused to organisations that handle health data", async () => {
    const other = await startProvider({ now, isHipaaReady: true });
    try {
      const { status, body } = await ask<Refusal>(other, `analytics/cost?${range}`);
      assert.deepEqual([status, body.error.details?.error_code], [400, "organization_type_not_supported"]);
    } finally {
      await other.stop();
    }
  });
});
