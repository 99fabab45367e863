import assert from "node:assert/strict";

import { type BilledUse, microCents, totalOf } from "../../support/bill/billed-use";
import { dayMs, hourMs } from "../../../units";
import { type Company, companyOf } from "../../support/bill/company";
import { type Provider, startProvider } from "../../support/bill/provider";
import { testKeys } from "../../support/bill/provider-keys";
import { ask, type Page, pages, type Refusal, refusal, total } from "./bill-requests";

interface CodeRecord {
  readonly actor: { readonly type: string; readonly email_address?: string; readonly api_key_name?: string };
  readonly core_metrics: { readonly num_sessions: number; readonly lines_of_code: { readonly added: number } };
  readonly model_breakdown: readonly {
    readonly model: string;
    readonly tokens: Readonly<Record<"input" | "output" | "cache_read" | "cache_creation", number>>;
    readonly estimated_cost: { readonly amount: number };
  }[];
}

const from = Date.parse("2026-10-01T00:00:00Z");
const list = (uses: readonly BilledUse[]) => total(uses, (use) => totalOf(use.listCents));
const charged = (uses: readonly BilledUse[]) => total(uses, (use) => totalOf(use.cents));
const tokensOfUse = ({ tokens }: BilledUse) =>
  tokens.uncachedInput + tokens.cacheRead + tokens.cacheWrite5m + tokens.cacheWrite1h + tokens.output;

describe("the stand-in's figures of a company's people", () => {
  const company: Company = companyOf({ days: 10, discountPermille: 100, refreshedAtMs: from + 10 * dayMs });
  /** Claude Code's use of a day, without that of services, which the report leaves out. */
  const codeUses = (day: number) =>
    company.uses.filter(
      ({ hourMs: at, product, actor }) =>
        Math.floor((at - from) / dayMs) === day && product === "claude_code" && actor.type !== "service",
    );
  const { now } = company.provider;
  let provider: Provider;
  before(async () => {
    provider = await startProvider(company.provider);
  });
  after(() => provider.stop());
  beforeEach(() => {
    provider.now = now;
  });

  for (const [why, path] of [
    ["a day with a time", "usage_report/claude_code?starting_at=2026-10-01T00:00:00Z"],
    ["an end of a day's report", "usage_report/claude_code?starting_at=2026-10-01&ending_at=2026-10-02"],
    ["more than a thousand records", "usage_report/claude_code?starting_at=2026-10-01&limit=1001"],
    ["an unknown member", "users?after_id=user_nobody"],
  ] as const) {
    it(`refuse ${why}`, async () => {
      assert.equal(await refusal(provider, path), "400 invalid_request_error");
    });
  }

  it("count Claude Code's use of a day by actor, with estimates in whole cents", async () => {
    const records = await pages<CodeRecord>(provider, "usage_report/claude_code?starting_at=2026-10-02&limit=5");
    const uses = codeUses(1);
    const models = records.flatMap((record) => record.model_breakdown);
    assert.equal(
      total(models, ({ tokens }) => tokens.input + tokens.output + tokens.cache_read + tokens.cache_creation),
      total(uses, (use) => tokensOfUse(use)),
    );
    const cents = total(models, (one) => one.estimated_cost.amount);
    assert.ok(models.every((one) => Number.isInteger(one.estimated_cost.amount)));
    assert.ok(Math.abs(cents - list(uses) / 1e6) <= models.length / 2);
    const activity = company.provider.activity!.filter(({ dayMs: day }) => day === from + dayMs);
    assert.equal(
      total(records, (one) => one.core_metrics.num_sessions),
      total(activity, (one) => one.sessions),
    );
    const ci = records.filter(({ actor }) => actor.type === "api_actor");
    assert.deepEqual(
      ci.map(({ actor }) => actor.api_key_name),
      ["ci"],
    );
  });

  it("count nothing of the last hour", async () => {
    const counted = async () =>
      total(await pages<CodeRecord>(provider, "usage_report/claude_code?starting_at=2026-10-02"), (record) =>
        total(record.model_breakdown, (one) => one.tokens.output),
      );
    provider.now = from + dayMs + 15.5 * hourMs;
    const ended = company.provider.activity!.filter(
      (one) => one.dayMs === from + dayMs && one.lastMs <= provider.now - hourMs,
    );
    const records = await pages<CodeRecord>(provider, "usage_report/claude_code?starting_at=2026-10-02");
    assert.equal(
      total(records, (one) => one.core_metrics.num_sessions),
      total(ended, (one) => one.sessions),
    );
    const expected = codeUses(1).filter((use) => use.hourMs < from + dayMs + 14 * hourMs);
    assert.equal(
      await counted(),
      total(expected, ({ tokens }) => tokens.output),
    );
    assert.ok(expected.length > 0 && expected.length < codeUses(1).length);
    provider.now = from + dayMs + hourMs;
    assert.equal(await counted(), 0);
  });

  it("list every member once", async () => {
    const seen: string[] = [];
    const answered = provider.requests.length;
    let after = "";
    for (;;) {
      const { body } = await ask<Page<{ id: string; email: string }> & { last_id: string | null }>(
        provider,
        `users?limit=10${after}`,
      );
      seen.push(...body.data.map(({ email }) => email));
      if (!body.has_more) {
        break;
      }
      after = `&after_id=${body.last_id}`;
    }
    assert.deepEqual(
      seen,
      company.people.map(({ actor }) => actor.email),
    );
    assert.equal(provider.requests.length - answered, 3);
  });

  it("have a record for each terminal, and a day's tokens in one of them", async () => {
    const path = "usage_report/claude_code?starting_at=2026-10-02&limit=1000";
    const { activity } = provider;
    const single = await pages<CodeRecord>(provider, path);
    provider.activity = activity.flatMap((one) => [one, { ...one, terminal: "iTerm.app" }]);
    const doubled = await pages<CodeRecord>(provider, path);
    provider.activity = activity;
    const tokens = (records: readonly CodeRecord[]) =>
      total(records, (record) => total(record.model_breakdown, (one) => one.tokens.output));
    assert.equal(tokens(doubled), tokens(single));
    assert.equal(doubled.length - single.length, activity.filter(({ dayMs: day }) => day === from + dayMs).length);
  });

  it("tell Enterprise keys of people, seats and limits, a day late", async () => {
    const { secret: key } = testKeys.enterprise;
    interface UserRow {
      readonly user: { readonly email_address: string };
      readonly claude_code_metrics: { readonly core_metrics: { readonly distinct_session_count: number } };
    }
    const rows = await pages<UserRow>(provider, "analytics/users?date=2026-10-10&limit=4", key);
    const activity = company.provider.activity!.filter(({ dayMs: day }) => day === from + 9 * dayMs);
    assert.ok(activity.length > 0);
    assert.equal(
      total(rows, (row) => row.claude_code_metrics.core_metrics.distinct_session_count),
      total(activity, (one) => one.sessions),
    );
    const late = await ask<Refusal>(provider, "analytics/users?date=2026-10-11", { key });
    assert.equal(late.status, 400);
    assert.match(late.body.error.message, /2026-10-10/);

    const summaries = await ask<Page<Readonly<Record<string, unknown>>>>(
      provider,
      "analytics/summaries?starting_date=2026-10-09",
      { key },
    );
    assert.deepEqual(
      summaries.body.data.map((day) => [day["starting_at"], day["assigned_seat_count"]]),
      ["2026-10-09T00:00:00Z", "2026-10-10T00:00:00Z"].map((day) => [day, 30]),
    );
    assert.equal(summaries.body.data[1]!["daily_active_user_count"], activity.length);

    const [first, second] = company.people;
    provider.spendLimits = [
      { userId: first!.actor.id, cents: 50_000 },
      { userId: second!.actor.id, cents: null },
    ];
    interface Limit {
      readonly amount: string | null;
      readonly period_to_date_spend: string;
    }
    const limits = await pages<Limit>(provider, "spend_limits/effective?limit=1", key);
    assert.deepEqual(
      limits.map(({ amount }) => amount),
      ["50000", null],
    );
    const own = company.uses.filter(({ actor }) => actor.id === first!.actor.id);
    assert.equal(microCents(limits[0]!.period_to_date_spend), charged(own));
    const one = await pages<Limit>(provider, `spend_limits/effective?user_ids[]=${second!.actor.id}`, key);
    assert.deepEqual(
      one.map(({ amount }) => amount),
      [null],
    );
  });
});
