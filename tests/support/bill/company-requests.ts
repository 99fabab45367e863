import type { Random } from "../../../synthetic/random";
import { priceTable, pricesByType } from "../../../telemetry/prices";
import {
  type Amounts,
  type BilledTokens,
  billedTokenTypes,
  type MicroCents,
  noTokens,
  microCentsPerUsd,
} from "./billed-use";

/** One request to a model, as it was; others than the two ends know nothing of it. */
export interface ModelRequest {
  readonly timeMs: number;
  readonly model: string;
  readonly tokens: BilledTokens;
  readonly webSearches: number;
  readonly isCharged: boolean;
  /** Kind of billing that the client reports it with; undefined if it does not report it. */
  readonly reportedAs: "metered" | "seat" | undefined;
}

/** A request with its price: at list price, and after the discount. */
export interface PricedRequest extends ModelRequest {
  readonly list: Amounts;
  readonly cents: Amounts;
}

/** Lifetimes of cache writes. A person keeps to one on a day, so that the bill and the reports have one mix. */
export type Lifetime = "5m" | "1h" | "both";

/** Models in use, each with prices of a model of its own. */
export const usedModels = ["claude-opus-5-5", "claude-sonnet-5-5", "claude-haiku-5-5", "claude-opus-4-6"] as const;

/** Counts of tokens are multiples of it, so that every amount is whole micro-cents, with discounts too. */
const tokenStep = 100;
/** Micro-cents for {@link tokenStep} tokens at one USD per million. */
const microCentsPerStep = 10_000;

export function tokensOf(random: Random, lifetime: Lifetime | undefined): BilledTokens {
  const write = tokenStep * random.integer(1, 400);
  return {
    uncachedInput: tokenStep * random.integer(1, 200),
    cacheRead: tokenStep * random.integer(0, 20_000),
    cacheWrite5m: lifetime === "5m" || lifetime === "both" ? write : 0,
    cacheWrite1h: lifetime === "1h" || lifetime === "both" ? write : 0,
    output: tokenStep * random.integer(1, 300),
  };
}

/** List price of a request, by its parts. */
export function listAmounts(model: string, tokens: BilledTokens, webSearches: number): Amounts {
  const row = priceTable.perMillionTokens[model as keyof typeof priceTable.perMillionTokens];
  const { input, output, cacheRead, cacheCreation } = pricesByType(row);
  const usd = {
    uncachedInput: input,
    cacheRead,
    cacheWrite5m: cacheCreation,
    cacheWrite1h: input * 2,
    output,
  };
  const amount = (type: keyof BilledTokens): MicroCents =>
    (tokens[type] / tokenStep) * Math.round(usd[type] * microCentsPerStep);
  return {
    ...noTokens,
    ...Object.fromEntries(billedTokenTypes.map((type) => [type, amount(type)])),
    webSearch: webSearches * Math.round(priceTable.webSearch * microCentsPerUsd),
  };
}

/** The amounts less a discount in thousandths. */
export function discounted(amounts: Amounts, permille: number): Amounts {
  const less = (amount: MicroCents) => {
    const rest = (amount * (1000 - permille)) / 1000;
    if (!Number.isSafeInteger(rest)) {
      throw new Error(`a discount of ${permille} thousandths on ${amount} micro-cents is no whole number`);
    }
    return rest;
  };
  return {
    uncachedInput: less(amounts.uncachedInput),
    cacheRead: less(amounts.cacheRead),
    cacheWrite5m: less(amounts.cacheWrite5m),
    cacheWrite1h: less(amounts.cacheWrite1h),
    output: less(amounts.output),
    webSearch: less(amounts.webSearch),
  };
}

export function pricedOf(request: ModelRequest, discountPermille: number): PricedRequest {
  const list = listAmounts(request.model, request.tokens, request.webSearches);
  return { ...request, list, cents: discounted(list, discountPermille) };
}
