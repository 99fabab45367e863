import assert from "node:assert/strict";

import { Analytics } from "../../../bill/provider/analytics";
import { ProviderClient } from "../../../bill/provider/client";
import { count, usdOf } from "../../../bill/provider/day-bill";
import { Reports } from "../../../bill/provider/reports";
import { listen, loopback } from "../../support/loopback-ports";
import * as http from "node:http";
import type { AddressInfo } from "node:net";

describe("amounts of the provider", () => {
  it("are cents with fractions, corrections below zero among them", () => {
    assert.deepEqual(
      ["123.45", "0", "-7", "0.000001"].map((amount) => usdOf({ amount })),
      [1.2345, 0, -0.07, 1e-8],
    );
  });

  it("are refused where they are no number, or not in USD", () => {
    for (const amount of ["", "1e3", "12,5", "NaN", "$1"]) {
      assert.throws(() => usdOf({ amount }), /found ".*" in USD; expected cents in USD/, amount);
    }
    assert.throws(() => usdOf({ amount: "12", currency: "EUR" }), /found "12" in EUR; expected cents in USD/);
    assert.throws(() => count("many" as unknown as number), /found "many"; expected a number/);
    assert.deepEqual([count(null), count(undefined), count(3)], [0, 0, 3]);
  });
});

describe("an answer of the provider", () => {
  const span = { fromMs: Date.UTC(2026, 10, 20), toMs: Date.UTC(2026, 10, 21) };
  const row = (actor: object | null, more: object = {}) => ({
    group: { actor, product: "claude_code", model: "claude-opus-5-5", ...more },
    cost: { amount: "100", currency: "USD" },
  });

  /** Reads a day from a server whose every answer is the same. */
  async function read(body: unknown) {
    const server = http.createServer((_, response) => response.end(JSON.stringify(body)));
    await listen(server, loopback, 0);
    const url = `http://${loopback}:${(server.address() as AddressInfo).port}`;
    try {
      const client = new ProviderClient({ url, key: "token", requestsPerMinute: 60_000, retryPauseMs: 1 });
      return (await new Analytics(client, new Set(["apikey_known"])).read(span)).charges;
    } finally {
      server.close();
    }
  }

  it("may charge people, keys, services, federated ones and nobody, and have new fields", async () => {
    const data = [
      row({ type: "user_actor", user_id: "user_1", email: "ada@example.com", deleted: false }, { new_dimension: "x" }),
      row({ type: "api_actor", api_key_id: "apikey_1" }),
      row({ type: "service_account_actor", service_account_id: "svac_1" }),
      row({ type: "federated_actor", provider: "idp", subject: "job" }),
      row(null, { api_key_id: "apikey_known", product: "messages_api" }),
      row(null, { product: null }),
      row({ type: "something_new" }),
    ].map((one) => ({ ...one, usage: {} }));
    const charges = await read({ data, has_more: false, next_page: null });
    assert.deepEqual(
      charges.map(({ actor, product }) => [actor, product]),
      [
        [{ kind: "person", id: "user_1", email: "ada@example.com" }, "claude_code"],
        [{ kind: "key", id: "apikey_1" }, "claude_code"],
        [{ kind: "service", id: "svac_1" }, "claude_code"],
        [{ kind: "service", id: "job" }, "claude_code"],
        [{ kind: "key", id: "apikey_known" }, "claude_code"],
        [{ kind: "nobody" }, "other"],
        [{ kind: "nobody" }, "claude_code"],
      ],
    );
    assert.ok(charges.every(({ usd }) => usd === 1));
  });

  it("without a list, or with pages that never end, is refused", async () => {
    await assert.rejects(read({ message: "welcome" }), /analytics\/cost: found no "data"; expected a list/);
    await assert.rejects(read({ data: [], next_page: "page_1" }), /found page "page_1" twice; expected pages that end/);
    const [{ cost: _, ...withoutCost }] = [row(null)];
    await assert.rejects(read({ data: [withoutCost] }), TypeError);
  });
});

describe("people of the reports", () => {
  const span = { fromMs: Date.UTC(2026, 10, 20), toMs: Date.UTC(2026, 10, 21) };
  const results = {
    cost_report: [{ amount: "100", cost_type: "tokens", token_type: "output_tokens", model: "claude-opus-5-5" }],
    messages: [{ account_id: "user_1", model: "claude-opus-5-5", output_tokens: 5 }],
  };

  /** Reads a day from a server that answers the question for members with a status. */
  async function read(status: number) {
    const server = http.createServer((request, response) => {
      const [name] = /cost_report|messages/.exec(request.url ?? "") ?? [];
      response.statusCode = name === undefined ? status : 200;
      const error = { type: "error", message: "no" };
      const data = name === undefined ? [] : [{ results: results[name as keyof typeof results] }];
      response.end(JSON.stringify({ data, error, has_more: false, next_page: null }));
    });
    await listen(server, loopback, 0);
    const url = `http://${loopback}:${(server.address() as AddressInfo).port}`;
    try {
      const client = new ProviderClient({ url, key: "token", requestsPerMinute: 60_000, retryPauseMs: 1 });
      const options = { claudeCodeWorkspaces: new Set<string>(), knownKeys: new Set<string>() };
      return (await new Reports(client, options).read(span)).charges.map(({ actor }) => actor);
    } finally {
      server.close();
    }
  }

  it("have their ids alone where the key may not read members, and fail where that is not the reason", async () => {
    assert.deepEqual(await read(403), [{ kind: "person", id: "user_1" }]);
    await assert.rejects(read(500), /users: 500/);
  });
});
