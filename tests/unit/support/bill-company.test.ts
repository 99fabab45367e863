import assert from "node:assert/strict";

import { priceTable, type TokenType, tokenTypes } from "../../../telemetry/prices";
import { type BilledUse, totalOf } from "../../support/bill/billed-use";
import { dayMs, hourMs } from "../../../units";
import { type ClientReport, type Company, companyOf } from "../../support/bill/company";
import { byDay, type ByReason, byReason } from "../../support/bill/company-truth";
import { byHand } from "../../support/hand-prices";
import { total } from "./bill-requests";

const dayOf = (ms: number) => new Date(ms).toISOString().slice(0, 10);

/** Facts up to the watermark that have arrived. */
function billed({ uses, refreshedAtMs, provider }: Company): BilledUse[] {
  return uses.filter((use) => use.hourMs + hourMs <= refreshedAtMs && use.availableFromMs <= provider.now);
}
const metered = ({ reports }: Company) => reports.filter(({ billing }) => billing === "metered");

/** Reasons as they follow from the bill and the reports alone, without knowledge of any request's story. */
function reconciled(company: Company, day: string): ByReason {
  const uses = billed(company).filter((use) => dayOf(use.hourMs) === day);
  const reports = metered(company).filter(({ timeMs }) => dayOf(timeMs) === day);
  const early = reports.filter(({ timeMs }) => timeMs < company.refreshedAtMs);
  const isSettled = company.refreshedAtMs >= Date.parse(day) + 2 * dayMs;
  const charged = (of: readonly BilledUse[]) => total(of, ({ cents }) => totalOf(cents));
  const code = uses.filter(({ product }) => product === "claude_code");
  const sums = {
    ...{ not_reporting: 0, price: 0, unexplained: 0, never_charged: 0, provisional: 0 },
    other_products: charged(uses) - charged(code),
    unmatched: charged(code.filter(({ actor }) => actor.type !== "user")),
    delay: total(early, ({ cost }) => cost) - total(reports, ({ cost }) => cost),
  };
  const gapTo = (gap: number) => {
    sums[isSettled ? (gap > 0 ? "unexplained" : "never_charged") : "provisional"] += gap;
  };
  for (const { actor } of company.people) {
    const own = code.filter((use) => use.actor.id === actor.id);
    const said = early.filter(({ user }) => user === actor.email);
    if (said.length === 0) {
      sums.not_reporting += charged(own);
    } else if (own.length === 0) {
      gapTo(-total(said, ({ cost }) => cost));
    } else {
      for (const model of new Set([...own, ...said].map((one) => one.model))) {
        const [ofBill, ofClient] = [
          own.filter((use) => use.model === model),
          said.filter((one) => one.model === model),
        ];
        const gap = tokenGap(ofBill, ofClient, model);
        sums.price += charged(ofBill) - total(ofClient, ({ cost }) => cost) - gap;
        gapTo(gap);
      }
    }
  }
  return sums;
}

function tokenGap(ofBill: readonly BilledUse[], ofClient: readonly ClientReport[], model: string): number {
  const [input, output, cacheRead, write5m, write1h] = byHand[model]!;
  const of = (type: keyof BilledUse["tokens"]) => total(ofBill, ({ tokens }) => tokens[type]);
  const [short, long] = [of("cacheWrite5m"), of("cacheWrite1h")];
  const write = short + long === 0 ? write5m : (short * write5m + long * write1h) / (short + long);
  const gaps = {
    input: of("uncachedInput"),
    output: of("output"),
    cacheRead: of("cacheRead"),
    cacheCreation: short + long,
  };
  const prices = { input, output, cacheRead, cacheCreation: write };
  const gap = (type: TokenType) => (gaps[type] - total(ofClient, ({ tokens }) => tokens[type])) * prices[type];
  // A USD per million tokens is 100 micro-cents per token.
  return Math.round(100 * total(tokenTypes, gap));
}

for (const [name, company] of [
  ["at list price", companyOf()],
  ["with a discount", companyOf({ seed: 2, discountPermille: 100 })],
  ["with late charges", companyOf({ seed: 3, lateShare: 0.3 })],
] as const) {
  describe(`a company ${name}`, () => {
    it("differs from its reports by what its reasons add up to, each day", () => {
      const days = byDay(company.differences);
      assert.equal(days.size, 31);
      for (const day of company.days) {
        const charged = billed(company).filter((use) => dayOf(use.hourMs) === day);
        const reported = metered(company).filter(({ timeMs }) => dayOf(timeMs) === day);
        const difference = total(charged, ({ cents }) => totalOf(cents)) - total(reported, ({ cost }) => cost);
        assert.equal(
          total(Object.values(days.get(day)!), (amount) => amount),
          difference,
          day,
        );
      }
    });

    it("has the reasons that the bill and the reports alone show", () => {
      for (const [day, reasons] of byDay(company.differences)) {
        assert.deepEqual(reconciled(company, day), reasons, day);
      }
    });

    it("has something of every reason", () => {
      const { price, ...others } = byReason(company.differences);
      const missing = Object.entries(others).filter(([, amount]) => amount === 0);
      assert.deepEqual(missing, []);
      assert.ok(others.never_charged < 0 && others.delay < 0 && others.unexplained > 0);
      assert.equal(price < 0, name === "with a discount");
    });
  });
}

describe("a company", () => {
  const company = companyOf({ discountPermille: 100, days: 14 });

  it("is charged nine tenths of the list price, tokens by the price list", () => {
    for (const use of company.uses) {
      const [input, output, cacheRead, write5m, write1h] = byHand[use.model]!;
      const { tokens } = use;
      const usd =
        (tokens.uncachedInput * input +
          tokens.output * output +
          tokens.cacheRead * cacheRead +
          tokens.cacheWrite5m * write5m +
          tokens.cacheWrite1h * write1h) /
          1e6 +
        use.webSearches * priceTable.webSearch;
      assert.equal(totalOf(use.listCents), Math.round(usd * 1e8));
      assert.equal(totalOf(use.cents) * 10, totalOf(use.listCents) * 9);
    }
  });

  it("has the same requests with another watermark", () => {
    const later = companyOf({ discountPermille: 100, days: 14, refreshedAtMs: company.refreshedAtMs + 10 * dayMs });
    assert.deepEqual(later.uses, company.uses);
    assert.deepEqual(later.reports, company.reports);
    const { delay, provisional } = byReason(later.differences);
    assert.deepEqual([delay, provisional], [0, 0]);
  });

  it("has late charges once they are there", () => {
    const late = (nowMs: number) => companyOf({ days: 14, lateShare: 0.3, nowMs, refreshedAtMs: lastMs });
    const lastMs = Date.parse("2026-10-20T00:00:00Z");
    const [early, whole] = [late(Date.parse("2026-10-14T00:00:00Z")), late(lastMs)];
    assert.deepEqual(early.uses, whole.uses);
    assert.deepEqual(whole.differences, companyOf({ days: 14, refreshedAtMs: lastMs }).differences);
    assert.ok(billed(early).length < billed(whole).length);
    assert.ok(byReason(early.differences).never_charged < byReason(whole.differences).never_charged);
  });

  it("has the bill's own names of models where it has any", () => {
    const dated = companyOf({ days: 14, billedModels: { "claude-opus-4-6": "claude-opus-4-6-20260205" } });
    const models = (of: readonly { readonly model: string }[]) => [...new Set(of.map(({ model }) => model))].sort();
    assert.ok(models(dated.uses).includes("claude-opus-4-6-20260205"));
    assert.ok(!models(dated.uses).includes("claude-opus-4-6") && models(dated.reports).includes("claude-opus-4-6"));
  });

  it("has other requests with another seed", () => {
    assert.notDeepEqual(companyOf({ seed: 3, days: 14 }).reports, company.reports);
  });

  it("has people who pay by seat, by use, and by both", () => {
    const billings = (habit: string) => {
      const { actor } = company.people.find((person) => person.habit === habit)!;
      return [...new Set(company.reports.filter(({ user }) => user === actor.email).map(({ billing }) => billing))];
    };
    assert.deepEqual(billings("seat"), ["seat"]);
    assert.deepEqual(billings("regular"), ["metered"]);
    assert.deepEqual(billings("seatAndMetered").sort(), ["metered", "seat"]);
    assert.deepEqual(billings("silent"), []);
  });
});
