import assert from "node:assert/strict";

import { analyticsBeta, type Provider, startProvider } from "../../support/bill/provider";
import { testKeys } from "../../support/bill/provider-keys";
import { type AnalyticsRow, ask, firstDay, now, type Page, type Refusal, refusal, uses } from "./bill-requests";

const range = "starting_at=2026-11-20T00:00:00Z&ending_at=2026-11-23T00:00:00Z";
const usage = `analytics/usage?${range}`;
const messages = `usage_report/messages?${range}`;
const day = "usage_report/claude_code?starting_at=2026-11-20";
const users = "analytics/users?date=2026-11-20";
const limits = "spend_limits/effective";
const version = { "anthropic-version": "2026-10-21" };

describe("the stand-in of the provider's billing side", () => {
  let provider: Provider;
  before(async () => {
    provider = await startProvider({ now, uses });
  });
  after(() => provider.stop());

  for (const [who, key] of [
    ["a request without a key", ""],
    ["an unknown key", "sk-ant-admin01-other"],
    ["an expired key", testKeys.expired.secret],
    ["a key for inference", testKeys.inference.secret],
  ] as const) {
    it(`refuses ${who} everywhere`, async () => {
      for (const path of [usage, messages, "cost_report", day, users, limits, "users"]) {
        assert.equal(await refusal(provider, path, { key }), "401 authentication_error", path);
      }
    });
  }

  it("has Console's reports for Admin keys, Enterprise's for scoped ones, and analytics of cost for both", async () => {
    const { secret: key } = testKeys.enterprise;
    for (const path of [messages, `cost_report?${range}`, day, "users"]) {
      assert.equal((await ask(provider, path)).status, 200, path);
      assert.equal(await refusal(provider, path, { key }), "403 permission_error", path);
    }
    for (const path of [users, "analytics/summaries?starting_date=2026-11-20", limits]) {
      assert.equal((await ask(provider, path, { key })).status, 200, path);
      const code = "400 invalid_request_error organization_type_not_supported";
      assert.equal(await refusal(provider, path), code, path);
    }
    for (const path of [usage, `analytics/cost?${range}`]) {
      assert.deepEqual([(await ask(provider, path)).status, (await ask(provider, path, { key })).status], [200, 200]);
    }
  });

  it("refuses a scope that is too small, and names the scopes", async () => {
    const { status, body } = await ask<Refusal>(provider, limits, { key: testKeys.analyticsOnly.secret });
    assert.deepEqual([status, body.error.type], [403, "permission_error"]);
    assert.match(body.error.message, /Held: read:analytics\. Needed: read:spend_limits\./);
    for (const path of [usage, users]) {
      assert.equal(await refusal(provider, path, { key: testKeys.noScope.secret }), "403 permission_error");
    }
  });

  it("needs a known version, and the name of the beta where there is one", async () => {
    assert.equal(await refusal(provider, messages, { headers: {} }), "400 invalid_request_error");
    const unknown = { "anthropic-version": "2026-01-01", "anthropic-beta": analyticsBeta };
    assert.equal(await refusal(provider, usage, { headers: unknown }), "400 invalid_request_error");
    assert.equal(await refusal(provider, usage, { headers: version }), "400 invalid_request_error");
    assert.equal((await ask(provider, messages, { headers: version })).status, 200);
    const several = { ...version, "anthropic-beta": `fast-mode-2026-02-01, ${analyticsBeta}` };
    assert.equal((await ask(provider, usage, { headers: several })).status, 200);
  });

  it("reads alone, and knows its own paths alone", async () => {
    for (const method of ["POST", "PUT", "DELETE"]) {
      const { status, headers } = await ask(provider, "users", { method });
      assert.deepEqual([status, headers.get("allow")], [405, "GET"]);
    }
    assert.equal(await refusal(provider, "invites"), "404 not_found_error");
  });

  it("tells its own time and a request's id with every answer", async () => {
    provider.now = firstDay + 1234;
    try {
      for (const path of ["users", "invites"]) {
        const { headers } = await ask(provider, path);
        assert.equal(headers.get("date"), "Fri, 20 Nov 2026 00:00:01 GMT");
        assert.match(headers.get("request-id")!, /^req_\d+$/);
      }
    } finally {
      provider.now = now;
    }
  });

  it("remembers requests without their keys", async () => {
    const seen = provider.requests.length;
    await ask(provider, "users?limit=3");
    await ask(provider, "users", { key: "" });
    await ask(provider, "users", { key: "sk-ant-other", method: "POST" });
    await ask(provider, users, { key: testKeys.analyticsOnly.secret });
    const path = "/v1/organizations/users";
    assert.deepEqual(provider.requests.slice(seen), [
      { method: "GET", path: `${path}?limit=3`, key: "admin", status: 200, isCut: false },
      { method: "GET", path, key: "none", status: 401, isCut: false },
      { method: "POST", path, key: "unknown", status: 405, isCut: false },
      { method: "GET", path: `/v1/organizations/${users}`, key: "enterprise", status: 200, isCut: false },
    ]);
    assert.ok(!JSON.stringify(provider.requests).includes("sk-ant"));
  });
});

describe("faults of the stand-in", () => {
  let provider: Provider;
  beforeEach(async () => {
    provider = await startProvider({ now, uses });
  });
  afterEach(() => provider.stop());

  it("are answered to as many requests as asked for, in their order", async () => {
    provider.failNext(2, { status: 429, retryAfterSeconds: 7 });
    provider.failNext(1, { status: 500 });
    provider.failNext(1, { none: true });
    provider.failNext(1, { status: 529 });
    const first = await ask<Refusal>(provider, usage);
    assert.deepEqual(
      [first.status, first.body.error.type, first.headers.get("retry-after")],
      [429, "rate_limit_error", "7"],
    );
    assert.equal(await refusal(provider, usage), "429 rate_limit_error");
    assert.equal(await refusal(provider, usage), "500 api_error");
    assert.equal((await ask(provider, usage)).status, 200);
    assert.equal(await refusal(provider, usage), "529 overloaded_error");
    assert.equal((await ask(provider, usage)).status, 200);
    assert.deepEqual(
      provider.requests.map(({ status }) => status),
      [429, 429, 500, 200, 529, 200],
    );
  });

  it("end an answer in its middle", async () => {
    provider.failNext(1, { cut: true });
    await assert.rejects(ask(provider, usage), /terminated/);
    assert.deepEqual(
      provider.requests.map(({ status, isCut }) => [status, isCut]),
      [[200, true]],
    );
    assert.equal((await ask(provider, usage)).status, 200);
  });

  it("refuse connections until the stand-in is up again, at the same address", async () => {
    const { url } = provider;
    await provider.setDown(true);
    await provider.setDown(true);
    await assert.rejects(
      ask(provider, usage),
      (error: Error) => error.cause instanceof Error && error.cause.message.includes("ECONNREFUSED"),
    );
    await provider.setDown(false);
    await provider.setDown(false);
    assert.equal(provider.url, url);
    assert.equal((await ask(provider, usage)).status, 200);
    assert.equal(provider.requests.length, 1);
  });

  it("limit the rate of all Enterprise keys together, for as long as the window is", async () => {
    const limited = await startProvider({ now, uses, rateLimit: { requests: 3, windowMs: 900 } });
    try {
      const [one, other] = [testKeys.enterprise.secret, testKeys.analyticsOnly.secret];
      const statuses: number[] = [];
      for (const key of [one, other, one]) {
        statuses.push((await ask(limited, usage, { key })).status);
      }
      const refused = await ask(limited, usage, { key: other });
      statuses.push(refused.status, (await ask(limited, usage)).status);
      assert.deepEqual(statuses, [200, 200, 200, 429, 200]);
      assert.equal(refused.headers.get("retry-after"), "1");
      await new Promise((resolve) => setTimeout(resolve, 1000));
      assert.equal((await ask(limited, usage, { key: one })).status, 200);
    } finally {
      await limited.stop();
    }
  });

  it("leave the figures alone: the same page is read again after them", async () => {
    const query = `${usage}&time_bucket_width=1h&limit=10`;
    const first = await ask<Page<AnalyticsRow>>(provider, query);
    const next = `${query}&page=${first.body.next_page}`;
    provider.failNext(1, { cut: true });
    await assert.rejects(ask(provider, next));
    provider.failNext(1, { status: 529 });
    await ask(provider, next);
    const again = await ask<Page<AnalyticsRow>>(provider, next);
    assert.deepEqual(again.body, (await ask(provider, next)).body);
    assert.equal(again.body.data.length, 10);
  });
});
